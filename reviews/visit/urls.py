"""Doors of this stage."""

from django.urls import path

from reviews.visit import views

app_name = "visit"
urlpatterns = [
    path("reviews/<int:pk>/", views.of_review, name="of_review"),
]

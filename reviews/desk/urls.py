"""Doors of the desk."""

from django.urls import path

from reviews.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.workbench, name="workbench"),
    path("campaigns/<int:pk>/overview/", views.overview, name="overview"),
]

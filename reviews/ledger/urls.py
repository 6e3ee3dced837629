"""Doors of this stage."""

from django.urls import path

from reviews.ledger import views

app_name = "ledger"
urlpatterns = [
    path("", views.list_problems, name="list"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/claim/", views.claim, name="claim"),
    path("<int:pk>/progress/", views.progress, name="progress"),
    path("<int:pk>/closing/", views.ask_for_closing, name="request_closing"),
    path("<int:pk>/judge/", views.judge, name="judge"),
    path("<int:pk>/reopen/", views.reopen, name="reopen"),
    path("<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("<int:pk>/link/", views.link, name="link"),
    path("evidence/<int:pk>/", views.evidence, name="evidence"),
    path("reviews/<int:pk>/", views.of_review, name="of_review"),
    path("reviews/<int:pk>/add/", views.add, name="add"),
]

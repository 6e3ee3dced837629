"""Doors of the desk."""

from django.urls import path

from reviews.desk import reminder_views, views

app_name = "desk"
urlpatterns = [
    path("", views.workbench, name="workbench"),
    path("campaigns/<int:pk>/overview/", views.overview, name="overview"),
    path("campaigns/<int:pk>/reminders/", reminder_views.reminders, name="reminders"),
    path("campaigns/<int:pk>/reminders/choose/", reminder_views.choose, name="remind"),
    path("campaigns/<int:pk>/reminders/preview/", reminder_views.preview, name="remind_preview"),
    path("campaigns/<int:pk>/reminders/send/", reminder_views.send, name="remind_send"),
    path("reminders/<int:pk>/seen/", reminder_views.seen, name="reminder_seen"),
]

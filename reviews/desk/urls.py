"""Doors of the desk."""

from django.urls import path

from reviews.desk import history_views, reminder_views, views

app_name = "desk"
urlpatterns = [
    path("", views.workbench, name="workbench"),
    path("campaigns/<int:pk>/overview/", views.overview, name="overview"),
    path("campaigns/<int:pk>/reminders/", reminder_views.reminders, name="reminders"),
    path("campaigns/<int:pk>/reminders/choose/", reminder_views.choose, name="remind"),
    path("campaigns/<int:pk>/reminders/preview/", reminder_views.preview, name="remind_preview"),
    path("campaigns/<int:pk>/reminders/send/", reminder_views.send, name="remind_send"),
    path("history/", history_views.my_history, name="my_history"),
    path("history/people/<int:pk>/", history_views.person_history, name="person_history"),
    path("history/organizations/<int:pk>/", history_views.organization_history, name="organization_history"),
    path("reminders/<int:pk>/seen/", reminder_views.seen, name="reminder_seen"),
]

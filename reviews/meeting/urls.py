"""Doors of the meeting."""

from django.urls import path

from reviews.meeting import commenting, scripting, views

app_name = "meeting"
urlpatterns = [
    path("<int:pk>/", views.console, name="console"),
    path("<int:pk>/open/", views.open_meeting, name="open"),
    path("<int:pk>/floor/", views.floor_state, name="floor"),
    path("<int:pk>/order/", views.order, name="order"),
    path("<int:pk>/attendance/", views.attendance, name="attendance"),
    path("<int:pk>/chair/", views.chair, name="chair"),
    path("<int:pk>/end/", views.end, name="end"),
    path("<int:pk>/hall/", views.hall, name="hall"),
    path("<int:pk>/hall/state/", views.hall_state, name="hall_state"),
    path("<int:pk>/minutes/", views.minutes, name="minutes"),
    path("<int:pk>/prepare/", commenting.prepare, name="prepare"),
    path("<int:pk>/script/", scripting.script, name="script"),
    path("<int:pk>/script/save/", scripting.script_save, name="script_save"),
    path("turns/<int:pk>/", views.turn, name="turn"),
    path("reviews/<int:pk>/comment/", commenting.comment, name="comment"),
    path("reviews/<int:pk>/draft/", commenting.draft, name="draft"),
    path("points/", commenting.points, name="points"),
]

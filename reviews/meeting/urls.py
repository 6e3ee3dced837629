"""Doors of the meeting."""

from django.urls import path

from reviews.meeting import agenda_views, commenting, minuting, release_views, scripting, views

app_name = "meeting"
urlpatterns = [
    path("<int:pk>/", views.console, name="console"),
    path("<int:pk>/open/", views.open_meeting, name="open"),
    path("<int:pk>/floor/", views.floor_state, name="floor"),
    path("<int:pk>/agenda/", agenda_views.change, name="agenda"),
    path("<int:pk>/order/", views.order, name="order"),
    path("<int:pk>/attendance/", views.attendance, name="attendance"),
    path("<int:pk>/chair/", views.chair, name="chair"),
    path("<int:pk>/end/", views.end, name="end"),
    path("<int:pk>/hall/", views.hall, name="hall"),
    path("<int:pk>/hall/state/", views.hall_state, name="hall_state"),
    path("<int:pk>/minutes/", minuting.minutes, name="minutes"),
    path("<int:pk>/minutes/edit/", minuting.edit, name="minutes_edit"),
    path("<int:pk>/minutes/autosave/", minuting.autosave, name="minutes_autosave"),
    path("<int:pk>/minutes/sign/", minuting.sign, name="minutes_sign"),
    path("<int:pk>/minutes/reopen/", minuting.reopen, name="minutes_reopen"),
    path("<int:pk>/happening/", minuting.happening, name="happening"),
    path("<int:pk>/prepare/", commenting.prepare, name="prepare"),
    path("<int:pk>/script/", scripting.script, name="script"),
    path("<int:pk>/script/save/", scripting.script_save, name="script_save"),
    path("<int:pk>/comments/", release_views.comments, name="comments"),
    path("<int:pk>/comments/release/", release_views.release_all, name="release_all"),
    path("reviews/<int:pk>/release/", release_views.release, name="release"),
    path("reviews/<int:pk>/told/", release_views.told_me, name="told_me"),
    path("comments/<int:pk>/reword/", release_views.reword, name="reword"),
    path("comments/<int:pk>/withhold/", release_views.withhold, name="withhold"),
    path("points/<int:pk>/sort/", release_views.sort, name="sort"),
    path("turns/<int:pk>/", views.turn, name="turn"),
    path("reviews/<int:pk>/comment/", commenting.comment, name="comment"),
    path("reviews/<int:pk>/draft/", commenting.draft, name="draft"),
    path("points/", commenting.points, name="points"),
]

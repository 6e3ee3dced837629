"""Doors of the documents."""

from django.urls import path

from reviews.documents import feedback_views as feedback
from reviews.documents import views

app_name = "documents"
urlpatterns = [
    path("<int:pk>/", views.index, name="index"),
    path("<int:pk>/<slug:kind>/", views.make, name="make"),
    path("minutes/<int:pk>/", views.minutes, name="minutes"),
    path("visits/", views.visits, name="visits"),
    path("letter/<int:pk>/", views.own_letter, name="own_letter"),
    path("objection/<int:pk>/answer/", feedback.objection_answer, name="objection_answer"),
    path("consequence/<int:pk>/notice/", feedback.talk_notice, name="talk_notice"),
    path("consequence/<int:pk>/record/", feedback.talk_record, name="talk_record"),
    path("review/<int:pk>/why/", feedback.why, name="why"),
    path("batch/<int:pk>/paper/", views.paper_ballots, name="paper_ballots"),
    path("round/<int:pk>/tally/", views.tally_sheet, name="tally_sheet"),
]

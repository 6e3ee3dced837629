"""Doors of grading."""

from django.urls import path

from reviews.grade import views
from reviews.grade.feedback import views as feedback
from reviews.grade.why import views as why

app_name = "grade"
urlpatterns = [
    path("<int:pk>/", views.table, name="table"),
    path("<int:pk>/suggest/", views.suggest, name="suggest"),
    path("<int:pk>/propose/", views.propose, name="propose"),
    path("<int:pk>/approve/", views.approve, name="approve"),
    path("<int:pk>/package/", views.package, name="package"),
    path("<int:pk>/letters/", feedback.letters, name="letters"),
    path("review/<int:pk>/", why.why, name="why"),
    path("review/<int:pk>/draft/", views.draft, name="draft"),
    path("review/<int:pk>/fact/", views.add_fact, name="fact_add"),
    path("fact/<int:pk>/confirm/", views.confirm_fact, name="fact_confirm"),
    path("fact/<int:pk>/withdraw/", views.withdraw_fact, name="fact_withdraw"),
    path("review/<int:pk>/letter/", feedback.letter, name="letter"),
    path("review/<int:pk>/sign/", feedback.sign, name="sign"),
]

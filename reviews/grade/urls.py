"""Doors of grading."""

from django.urls import path

from reviews.grade import views

app_name = "grade"
urlpatterns = [
    path("<int:pk>/", views.table, name="table"),
    path("<int:pk>/suggest/", views.suggest, name="suggest"),
    path("<int:pk>/propose/", views.propose, name="propose"),
    path("<int:pk>/approve/", views.approve, name="approve"),
    path("<int:pk>/package/", views.package, name="package"),
    path("<int:pk>/letters/", views.letters, name="letters"),
    path("review/<int:pk>/", views.why, name="why"),
    path("review/<int:pk>/draft/", views.draft, name="draft"),
    path("review/<int:pk>/fact/", views.add_fact, name="fact_add"),
    path("fact/<int:pk>/confirm/", views.confirm_fact, name="fact_confirm"),
    path("fact/<int:pk>/withdraw/", views.withdraw_fact, name="fact_withdraw"),
    path("review/<int:pk>/letter/", views.letter, name="letter"),
    path("review/<int:pk>/sign/", views.sign, name="sign"),
]

"""Doors of grading."""

from django.urls import path

from reviews.grade import views
from reviews.grade.consequences import views as consequences
from reviews.grade.feedback import objection_views as objections
from reviews.grade.feedback import views as feedback
from reviews.grade.health import views as health
from reviews.grade.opinion import views as opinion
from reviews.grade.publishing import views as publishing
from reviews.grade.scores import views as scores
from reviews.grade.trial import views as trial
from reviews.grade.why import views as why

app_name = "grade"
urlpatterns = [
    path("<int:pk>/scores/", scores.scores, name="scores"),
    path("scores/<int:pk>/confirm/", scores.confirm, name="score_confirm"),
    path("scores/<int:pk>/withdraw/", scores.withdraw, name="score_withdraw"),
    path("<int:pk>/publish/", publishing.publish, name="publish"),
    path("<int:pk>/publish/withdraw/", publishing.withdraw, name="publish_withdraw"),
    path("<int:pk>/notice/", publishing.notice, name="notice"),
    path("fact/<int:pk>/paper/", views.fact_paper, name="fact_paper"),
    path("<int:pk>/", views.table, name="table"),
    path("<int:pk>/suggest/", views.suggest, name="suggest"),
    path("<int:pk>/propose/", views.propose, name="propose"),
    path("<int:pk>/approve/", views.approve, name="approve"),
    path("<int:pk>/trial/", trial.trial, name="trial"),
    path("<int:pk>/health/", health.health, name="health"),
    path("<int:pk>/package/", views.package, name="package"),
    path("<int:pk>/letters/", feedback.letters, name="letters"),
    path("<int:pk>/letters/preview/", feedback.letter_preview, name="letter_preview"),
    path("<int:pk>/objections/", objections.objections, name="objections"),
    path("<int:pk>/consequences/", consequences.register, name="consequences"),
    path("review/<int:pk>/", why.why, name="why"),
    path("review/<int:pk>/draft/", opinion.draft, name="draft"),
    path("review/<int:pk>/opinion/", opinion.opinion, name="opinion"),
    path("review/<int:pk>/fact/", views.add_fact, name="fact_add"),
    path("fact/<int:pk>/confirm/", views.confirm_fact, name="fact_confirm"),
    path("fact/<int:pk>/withdraw/", views.withdraw_fact, name="fact_withdraw"),
    path("review/<int:pk>/letter/", feedback.letter, name="letter"),
    path("review/<int:pk>/sign/", feedback.sign, name="sign"),
    path("review/<int:pk>/objection/", objections.objection, name="objection"),
    path("review/<int:pk>/objection/late/", objections.allow_late, name="allow_late"),
    path("objection/<int:pk>/", objections.handle, name="handle_objection"),
    path("objection/<int:pk>/withdraw/", objections.objection_withdraw, name="objection_withdraw"),
    path("objection/<int:pk>/sign/", objections.objection_sign, name="objection_sign"),
    path("objection/<int:pk>/acknowledge/", objections.acknowledge, name="objection_acknowledge"),
    path("objection/<int:pk>/review/", objections.review_objection, name="objection_review"),
    path("objection/<int:pk>/return/", objections.return_answer, name="objection_return"),
    path("objection/<int:pk>/approve/", objections.approve_answer, name="objection_approve"),
    path("consequence/<int:pk>/", consequences.consequence, name="consequence"),
    path("consequence/<int:pk>/assign/", consequences.assign, name="consequence_assign"),
    path("consequence/<int:pk>/proof/", consequences.hand_in, name="consequence_proof"),
    path("consequence/<int:pk>/file/", consequences.proof_file, name="consequence_file"),
    path("consequence/<int:pk>/talk/", consequences.plan_talk, name="consequence_talk"),
    path("consequence/<int:pk>/record/", consequences.record_talk, name="consequence_record"),
    path("consequence/<int:pk>/sign/", consequences.sign_talk, name="consequence_sign"),
    path("consequence/<int:pk>/settle/", consequences.settle, name="consequence_settle"),
]

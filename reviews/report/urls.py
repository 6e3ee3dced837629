"""Doors of this stage."""

from django.urls import path

from reviews.report import history, limiting, views
from reviews.report.beside import views as beside
from reviews.report.copying import views as copied
from reviews.report.publishing import views as publication_views
from reviews.report.vetting import remark_views, steering
from reviews.report.vetting import views as vetting
from reviews.report.word import downloading
from reviews.report.word import views as uploading

app_name = "report"
urlpatterns = [
    # The author writes at his review: the report is made by its first save.
    path("of/<int:pk>/write/", views.write, name="write"),
    path("of/<int:pk>/check/", views.check, name="check"),
    path("of/<int:pk>/autosave/", views.autosave, name="autosave"),
    path("of/<int:pk>/submit/", views.submit, name="submit"),
    path("of/<int:pk>/compose/", views.compose, name="compose"),
    # Beside the text, each on a page of its own: what is typed there never meets the form of the text.
    path("of/<int:pk>/answers/<int:problem>/", beside.answer, name="answer"),
    path("of/<int:pk>/items/", beside.items, name="items"),
    path("of/<int:pk>/items/<int:item>/", beside.anchor, name="anchor"),
    path("of/<int:pk>/attachments/", beside.attach, name="attach"),
    path("attachments/<int:pk>/", beside.attachment, name="attachment"),
    path("attachments/<int:pk>/remove/", beside.detach, name="detach"),
    path("of/<int:pk>/annex/", beside.annex, name="annex"),
    path("of/<int:pk>/upload/", uploading.upload, name="upload"),
    path("of/<int:pk>/take/", uploading.take, name="take"),
    path("<int:pk>/", views.read, name="read"),
    path("<int:pk>/docx/", downloading.docx, name="docx"),
    path("<int:pk>/versions/", history.versions, name="versions"),
    path("<int:pk>/versions/<int:number>/", history.version, name="version"),
    path("<int:pk>/versions/<int:number>/restore/", history.restore, name="restore"),
    path("<int:pk>/compare/", history.compare, name="compare"),
    path("<int:pk>/copied/", copied.copied, name="copied"),
    path("<int:pk>/vet/", vetting.vet, name="vet"),
    path("<int:pk>/remark/", remark_views.remark, name="remark"),
    path("<int:pk>/recall/", steering.recall, name="recall"),
    path("<int:pk>/reopen/", steering.reopen, name="reopen"),
    path("<int:pk>/publish/", publication_views.publish, name="publish"),
    path("remarks/<int:pk>/drop/", remark_views.drop, name="drop_remark"),
    path("remarks/<int:pk>/settle/", remark_views.settle, name="settle_remark"),
    path("remarks/<int:pk>/reply/", remark_views.reply, name="reply_remark"),
    path("campaigns/<int:pk>/limits/", limiting.limits, name="limits"),
    path("campaigns/<int:pk>/", vetting.vet_list, name="vet_list"),
    path("campaigns/<int:pk>/extensions/", steering.extensions, name="extend"),
    path("campaigns/<int:pk>/opinions/", steering.opinions, name="opinions"),
    path("campaigns/<int:pk>/publish/", publication_views.publish_campaign, name="publish_many"),
    path("extensions/<int:pk>/withdraw/", steering.end_extension, name="withdraw_extension"),
    path("published/", publication_views.published, name="published"),
    path("published/<int:pk>/", publication_views.publication, name="publication"),
    path("published/<int:pk>/withdraw/", publication_views.withdraw, name="withdraw_publication"),
]

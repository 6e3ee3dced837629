"""Doors of this stage."""

from django.urls import path

from reviews.report import beside, copied, history, uploading, vetting, views

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
    path("<int:pk>/versions/", history.versions, name="versions"),
    path("<int:pk>/versions/<int:number>/", history.version, name="version"),
    path("<int:pk>/versions/<int:number>/restore/", history.restore, name="restore"),
    path("<int:pk>/compare/", history.compare, name="compare"),
    path("<int:pk>/copied/", copied.copied, name="copied"),
    path("<int:pk>/vet/", vetting.vet, name="vet"),
    path("campaigns/<int:pk>/", vetting.vet_list, name="vet_list"),
]

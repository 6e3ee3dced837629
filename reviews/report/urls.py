"""Doors of this stage."""

from django.urls import path

from reviews.report import uploading, vetting, views

app_name = "report"
urlpatterns = [
    # The author writes at his review: the report is made by its first save.
    path("of/<int:pk>/write/", views.write, name="write"),
    path("of/<int:pk>/check/", views.check, name="check"),
    path("of/<int:pk>/autosave/", views.autosave, name="autosave"),
    path("of/<int:pk>/submit/", views.submit, name="submit"),
    path("of/<int:pk>/upload/", uploading.upload, name="upload"),
    path("of/<int:pk>/take/", uploading.take, name="take"),
    path("<int:pk>/", views.read, name="read"),
    path("<int:pk>/versions/", views.versions, name="versions"),
    path("<int:pk>/versions/<int:number>/", views.version, name="version"),
    path("<int:pk>/vet/", vetting.vet, name="vet"),
    path("campaigns/<int:pk>/", vetting.vet_list, name="vet_list"),
]

"""Doors of this stage."""

from django.urls import path

from reviews.visit import contact_views, views

app_name = "visit"
urlpatterns = [
    path("", views.list_records, name="list"),
    path("new/", views.write, name="write"),
    path("organizations/", views.organizations, name="organizations"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/change/", views.change, name="change"),
    path("<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("<int:pk>/share/", views.share, name="share"),
    path("<int:pk>/follow-up/", views.follow_up, name="follow_up"),
    path("<int:pk>/problem/", views.list_problem, name="list_problem"),
    path("photos/<int:pk>/", views.photo, name="photo"),
    path("photos/<int:pk>/small/", views.thumbnail, name="thumbnail"),
    path("reviews/<int:pk>/", views.of_review, name="of_review"),
    path("contacts/", contact_views.contacts, name="contacts"),
    path("contacts/set/", contact_views.set_one, name="set_contact"),
    path("contacts/import/", contact_views.import_table, name="import_contacts"),
    path("contacts/<int:pk>/remove/", contact_views.remove, name="remove_contact"),
]

"""Doors of the plan."""

from django.urls import path

from reviews.plan import policy_views, views

app_name = "plan"
urlpatterns = [
    path("", views.list_campaigns, name="list"),
    path("new/", views.create, name="create"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/content/", views.content, name="content"),
    path("<int:pk>/panels/", views.panels, name="panels"),
    path("<int:pk>/policy/", policy_views.policy, name="policy"),
    path("<int:pk>/policy/try/", policy_views.try_policy, name="policy_try"),
    path("<int:pk>/policy/versions/", policy_views.policy_versions, name="policy_versions"),
    path("<int:pk>/method/", policy_views.method, name="method"),
    path("<int:pk>/reviews/", views.reviews, name="reviews"),
    path("<int:pk>/reviews/pick/", views.pick, name="pick"),
    path("<int:pk>/reviews/arrange/", views.arrange, name="arrange"),
    path("reviews/<int:pk>/remove/", views.remove, name="remove"),
    path("<int:pk>/preview/", views.preview, name="preview"),
    path("<int:pk>/move/", views.move, name="move"),
]

"""Doors of the ground floor: login, tree, people, roles, trail, jobs."""

from django.urls import path  # noqa: F401

app_name = "organizations"
urlpatterns: list = []

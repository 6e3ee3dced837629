"""Doors of this stage."""

from django.urls import path  # noqa: F401

app_name = "plan"
urlpatterns: list = []

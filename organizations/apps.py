"""The ground floor as a Django app; its deployment checks are registered by importing them."""

from django.apps import AppConfig

from organizations import checks  # noqa: F401


class OrganizationsConfig(AppConfig):
    name = "organizations"
    verbose_name = "组织与人员"

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ScoringConfig(AppConfig):
    name = "scoring"
    verbose_name = "票箱与规则"

    def ready(self):
        autodiscover_modules("guards")  # they listen to migrations

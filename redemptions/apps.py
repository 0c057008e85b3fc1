from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RedemptionsConfig(AppConfig):
    name = "redemptions"
    verbose_name = _("Redemptions")

    def ready(self) -> None:
        import_module("redemptions.queries.gifts")
        import_module("redemptions.tasks")
        import_module("redemptions.usage.of_limits")

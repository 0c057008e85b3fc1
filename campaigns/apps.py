from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from loyalty_project.core import references


class CampaignsConfig(AppConfig):
    name = "campaigns"
    verbose_name = _("Campaigns")

    def ready(self) -> None:
        queries = import_module("campaigns.queries")
        for resource_type in ("products_collection", "segment"):
            references.register(resource_type, by="validation_rules", find=queries.rules_naming)
        limits = import_module("campaigns.queries.limit_use")
        references.register("segment", by="limits", find=limits.relaxing, say=limits.said)
        import_module("campaigns.subscribers")
        import_module("campaigns.tasks")

from importlib import import_module

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.db.models import CharField
from django.utils.translation import gettext_lazy as _

from loyalty_project.core import lookups


class CoreConfig(AppConfig):
    name = "loyalty_project.core"
    label = "core"
    verbose_name = _("Platform")
    default = True

    def ready(self) -> None:
        import_module("loyalty_project.core.tasks")
        CharField.register_lookup(lookups.Among)


class BackOfficeConfig(admin_apps.AdminConfig):
    """The stock admin with our site, so that every page asks which project it writes to."""

    default = False
    default_site = "loyalty_project.core.admin_site.WafaSite"

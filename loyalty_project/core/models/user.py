from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from loyalty_project.core.models.history import platform_history


class Calendar(models.TextChoices):
    GREGORIAN = "GREGORIAN", _("Gregorian")
    JALALI = "JALALI", _("Jalali (Persian)")


class User(AbstractUser):
    """A person. What they may do comes from their Membership in the active project."""

    language = models.CharField(
        _("language"),
        max_length=5,
        blank=True,
        choices=[("en", "English"), ("fa", "فارسی"), ("ar", "العربية"), ("tr", "Türkçe")],
        help_text=_("The language of the screens; empty follows the browser."),
    )
    calendar = models.CharField(
        _("calendar"),
        max_length=10,
        choices=Calendar.choices,
        default=Calendar.GREGORIAN,
        help_text=_("How dates are shown. They are always stored in UTC."),
    )
    timezone = models.CharField(
        _("time zone"),
        max_length=63,
        blank=True,
        help_text=_("For example Europe/Berlin; empty follows the project."),
    )
    whats_new_seen = models.CharField(max_length=20, blank=True, editable=False)

    history = platform_history(excluded_fields=["password", "last_login", "whats_new_seen"])

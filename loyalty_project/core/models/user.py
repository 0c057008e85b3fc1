from typing import ClassVar

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
    second_factor_at = models.DateTimeField(
        _("second factor since"), null=True, blank=True, editable=False
    )

    history = platform_history(excluded_fields=["password", "last_login", "whats_new_seen"])


class RecoveryCode(models.Model):
    """Signs in once where the app that makes one-time passwords is lost; kept as a hash."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "digest"], name="core_recoverycode_once")
        ]

    def __str__(self) -> str:
        return f"{self.user}"

from typing import ClassVar
from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from loyalty_project.core.models.base import PublicIdField
from loyalty_project.core.models.history import platform_history


class Currency(models.Model):
    """The only source of exponents: `exponent` as in ISO 4217, `display_digits` on screen."""

    code = models.CharField(_("code"), max_length=3, help_text=_("ISO 4217, e.g. EUR."))
    name = models.CharField(_("name"), max_length=60)
    exponent = models.PositiveSmallIntegerField(
        _("exponent"), help_text=_("Digits of the minor unit on the wire, e.g. 2 for cents.")
    )
    display_digits = models.PositiveSmallIntegerField(
        _("digits shown"), help_text=_("Digits after the point on screen.")
    )
    effective_from = models.DateField(
        _("effective from"), help_text=_("The first day on which this row counts.")
    )

    history = platform_history()

    class Meta:
        verbose_name = _("currency")
        verbose_name_plural = _("currencies")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["code", "effective_from"], name="core_currency_code_from"
            )
        ]

    def __str__(self) -> str:
        return self.code


def check_timezone(value: str) -> None:
    if value not in available_timezones():
        raise ValidationError(
            _("%(value)s is not a time zone. Use a name such as Europe/Berlin or Asia/Tehran."),
            params={"value": value},
        )


class WeekDay(models.IntegerChoices):
    """Days as the published API counts them."""

    SUNDAY = 0, _("Sunday")
    MONDAY = 1, _("Monday")
    TUESDAY = 2, _("Tuesday")
    WEDNESDAY = 3, _("Wednesday")
    THURSDAY = 4, _("Thursday")
    FRIDAY = 5, _("Friday")
    SATURDAY = 6, _("Saturday")


class SecondFactor(models.TextChoices):
    """Whom a project lets in with a password alone."""

    OPTIONAL = "OPTIONAL", _("Nobody has to; everybody may")
    PRIVILEGED = "PRIVILEGED", _("Who may change members, keys or the project")
    EVERYONE = "EVERYONE", _("Everybody")


class Project(models.Model):
    """A tenant: one shop, country or brand. Everything else belongs to exactly one."""

    public_id = PublicIdField("proj_")
    name = models.CharField(_("name"), max_length=120, help_text=_("Shown in the switcher."))
    slug = models.SlugField(
        _("short name"), unique=True, help_text=_("Used by the command line; letters and dashes.")
    )
    description = models.TextField(_("description"), blank=True, help_text=_("For your team only."))
    currency = models.CharField(
        _("currency"), max_length=3, default="EUR", help_text=_("ISO 4217 code of all amounts.")
    )
    timezone = models.CharField(
        _("time zone"),
        max_length=63,
        default="UTC",
        validators=[check_timezone],
        help_text=_("Days, hours and weeks of campaigns follow it, e.g. Asia/Tehran."),
    )
    locale = models.CharField(
        _("locale"), max_length=5, default="en", help_text=_("Default language of texts.")
    )
    dial_code = models.CharField(
        _("dial code"), max_length=6, blank=True, help_text=_("Of phone numbers without one.")
    )
    case_sensitive_codes = models.BooleanField(
        _("codes are case sensitive"),
        default=True,
        help_text=_("Fixed when the project is made: abc and ABC are then two codes."),
    )
    week_start = models.PositiveSmallIntegerField(
        _("week begins on"),
        choices=WeekDay.choices,
        default=WeekDay.MONDAY,
        help_text=_("Limits per week count from this day."),
    )
    prices_include_tax = models.BooleanField(
        _("prices include tax"),
        default=True,
        help_text=_("What the amounts that your shop sends are; discounts are taken off as sent."),
    )
    is_sandbox = models.BooleanField(
        _("sandbox"), default=False, help_text=_("For trying things; shown in the frame.")
    )
    client_trusted_domains = models.JSONField(
        _("trusted domains"),
        default=list,
        blank=True,
        help_text=_('Origins that may use client keys, e.g. ["https://shop.example"].'),
    )
    client_options = models.JSONField(
        _("client-side switches"),
        default=dict,
        blank=True,
        help_text=_("Which writes client keys may do; all off by default."),
    )
    notification_options = models.JSONField(default=dict, blank=True, editable=False)
    default_code_config = models.JSONField(
        _("default code format"),
        default=dict,
        blank=True,
        help_text=_("Length, charset, pattern, prefix and postfix of new codes."),
    )
    second_factor = models.CharField(
        _("second factor"),
        max_length=10,
        choices=SecondFactor.choices,
        default=SecondFactor.OPTIONAL,
        help_text=_("Who needs the one-time password of an app, besides their password, here."),
    )
    version = models.PositiveBigIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    history = platform_history(excluded_fields=["version"])
    carries_a_change = False  # the version of this very instance may not be committed yet

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's role in a project. `user.groups` stays empty."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="memberships",
        verbose_name=_("person"),
        help_text=_("Who gets the role."),
    )
    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("project")
    )
    group = models.ForeignKey(
        "auth.Group",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("role"),
        help_text=_("What the person may do in this project."),
    )
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    history = platform_history()

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "project"], name="core_membership_once")
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.group}"

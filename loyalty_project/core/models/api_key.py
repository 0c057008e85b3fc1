"""Credentials of machines. Secrets are stored as SHA-256 of 32 random bytes and shown once."""

import hashlib
import hmac
import secrets
import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from loyalty_project.core.models.base import ProjectOwned
from loyalty_project.core.models.history import platform_history, project_history


def new_secret() -> str:
    return str(uuid.UUID(bytes=secrets.token_bytes(16))) + secrets.token_urlsafe(16)


def new_app_id() -> str:
    return str(uuid.uuid4())


def hash_secret(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


class KeyRole(models.TextChoices):
    """The published roles of keys."""

    ADMIN = "ADMIN", _("Admin: everything")
    USER = "USER", _("User: all business endpoints")
    VIEWER = "VIEWER", _("Viewer: reading and exports")
    MERCHANT = "MERCHANT", _("Merchant: validate and redeem single codes")


class ApiKey(ProjectOwned):
    """A server or client key of a project."""

    name = models.CharField(
        _("name"), max_length=120, help_text=_("Which shop, app or partner uses it.")
    )
    app_id = models.CharField(
        _("application id"), max_length=48, unique=True, default=new_app_id, editable=False
    )
    secret_hash = models.CharField(max_length=64, editable=False)
    secret_hint = models.CharField(_("ends in"), max_length=4, editable=False)
    is_client = models.BooleanField(
        _("client-side"),
        default=False,
        help_text=_("For browsers and apps: few endpoints, only from trusted origins."),
    )
    role = models.CharField(
        _("role"),
        max_length=10,
        choices=KeyRole.choices,
        default=KeyRole.ADMIN,
        help_text=_("What calls with this key may do."),
    )
    scopes = models.JSONField(
        _("resources"),
        default=list,
        blank=True,
        help_text=_('Only these resources, e.g. ["vouchers", "redemptions"]; empty allows all.'),
    )
    allowed_ips = models.JSONField(
        _("allowed addresses"),
        default=list,
        blank=True,
        help_text=_('Addresses or networks, e.g. ["203.0.113.0/24"]; empty allows any.'),
    )
    origins = models.JSONField(
        _("origins"),
        default=list,
        blank=True,
        help_text=_("For client keys, beside the trusted domains of the project."),
    )
    rate_limit = models.PositiveIntegerField(
        _("calls per minute"), default=2000, help_text=_("Above this, calls get 429.")
    )
    expires_at = models.DateTimeField(
        _("expires"), null=True, blank=True, help_text=_("Empty: never.")
    )
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True, editable=False)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)

    history = project_history(excluded_fields=["secret_hash", "last_used_at"])

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")

    def __str__(self) -> str:
        return self.name

    def matches(self, secret: str) -> bool:
        return hmac.compare_digest(self.secret_hash, hash_secret(secret))


class ManagementKey(models.Model):
    """A key of the whole installation, for `/management/v1` only."""

    name = models.CharField(_("name"), max_length=120, help_text=_("Who uses it."))
    management_id = models.CharField(
        _("management id"), max_length=48, unique=True, default=new_app_id, editable=False
    )
    secret_hash = models.CharField(max_length=64, editable=False)
    secret_hint = models.CharField(_("ends in"), max_length=4, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    history = platform_history(excluded_fields=["secret_hash"])

    class Meta:
        verbose_name = _("management key")
        verbose_name_plural = _("management keys")

    def __str__(self) -> str:
        return self.name

    def matches(self, secret: str) -> bool:
        return hmac.compare_digest(self.secret_hash, hash_secret(secret))


class OAuthToken(ProjectOwned):
    """A bearer token of 15 minutes with the rights of its key, narrowed to `scopes`."""

    api_key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="tokens")
    token_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    expires_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["expires_at"], name="core_oauthtoken_expiry")]

    def __str__(self) -> str:
        return f"…{self.token_hash[-4:]}"

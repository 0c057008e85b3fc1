"""OAuth tokens: fifteen minutes, the rights of the issuing key, narrowed to scopes."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from loyalty_project.core.errors import Invalid, Limited, NotFound
from loyalty_project.core.models import ApiKey, OAuthToken, Project
from loyalty_project.core.models.api_key import hash_secret

LIFETIME = timedelta(minutes=15)
MAX_LIVE = 1000


class InvalidGrantType(Invalid):
    key = "invalid_grant_type"
    message = "Invalid grant_type"


class InvalidScope(Invalid):
    key = "invalid_scope"
    message = "Invalid scope"


class MissingParameters(Invalid):
    key = "missing_parameters"
    message = "Missing parameters"


@dataclass(frozen=True, slots=True)
class Issued:
    row: OAuthToken
    token: str


def issue(
    *, project: Project, api_key: ApiKey, grant_type: str, scope: str, at: datetime
) -> Issued:
    """Make a token for space-separated scopes. Raises the published errors of OAuth."""
    if not grant_type or not scope.strip():
        raise MissingParameters
    if grant_type != "client_credentials":
        raise InvalidGrantType
    wanted = list(dict.fromkeys(scope.split()))
    known = set(import_string(settings.WAFA_API_RESOURCES))
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise InvalidScope(message=f"Invalid scope: {','.join(unknown)}")
    if OAuthToken.objects.filter(project=project, expires_at__gt=at).count() >= MAX_LIVE:
        raise Limited(f"A project may have {MAX_LIVE} live tokens", extra={"retry_after": 60})
    token = secrets.token_urlsafe(36)
    with transaction.atomic():
        row = OAuthToken.objects.create(
            project=project,
            api_key=api_key,
            token_hash=hash_secret(token),
            scopes=wanted,
            expires_at=at + LIFETIME,
        )
    return Issued(row, token)


def find(*, project: Project, token: str, at: datetime) -> OAuthToken | None:
    """The live token of the project, or None."""
    return (
        OAuthToken.objects.select_related("api_key")
        .filter(
            project=project,
            token_hash=hash_secret(token),
            expires_at__gt=at,
            api_key__revoked_at=None,
        )
        .first()
    )


def revoke(*, project: Project, token: str, at: datetime) -> None:
    """End a token now. Raises NotFound for an unknown or expired one."""
    row = find(project=project, token=token, at=at)
    if row is None:
        raise NotFound.of("token", token[:4])
    with transaction.atomic():
        row.delete()

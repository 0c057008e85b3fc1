"""Which key a request carries, and the project that follows from it. Interfaces only raise."""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from loyalty_project.core import tenancy
from loyalty_project.core.errors import Denied, Unauthenticated
from loyalty_project.core.models import ApiKey, ManagementKey, OAuthToken
from loyalty_project.core.models.api_key import hash_secret
from loyalty_project.core.models.project import Project


@dataclass(frozen=True, slots=True)
class Credential:
    """A recognized key. `scopes` are the token's if it came `by_token`, else the key's own.

    Empty scopes of a key mean all resources. A token never widens what its key may do.
    """

    api_key: ApiKey | None = None
    management_key: ManagementKey | None = None
    project: Project | None = None
    scopes: tuple[str, ...] = ()
    is_client: bool = False
    by_token: bool = False

    @property
    def is_authenticated(self) -> bool:
        return True

    @property
    def identity(self) -> str:
        """What rate limits count by."""
        if self.api_key is not None:
            return f"key:{self.api_key.pk}"
        return f"management:{self.management_key.pk if self.management_key else 0}"


def resolve(request: HttpRequest, *, ip: str | None, at: datetime) -> Credential:
    """The credential of `request`. Raises Unauthenticated, or Denied for a wrong address."""
    with tenancy.all_projects():
        if request.path_info.startswith("/management/"):
            return _management(request)
        bearer = request.headers.get("Authorization", "")
        is_client = request.path_info.startswith("/client/")
        if bearer.startswith("Bearer "):
            token = bearer.removeprefix("Bearer ").strip()
            return _bearer(token, ip=ip, at=at, is_client=is_client)
        return (_client if is_client else _server)(request, ip=ip, at=at)


def note_use(key: ApiKey, *, at: datetime) -> None:
    """Remember when the key was last used; no change that history would tell of."""
    with tenancy.all_projects():
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=at)


def _management(request: HttpRequest) -> Credential:
    key = ManagementKey.objects.filter(
        management_id=_id(request, "X-Management-Id"), revoked_at=None
    ).first()
    if key is None or not key.matches(request.headers.get("X-Management-Token", "")):
        raise Unauthenticated
    return Credential(management_key=key)


def _server(request: HttpRequest, *, ip: str | None, at: datetime) -> Credential:
    key = _key(_id(request, "X-App-Id"), at=at, is_client=False)
    if key is None or not key.matches(request.headers.get("X-App-Token", "")):
        raise Unauthenticated
    _check_ip(key, ip)
    return Credential(api_key=key, project=key.project, scopes=tuple(key.scopes))


def _bearer(token: str, *, ip: str | None, at: datetime, is_client: bool) -> Credential:
    found = (
        OAuthToken.objects.select_related("api_key__project")
        .filter(token_hash=hash_secret(token), expires_at__gt=at, api_key__revoked_at=None)
        .first()
    )
    if found is None or _expired(found.api_key, at):
        raise Unauthenticated
    _check_ip(found.api_key, ip)
    key: ApiKey = found.api_key
    return Credential(
        api_key=key,
        project=key.project,
        scopes=tuple(found.scopes),
        is_client=is_client,
        by_token=True,
    )


def _client(request: HttpRequest, *, ip: str | None, at: datetime) -> Credential:
    key = _key(_id(request, "X-Client-Application-Id"), at=at, is_client=True)
    if key is None or not key.matches(request.headers.get("X-Client-Token", "")):
        raise Unauthenticated
    _check_ip(key, ip)
    trusted = {*key.project.client_trusted_domains, *key.origins}
    if "*" not in trusted and request.headers.get("Origin", "") not in trusted:
        raise Unauthenticated("The origin of the request is not one of the trusted domains.")
    return Credential(api_key=key, project=key.project, scopes=tuple(key.scopes), is_client=True)


def _id(request: HttpRequest, header: str) -> str:
    """The id in a header; empty where it is nothing that an id can be."""
    text = request.headers.get(header, "")
    return text if text.isascii() and text.isprintable() else ""


def _key(app_id: str, *, at: datetime, is_client: bool) -> ApiKey | None:
    key: ApiKey | None = (
        ApiKey.objects.select_related("project")
        .filter(app_id=app_id, is_client=is_client, revoked_at=None)
        .first()
    )
    return None if key is None or _expired(key, at) else key


def _expired(key: ApiKey, at: datetime) -> bool:
    return key.expires_at is not None and key.expires_at <= at


def _check_ip(key: ApiKey, ip: str | None) -> None:
    if key.allowed_ips and not _inside(ip, key.allowed_ips):
        raise Denied("The address of the request is not allowed for this key.", key="forbidden")


def _inside(ip: str | None, networks: Iterable[str]) -> bool:
    if ip is None:
        return False
    address = ipaddress.ip_address(ip)
    return any(address in ipaddress.ip_network(network, strict=False) for network in networks)

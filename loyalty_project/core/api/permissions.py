"""What the role and the scopes of a key allow, by resource, method and action."""

from typing import Any

from rest_framework.permissions import SAFE_METHODS, BasePermission

from loyalty_project.core.credentials import Credential
from loyalty_project.core.errors import Denied
from loyalty_project.core.models import KeyRole


class KeyPermission(BasePermission):
    """The published matrix of roles, narrowed by the scopes of the key and of its token.

    A view names its `resource`; `viewer_may` and `merchant_may` are the actions that these roles
    may call beside reading; `any_role` are actions of client keys, whose role counts for nothing
    there while their scopes do. Raises Denied with the name of the missing permission.
    """

    def has_permission(self, request: Any, view: Any) -> bool:
        credential: Credential = request.auth
        action = getattr(view, "action", None) or (request.method or "").lower()
        if credential.api_key is None or view.resource is None:
            return True
        permission = f"{view.resource}.{action}"
        if not _in_scope(credential, view.resource):
            raise Denied(f"The scopes of the key do not include {view.resource} ({permission}).")
        by_client = credential.api_key.is_client and action in view.any_role
        if not by_client and not _by_role(credential.api_key.role, request, view, action):
            raise Denied(f"The role of the key misses the permission {permission}.")
        return True


def _in_scope(credential: Credential, resource: str) -> bool:
    everything = "client_api" if resource.startswith("client_") else "api"
    own = credential.api_key.scopes if credential.api_key else []
    if own and not {resource, everything} & set(own):
        return False
    if not credential.by_token:
        return True
    return bool({resource, everything} & set(credential.scopes))


def _by_role(role: str, request: Any, view: Any, action: str) -> bool:
    reads = request.method in SAFE_METHODS and action not in view.writes_by_get
    if reads or role in {KeyRole.ADMIN, KeyRole.USER}:
        return True
    if role == KeyRole.VIEWER:
        return action in view.viewer_may
    return role == KeyRole.MERCHANT and action in view.merchant_may

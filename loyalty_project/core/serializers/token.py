from datetime import datetime
from typing import Literal, NotRequired, TypedDict

from loyalty_project.core.models import OAuthToken


class TokenJson(TypedDict):
    """An OAuth token."""

    access_token: str
    client_id: str
    expires_at: int
    expires_in: int
    scope: str
    token_type: Literal["Bearer"]


class TokenIntrospectionJson(TypedDict):
    """A token that is asked about; only `active` where it is unknown or over."""

    active: bool
    access_token: NotRequired[str]
    client_id: NotRequired[str]
    expires_at: NotRequired[int]
    expires_in: NotRequired[int]
    scope: NotRequired[str]
    token_type: NotRequired[Literal["Bearer"]]


def token_json(row: OAuthToken, token: str, *, at: datetime) -> TokenJson:
    """`expires_at` in seconds since 1970, `expires_in` in seconds from now."""
    return {
        "access_token": token,
        "client_id": row.api_key.app_id,
        "expires_at": int(row.expires_at.timestamp()),
        "expires_in": max(0, round((row.expires_at - at).total_seconds())),
        "scope": " ".join(row.scopes),
        "token_type": "Bearer",
    }


def introspection_json(
    row: OAuthToken | None, token: str, *, at: datetime
) -> TokenIntrospectionJson:
    if row is None:
        return {"active": False}
    return {**token_json(row, token, at=at), "active": True}

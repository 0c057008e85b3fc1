"""Hands the credential that ProjectMiddleware found to Django REST framework."""

from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from loyalty_project.core import credentials
from loyalty_project.core.errors import Unauthenticated


class Credential(BaseAuthentication):
    """Returns the key of the request, or raises why there is none."""

    def authenticate(
        self, request: Request
    ) -> tuple[credentials.Credential, credentials.Credential]:
        error = getattr(request, "credential_error", None)
        if error is not None:
            raise error
        found: credentials.Credential | None = getattr(request, "credential", None)
        if found is None:
            raise Unauthenticated
        return found, found

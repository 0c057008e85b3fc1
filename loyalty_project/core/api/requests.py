"""The request as views see it: with the key that made it and the project that it is about."""

from typing import Any

from rest_framework.request import Request

from loyalty_project.core.credentials import Credential
from loyalty_project.core.models import Project


class ApiRequest(Request):
    """`project` is that of the key, or of the URL below `/management/v1/projects/{id}`."""

    _request: Any

    @property
    def project(self) -> Project | None:
        found: Project | None = self._request.project
        return found

    @project.setter
    def project(self, found: Project | None) -> None:
        self._request.project = found

    @property
    def made_by(self) -> Credential:
        """The key of the request. Raises the published 401 or 429 where there is none."""
        found: Any = self.auth
        return found

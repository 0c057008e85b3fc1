"""Every route of the API with its methods, read from the URL configuration."""

import re
from dataclasses import dataclass
from typing import Any

from loyalty_project import urls

_PARAMETER = re.compile(r"<raw:(\w+)>")


@dataclass(frozen=True)
class Route:
    """`path` has its parameters in braces: `/v1/vouchers/{code}`."""

    method: str
    path: str
    view: Any
    action: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def parameters(self) -> list[str]:
        return re.findall(r"{(\w+)}", self.path)

    def filled(self, values: dict[str, str]) -> str:
        return self.path.format(**{name: values[name] for name in self.parameters})


def every(*prefixes: str) -> list[Route]:
    """The routes below these prefixes, e.g. `/v1`; all of them without any."""
    parts = {"/v1": urls.v1, "/client/v1": urls.client_v1, "/management/v1": urls.management}
    return [
        Route(method.upper(), f"{prefix}/{_braces(route)}", route.callback.cls, action)
        for prefix, routes in parts.items()
        if not prefixes or prefix in prefixes
        for route in routes
        for method, action in sorted(route.callback.actions.items())
        if method != "head"  # added by the framework to a view that was called before
    ]


def _braces(route: Any) -> str:
    return _PARAMETER.sub(r"{\1}", str(route.pattern))

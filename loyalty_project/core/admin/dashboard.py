"""The cards of the first page. `settings.WAFA_DASHBOARD` names the function that makes them.

It is called as `dashboard(request)` in the scope of the chosen project and returns cards; values
are display strings (see `display`), so that a card knows neither money nor calendars.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from loyalty_project.core import access
from loyalty_project.core.models import AsyncAction, AsyncActionStatus

Text = str | Promise
WIDTH, HEIGHT = 640, 200
TOP, BOTTOM, START, END = 12, 24, 56, 12
OPEN = (AsyncActionStatus.ENQUEUED, AsyncActionStatus.IN_PROGRESS)


@dataclass(frozen=True, slots=True)
class Figure:
    """One number. `trend` is a change in percent against the time before, None where unknown."""

    label: Text
    value: Any
    hint: Text = ""
    trend: float | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    figures: Sequence[Figure]
    template: str = "admin/dashboard/figures.html"


@dataclass(frozen=True, slots=True)
class Series:
    """At most five per chart. `points` are (label on the axis, number)."""

    label: Text
    points: Sequence[tuple[Text, float]]


@dataclass(frozen=True, slots=True)
class LineChart:
    """`unit` turns a number into what the axis and the table say."""

    title: Text
    series: Sequence[Series]
    unit: Callable[[float], Any] = str
    template: str = "admin/dashboard/chart.html"

    @property
    def highest(self) -> float:
        return max((value for line in self.series for _label, value in line.points), default=0) or 1

    @property
    def lines(self) -> list[dict[str, Any]]:
        """`{label, number, path, end}` per series, in the coordinates of the drawing."""
        return [
            {
                "label": line.label,
                "number": number,
                "path": " ".join(f"{x:.1f},{y:.1f}" for x, y in self._places(line)),
                "end": _pair(self._places(line)),
            }
            for number, line in enumerate(self.series, start=1)
        ]

    def _places(self, line: Series) -> list[tuple[float, float]]:
        steps = max(1, len(line.points) - 1)
        across, down = WIDTH - START - END, HEIGHT - TOP - BOTTOM
        return [
            (START + across * index / steps, TOP + down * (1 - value / self.highest))
            for index, (_label, value) in enumerate(line.points)
        ]

    @property
    def rules(self) -> list[dict[str, Any]]:
        """Three horizontal lines with their values."""
        down = HEIGHT - TOP - BOTTOM
        return [
            {"y": f"{TOP + down * (1 - share):.1f}", "text": self.unit(self.highest * share)}
            for share in (0, 0.5, 1)
        ]

    @property
    def marks(self) -> list[dict[str, Any]]:
        """First, middle and last label of the axis."""
        points = self.series[0].points if self.series else []
        if not points:
            return []
        places = self._places(self.series[0])
        middle, last = len(points) // 2, len(points) - 1
        anchors = {0: "start", middle: "middle", last: "end"}
        return [
            {"x": f"{places[index][0]:.1f}", "text": points[index][0], "anchor": anchor}
            for index, anchor in sorted(anchors.items())
        ]

    @property
    def rows(self) -> list[list[Any]]:
        """The same as a table, for people who cannot see the drawing."""
        labels = [label for label, _value in self.series[0].points] if self.series else []
        columns = [[self.unit(value) for _label, value in line.points] for line in self.series]
        return [[label, *cells] for label, *cells in zip(labels, *columns, strict=True)]


def _pair(places: Sequence[tuple[float, float]]) -> dict[str, str]:
    x, y = places[-1] if places else (START, HEIGHT - BOTTOM)
    return {"x": f"{x:.1f}", "y": f"{y:.1f}"}


@dataclass(frozen=True, slots=True)
class Table:
    title: Text
    headers: Sequence[Text]
    rows: Sequence[Sequence[Any]]
    url: str = ""
    empty: Text = ""
    template: str = "admin/dashboard/table.html"


Card = Figures | LineChart | Table


def cards(request: HttpRequest) -> list[Card]:
    """What the installation's dashboard function says; nothing without one or without a project."""
    source = getattr(settings, "WAFA_DASHBOARD", "")
    if not source or getattr(request, "project", None) is None:
        return []
    made: Iterable[Card] = import_string(source)(request)
    return list(made)


def open_tasks(request: HttpRequest) -> list[AsyncAction]:
    """Work under way that this person may watch."""
    if getattr(request, "project", None) is None:
        return []
    if not access.can(request.user, "view", AsyncAction):
        return []
    return list(AsyncAction.objects.filter(status__in=OPEN).order_by("-created_at")[:5])

"""The project of the work at hand. Only core opens or closes the scope (import contract)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import django_scopes
from django_scopes.state import get_scope

if TYPE_CHECKING:
    from loyalty_project.core.models import Project


class NoProject(RuntimeError):
    """Code that needs a project ran outside of one: a programming error, never user input."""


@contextmanager
def scope(project: "Project") -> Iterator["Project"]:
    """Every query on a tenant model inside the block sees the rows of `project` only."""
    with django_scopes.scope(project=project):
        yield project


@contextmanager
def all_projects() -> Iterator[None]:
    """For platform work across projects (dispatcher, sweeps, commands); never for a request."""
    with django_scopes.scopes_disabled():
        yield


def current_project() -> "Project":
    """The project of the open scope. Raises NoProject outside of one."""
    project = active_project()
    if project is None:
        raise NoProject
    return project


def active_project() -> "Project | None":
    """As `current_project`, but None outside of a scope."""
    found: Project | None = get_scope().get("project")
    return found

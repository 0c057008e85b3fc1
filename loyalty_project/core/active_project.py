"""The project that a person works in: chosen in the switcher, kept in the session."""

from typing import Any

from django.http import HttpRequest

from loyalty_project.core.models import Project

SESSION_KEY = "project"


def choices(user: Any) -> list[Project]:
    """The projects that `user` may enter, by name; all of them for a superuser."""
    projects = Project.objects.order_by("name", "pk")
    if not user.is_superuser:
        projects = projects.filter(memberships__user=user)
    return list(projects)


def of_request(request: HttpRequest) -> Project | None:
    """The chosen project if the person may still enter it, else their first, else None.

    A form posted from a tab of another project names that project in `_project`; it wins, if the
    person may enter it, so that two tabs cannot write into each other's project.
    """
    wanted: str = request.session.get(SESSION_KEY, "")
    if request.method == "POST" and request.POST.get("_project"):
        wanted = request.POST["_project"]
    allowed = choices(request.user)
    by_id = {project.public_id: project for project in allowed}
    return by_id.get(wanted) or (allowed[0] if allowed else None)


def choose(request: HttpRequest, public_id: str) -> bool:
    """Switch the session to a project; False where the person may not enter it."""
    if public_id not in {project.public_id for project in choices(request.user)}:
        return False
    request.session[SESSION_KEY] = public_id
    return True

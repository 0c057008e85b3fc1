"""Projects: made by people above all projects, changed and deleted by them."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Model
from django.utils.text import slugify
from psycopg import sql

from loyalty_project.core import codes, currencies, locks, tenancy
from loyalty_project.core.errors import Conflict, Invalid, NotFound
from loyalty_project.core.models import Project, new_id
from loyalty_project.core.models.history import AuditFacts, ScopedAuditFacts
from loyalty_project.core.services import members

WRITABLE = frozenset(
    {
        "name",
        "description",
        "currency",
        "timezone",
        "locale",
        "dial_code",
        "week_start",
        "prices_include_tax",
        "client_trusted_domains",
        "client_options",
        "notification_options",
        "default_code_config",
        "second_factor",
    }
)
_later: ContextVar[dict[int, Project] | None] = ContextVar("projects_to_bump", default=None)


class SlugTaken(Conflict):
    message = "Duplicated resource found"


def find(*, public_id: str) -> Project:
    """The project of a public id. Raises NotFound."""
    project = Project.objects.filter(public_id=public_id).first()
    if project is None:
        raise NotFound.of("project", public_id)
    return project


def create(
    *,
    name: str,
    at: datetime,
    slug: str = "",
    case_sensitive_codes: bool = True,
    is_sandbox: bool = False,
    users: Sequence[Mapping[str, Any]] = (),
    **values: Any,
) -> Project:
    """Make a project; `users` are `{"login" or "id", "role"}`. Raises Invalid or SlugTaken."""
    with transaction.atomic():
        project = Project(
            name=name,
            slug=slug or _free_slug(name),
            case_sensitive_codes=case_sensitive_codes,
            is_sandbox=is_sandbox,
            **_known(values),
        )
        if Project.objects.filter(slug=project.slug).exists():
            raise SlugTaken(f"Duplicated project exists with slug {project.slug}")
        _check(project, at=at)
        project.save()
        for user in users:
            members.assign(project=project, **user)
    return project


def update(*, project: Project, at: datetime, **values: Any) -> Project:
    """Change settings; what is absent stays. `client_options` is merged switch by switch."""
    with transaction.atomic():
        project = Project.objects.select_for_update().get(pk=project.pk)
        changed = _known(values)
        for name in ("client_options", "notification_options"):
            if name in changed:
                changed[name] = {**getattr(project, name), **changed[name]}
        for name, value in changed.items():
            setattr(project, name, value)
        _check(project, at=at)
        project.version += 1
        project.carries_a_change = True
        project.save()
    return project


def bump_version(*, project: Project) -> None:
    """Tell caches that configuration of the project changed, in the caller's transaction.

    Raises errors.Busy.
    """
    project.carries_a_change = True
    later = _later.get()
    if later is not None:
        later[project.pk] = project
        return
    with locks.waiting(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE core_project SET version = version + 1 WHERE id = %s RETURNING version",
            [project.pk],
        )
        project.version = cursor.fetchone()[0]


@contextmanager
def bumping_once() -> Iterator[None]:
    """Many changes in one transaction: the hot rows of the projects are written behind them."""
    later: dict[int, Project] = {}
    token = _later.set(later)
    try:
        yield
    finally:
        _later.reset(token)
    for project in later.values():
        bump_version(project=project)


def delete(*, project: Project) -> None:
    """Delete the project and every row of it, for good; the history of projects itself stays.

    Foreign keys are checked at COMMIT, so the tables need no order.
    """
    with transaction.atomic(), tenancy.all_projects(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL wafa.erase = 'on'")
        for statement in _deletes():
            cursor.execute(statement, [project.pk])
        project.delete()
        cursor.execute("SET LOCAL wafa.erase = 'off'")


def _deletes() -> list[sql.Composed]:
    """One statement per table of tenants, tables between them (many-to-many) first."""
    by_project = sql.SQL("DELETE FROM {} WHERE project_id = %s")
    by_owner = sql.SQL("DELETE FROM {} WHERE {} IN (SELECT id FROM {} WHERE project_id = %s)")
    between, owned = [], []
    for model in apps.get_models(include_auto_created=True):
        table = sql.Identifier(model._meta.db_table)
        if _has_project(model):
            if not _is_platform_history(model):
                owned.append(by_project.format(table))
            continue
        for field in model._meta.concrete_fields:
            target = field.related_model
            if isinstance(target, type) and _has_project(target):
                owner = sql.Identifier(target._meta.db_table)
                between.append(by_owner.format(table, sql.Identifier(str(field.column)), owner))
    return between + owned


def _has_project(model: type[Model]) -> bool:
    return any(
        field.name == "project" and field.related_model is Project
        for field in model._meta.concrete_fields
    )


def _is_platform_history(model: type[Model]) -> bool:
    return issubclass(model, AuditFacts) and not issubclass(model, ScopedAuditFacts)


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(values) - WRITABLE
    if unknown:
        raise Invalid(f"Property .{min(unknown)} cannot be set")
    return dict(values)


def _free_slug(name: str) -> str:
    base = slugify(name)[:40] or "project"
    if not Project.objects.filter(slug=base).exists():
        return base
    return f"{base}-{new_id('')[:6].lower()}"


def _check(project: Project, *, at: datetime) -> None:
    currencies.find(project.currency, on=at.date())
    codes.read(project.default_code_config)
    try:
        project.clean_fields()
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        raise Invalid(f"Property .{name} is invalid: {messages[0]}") from error

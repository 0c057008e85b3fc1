"""What tenant tables share. No other abstract models exist."""

import secrets
import string
from typing import Any

from django.db import models
from django.db.models.base import ModelBase
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from loyalty_project.core import clock, tenancy

DEFAULT_PERMISSIONS = ("add", "change", "delete", "view", "import", "export")
_ALPHABET = string.ascii_letters + string.digits
# Each symbol stands for four bytes; the eight that are left over would favor some.
_SYMBOLS = (_ALPHABET * 4).encode().ljust(256)
_UNFAIR = bytes(range(len(_ALPHABET) * 4, 256))


def new_id(prefix: str) -> str:
    """`prefix` and 24 random letters and digits (143 bits)."""
    found = b""
    while len(found) < 24:
        found += secrets.token_bytes(32).translate(_SYMBOLS, _UNFAIR)
    return prefix + found[:24].decode()


class PublicIdField(models.CharField):
    """The id that leaves the process, e.g. `camp_` + 24 characters; filled when the row is made."""

    def __init__(self, prefix: str = "", **kwargs: Any) -> None:
        self.prefix = prefix
        kwargs.setdefault("max_length", 48)
        kwargs.setdefault("unique", True)
        kwargs.setdefault("editable", False)
        kwargs.setdefault("verbose_name", _("public id"))
        super().__init__(**kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        # Always named: Django leaves a unique of False out, which is not the default here.
        return name, path, args, {**kwargs, "prefix": self.prefix, "unique": self.unique}

    def get_default(self) -> str:
        return new_id(self.prefix)

    def has_default(self) -> bool:
        return True


def default_project() -> "int | None":
    """The open scope's project, so that a row made in a scope belongs to it."""
    project = tenancy.active_project()
    return project.pk if project is not None else None


class TenantModelBase(ModelBase):
    """Gives every tenant model the permissions `import` and `export` beside Django's four.

    A plain `class Meta` does not inherit from an abstract one, and a model that forgot to say so
    would let anybody export who may view.
    """

    def __new__(
        cls, name: str, bases: tuple[type, ...], attrs: dict[str, Any], **kwargs: Any
    ) -> Any:
        meta = attrs.setdefault("Meta", type("Meta", (), {}))
        if "default_permissions" not in vars(meta):
            meta.default_permissions = DEFAULT_PERMISSIONS
        return super().__new__(cls, name, bases, attrs, **kwargs)


class ProjectOwned(models.Model, metaclass=TenantModelBase):
    """A row of one project. `objects` raises outside of a scope."""

    project = models.ForeignKey(
        "core.Project",
        on_delete=models.CASCADE,
        editable=False,
        default=default_project,
        related_name="+",
        verbose_name=_("project"),
    )
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = ScopedManager(project="project")

    class Meta:
        abstract = True


class HasMetadata(models.Model):
    """Free key/value pairs, checked against the project's metadata schema of the resource."""

    metadata = models.JSONField(
        _("metadata"),
        default=dict,
        blank=True,
        help_text=_('Your own attributes as a JSON object, e.g. {"tier": "gold"}.'),
    )

    class Meta:
        abstract = True

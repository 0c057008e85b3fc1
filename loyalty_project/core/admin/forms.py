"""Change forms: people's units, errors of services at the field, no other project's people."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import models
from django.db.models import ForeignKey
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.text import capfirst

from loyalty_project.core import locks
from loyalty_project.core.admin import fields, lists
from loyalty_project.core.admin.access import RoleAdmin
from loyalty_project.core.admin.confirming import error_text
from loyalty_project.core.errors import LoyaltyError
from loyalty_project.core.models import User


def without_rows(db_field: Any, **kwargs: Any) -> forms.Field | None:
    """The form field of a model field, where no project is known yet: while modules are imported.

    The admin makes the fields again, with the rows of the project, for each form.
    """
    if isinstance(db_field, ForeignKey):
        kwargs["queryset"] = None
    field: forms.Field | None = db_field.formfield(**kwargs)
    return field


class ProjectForm(forms.ModelForm):
    """Base of the forms of apps; write `class Meta(ProjectForm.Meta)`."""

    class Meta:
        formfield_callback = staticmethod(without_rows)


def _only_add(widget: Any, db_field: Any) -> None:
    """Beside a choice stands `add` alone; changing and deleting have pages of their own."""
    widget.can_change_related = widget.can_delete_related = widget.can_view_related = False
    widget.can_add_related = widget.can_add_related and db_field.related_model is not User


class FormAdmin(RoleAdmin):
    """`money_fields`, `percent_fields`, `metadata_fields`, `lines_fields` name model fields."""

    money_fields: Sequence[str] = ()
    percent_fields: Sequence[str] = ()
    metadata_fields: Sequence[str] = ("metadata",)
    lines_fields: Sequence[str] = ()
    formfield_overrides: Mapping[Any, Mapping[str, Any]] = {
        models.TextField: {"widget": forms.Textarea(attrs={"rows": 3})},
        models.URLField: {"assume_scheme": "https"},
    }

    def _field_class(self, db_field: Any) -> Any:
        own: Any = None
        if isinstance(db_field, models.DateTimeField):
            own = fields.MomentField
        elif isinstance(db_field, models.DateField):
            own = fields.DayField
        for names, field_class in (
            (self.metadata_fields, fields.MetadataField),
            (self.money_fields, fields.MoneyField),
            (self.percent_fields, fields.PercentField),
            (self.lines_fields, fields.LinesField),
        ):
            if db_field.name in names:
                own = field_class
        return own

    def formfield_for_dbfield(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        own = self._field_class(db_field)
        if own is None:
            field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
            if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
                _only_add(field.widget, db_field)
            return field
        given: dict[str, Any] = {
            "label": capfirst(db_field.verbose_name),
            "required": not db_field.blank,
            "help_text": db_field.help_text,
        }
        if db_field.has_default():
            given["initial"] = db_field.get_default
        given.update((name, kwargs[name]) for name in ("label", "help_text") if name in kwargs)
        made: forms.Field = own(**given)
        return made

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.related_model is User:
            kwargs.setdefault("queryset", lists.members())
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """The form, which shows an error that the service raised for the same input."""
        form_class = super().get_form(request, obj, change=change, **kwargs)
        error: LoyaltyError | None = request.__dict__.get("_service_error")
        if error is None:
            return form_class

        def full_clean(form: Any) -> None:
            form_class.full_clean(form)
            field = error.extra.get("field")
            form.add_error(field if field in form.fields else None, error_text(error))

        return type(form_class.__name__, (form_class,), {"full_clean": full_clean})

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponseBase:
        try:
            with locks.waiting():
                return super().changeform_view(request, object_id, form_url, extra_context)
        except LoyaltyError as error:
            request.__dict__["_service_error"] = error
            return super().changeform_view(request, object_id, form_url, extra_context)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        try:
            with locks.waiting():
                return super().delete_view(request, object_id, extra_context)
        except LoyaltyError as error:
            messages.error(request, error_text(error))
            return HttpResponseRedirect("../change/")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """The list; why an action was refused is said above it."""
        if request.method != "POST":
            return super().changelist_view(request, extra_context)
        try:
            with locks.waiting():
                return super().changelist_view(request, extra_context)
        except LoyaltyError as error:
            messages.error(request, error_text(error))
            return HttpResponseRedirect(request.get_full_path())

"""Who did what and when: one list over all histories of the project."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import CharField, QuerySet, Value
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from loyalty_project.core import access
from loyalty_project.core.admin import fields, lists, trail
from loyalty_project.core.models import ApiKey, Currency, Group, ManagementKey, Project, User

PER_PAGE = 50
# History without a project: of the installation itself.
OF_INSTALLATION = (Currency, Group, ManagementKey, User)


class AuditFilter(forms.Form):
    """What to look for; empty shows everything."""

    person = forms.ModelChoiceField(
        User.objects.none(), required=False, label=_("Person"), empty_label=_("Everybody")
    )
    key = forms.ModelChoiceField(
        ApiKey._base_manager.none(), required=False, label=_("API key"), empty_label=_("Any")
    )
    kind = forms.ChoiceField(required=False, label=_("Object"))
    verb = forms.ChoiceField(
        required=False,
        label=_("What"),
        choices=[
            ("", _("Everything")),
            ("+", _("Created")),
            ("~", _("Changed")),
            ("-", _("Deleted")),
        ],
    )
    since = fields.DayField(required=False, label=_("From"))
    until = fields.DayField(required=False, label=_("To"))

    def __init__(self, data: Any, *, models: list[type[Any]]) -> None:
        super().__init__(data)
        person: Any = self.fields["person"]
        person.queryset = lists.members()
        key: Any = self.fields["key"]
        key.queryset = ApiKey.objects.order_by("name")
        kinds: Any = self.fields["kind"]
        names = [(model._meta.label_lower, capfirst(model._meta.verbose_name)) for model in models]
        kinds.choices = [("", _("Everything")), *sorted(names, key=lambda pair: str(pair[1]))]


def readable_models(request: HttpRequest) -> list[type[Any]]:
    """The audited models whose objects this person may see."""
    made = []
    for model in trail.audited_models():
        if model in OF_INSTALLATION:
            allowed = request.user.is_superuser
        else:
            allowed = access.can(request.user, "view", model)
        if allowed:
            made.append(model)
    return made


def audit_view(request: HttpRequest) -> TemplateResponse:
    project: Project | None = getattr(request, "project", None)
    models = readable_models(request)
    if project is None or not models:
        raise PermissionDenied
    form = AuditFilter(request.GET or None, models=models)
    wanted = form.cleaned_data if form.is_valid() else {}
    number = max(1, int(text)) if (text := request.GET.get("p", "1")[:9]).isdecimal() else 1
    start = (min(number, 200) - 1) * PER_PAGE
    chosen = [
        model for model in models if wanted.get("kind") in {None, "", model._meta.label_lower}
    ]
    found = _newest(chosen, project, wanted)[start : start + PER_PAGE + 1]
    context = {
        **admin.site.each_context(request),
        "title": _("Audit log"),
        "form": form,
        "entries": _load(
            found[:PER_PAGE], {model._meta.label_lower: model for model in chosen}, project
        ),
        "page": number,
        "has_next": len(found) > PER_PAGE,
        "query": _query_without_page(request),
        "filtered": any(wanted.values()),
    }
    return TemplateResponse(request, "admin/audit.html", context)


def _query_without_page(request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop("p", None)
    return query.urlencode()


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _filtered(rows: QuerySet[Any], wanted: dict[str, Any]) -> QuerySet[Any]:
    if wanted.get("person"):
        rows = rows.filter(history_user_id=wanted["person"].pk)
    if wanted.get("key"):
        rows = rows.filter(api_key_pk=wanted["key"].pk)
    if wanted.get("verb"):
        rows = rows.filter(history_type=wanted["verb"])
    if wanted.get("since"):
        rows = rows.filter(history_date__gte=_midnight(wanted["since"]))
    if wanted.get("until") and wanted["until"] < date.max:
        rows = rows.filter(history_date__lt=_midnight(wanted["until"]) + timedelta(days=1))
    return rows


def _newest(models: list[type[Any]], project: Project, wanted: dict[str, Any]) -> Any:
    """`(date, history id, model label)` of the rows of all models, newest first, as one query."""
    parts = [
        _filtered(trail.rows_of(model, project).select_related(None), wanted)
        .order_by()
        .annotate(kind=Value(model._meta.label_lower, output_field=CharField()))
        .values_list("history_date", "history_id", "kind")
        for model in models
    ]
    if len(parts) == 1:
        return parts[0].order_by("-history_date", "-history_id")
    return parts[0].union(*parts[1:], all=True).order_by("-history_date", "-history_id")


def _load(found: Any, models: dict[str, type[Any]], project: Project) -> list[trail.Entry]:
    """The entries of those rows, two queries per model on the page."""
    wanted: dict[str, list[int]] = {}
    order = {(kind, pk): place for place, (_at, pk, kind) in enumerate(found)}
    for kind, pk in order:
        wanted.setdefault(kind, []).append(pk)
    placed: dict[int, trail.Entry] = {}
    for kind, pks in wanted.items():
        rows = list(trail.rows_of(models[kind], project).filter(history_id__in=pks))
        for row, entry in zip(rows, trail.entries(rows), strict=True):
            placed[order[kind, row.history_id]] = entry
    return [placed[place] for place in sorted(placed)]

"""The form of a validation rule: drafts of rows, as the body that the service takes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from campaigns.admin.builder import documents
from campaigns.admin.builder.closing import MESSAGE_MAX
from campaigns.admin.builder.fields import DraftField
from campaigns.models import ValidationRule
from loyalty_project.core.admin.forms import ProjectForm


class RuleForm(ProjectForm):
    """A name, and what `documents` makes of the rest."""

    rules = DraftField(
        "rules",
        label=_("conditions"),
        help_text=_("Rows are moved with Alt and the arrow keys, also into groups and out."),
    )
    lines = DraftField(
        "lines", label=_("products"), help_text=_("For discounts on items, not on the whole order.")
    )
    bundle = DraftField(
        "bundle", label=_("bought together"), help_text=_("Empty: nothing must come together.")
    )
    message = forms.CharField(
        label=_("message"),
        required=False,
        max_length=MESSAGE_MAX,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "What people read when it does not hold. A condition's own message goes first."
        ),
    )

    class Meta(ProjectForm.Meta):
        model = ValidationRule
        fields = ["name"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = self.instance.definition.data if self.instance.pk else {}
        drafts = documents.opened(stored)
        for name in documents.DRAFTS:
            self.initial.setdefault(name, drafts[name])
        self.initial.setdefault("message", (stored.get("error") or {}).get("message") or "")

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        data = self.cleaned_data
        if not {*documents.DRAFTS, "message"} <= set(data):
            return cleaned
        drafts = {name: data[name] for name in documents.DRAFTS}
        self.closed = documents.closed(drafts, message=data["message"].strip())
        for name, problems in self.closed.problems.items():
            field = self.fields[name]
            if isinstance(field, DraftField):
                field.show(problems)
            if problems.found:
                self.add_error(name, _summary(len(problems.found)))
        return cleaned

    def body(self) -> dict[str, Any]:
        """The published body."""
        return {"name": self.cleaned_data["name"], **self.closed.document}


def _summary(count: int) -> str:
    text = ngettext(
        "%(n)s thing is to be corrected; it is marked below.",
        "%(n)s things are to be corrected; they are marked below.",
        count,
    )
    return text % {"n": count}

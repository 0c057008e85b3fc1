"""Import of CSV files of any size: checked at once, written by a job, watched on its page."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.widgets import Widget

from loyalty_project.core import clock, currencies, money, tenancy
from loyalty_project.core.admin.confirming import error_text, progress_url
from loyalty_project.core.errors import LoyaltyError
from loyalty_project.core.models import AsyncAction


class JsonCell(Widget):
    """JSON in one cell of an export, empty for nothing; the imports read it again."""

    def render(self, value: Any, obj: Model | None = None, **kwargs: Any) -> str:
        del obj, kwargs
        return json.dumps(value, ensure_ascii=False) if value else ""


class MajorUnits(Widget):
    """Minor units as a decimal number of the project's currency, such as 12.50."""

    def render(self, value: Any, obj: Model | None = None, **kwargs: Any) -> str:
        del obj, kwargs
        if value is None:
            return ""
        currency = tenancy.current_project().currency
        exponent = currencies.find(currency, on=clock.now().date()).exponent
        return str(money.to_major(value, exponent))


class CsvForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV in UTF-8 with the names of the columns in its first line."),
    )


class CsvImport:
    """In front of ProjectAdmin: its import page calls `import_service` instead of its own.

    The service stores the file and starts the job; `import_notes` say which columns are read and
    what they do, in sentences.
    """

    import_service: Callable[..., AsyncAction]
    import_notes: Sequence[str | Promise]
    admin_site: Any
    opts: Any
    media: Any
    has_import_permission: Any

    def import_action(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        del kwargs
        if not self.has_import_permission(request):
            raise PermissionDenied
        form = CsvForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            found: Any = request
            try:
                action = self.import_service(
                    project=found.project, upload=form.cleaned_data["file"], at=clock.now()
                )
            except LoyaltyError as error:
                form.add_error("file", error_text(error))
            else:
                return HttpResponseRedirect(progress_url(action))
        return TemplateResponse(request, "admin/confirm.html", self._context(request, form))

    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """The second step of the library, which a job replaces."""
        del request, kwargs
        raise Http404

    def _context(self, request: HttpRequest, form: forms.Form) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "title": _("Import %(what)s") % {"what": self.opts.verbose_name_plural},
            "opts": self.opts,
            "form": form,
            "media": self.media,
            "effects": self.import_notes,
            "verb": _("Import"),
            "back": reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"),
        }

"""Forms that do something once, however often the browser sends them."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.utils.translation import gettext as _

from loyalty_project.core import clock
from loyalty_project.core.models import IdempotencyRecord, new_id

KEPT_FOR = timedelta(days=1)
_MAX_TOKEN = 64


def token() -> str:
    """For the context of `admin/confirm.html` as `once`: another for each form that is shown."""
    return new_id("")


def is_first(request: Any) -> bool:
    """Whether this very form was not sent before; the person is told where it was.

    To be asked right before what it asks for is done: two clicks move no money twice.
    """
    sent = request.POST.get("once", "")
    if not (sent.isascii() and sent.isalnum() and len(sent) <= _MAX_TOKEN) or not request.project:
        return True
    values = {"request_hash": "", "expires_at": clock.now() + KEPT_FOR}
    _record, is_new = IdempotencyRecord.objects.get_or_create(
        project=request.project, key=f"form:{sent}", defaults=values
    )
    if not is_new:
        messages.warning(request, _("This was sent before; the page shows what came of it."))
    return bool(is_new)

"""The last nightly checks of all projects, for the status page and Prometheus."""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from loyalty_project.core import checkup, clock, tenancy
from redemptions.models import NightlyCheck

NAME = "wafa_broken_invariants"
HELP = "What must be true and was not, or could not be asked, in the last nightly checks."
LATE = timedelta(days=2)


def broken() -> int:
    """Of all projects together; the caller opens the scope."""
    return sum(len(found.breaches) + len(found.unfinished) for found in _last())


def look() -> str:
    """The last night found nothing, in no project."""
    with tenancy.all_projects():
        last = list(_last().select_related("project"))
    wrong = [found.project.name for found in last if found.breaches or found.unfinished]
    if wrong:
        raise checkup.Unwell(
            _("something is not as it must be in: %(projects)s") % {"projects": ", ".join(wrong)}
        )
    if not last:
        return _("not yet; every night at 3:00 UTC")
    newest = max(found.checked_at for found in last)
    days = (clock.now() - newest).days
    if clock.now() - newest > LATE:
        message = ngettext("last checked %(days)s day ago", "last checked %(days)s days ago", days)
        raise checkup.Unwell(message % {"days": days})
    return _("all as it must be")


CHECK = checkup.Check(
    "nightly check",
    gettext_lazy("Limits and counts"),
    look,
    gettext_lazy(
        "The log names what differs (nightly_check_failed). Change no counter by hand; "
        "manage.py prove shows whether the limits hold now."
    ),
)


def _last() -> QuerySet[NightlyCheck]:
    return NightlyCheck.objects.order_by("project", "-checked_at").distinct("project")

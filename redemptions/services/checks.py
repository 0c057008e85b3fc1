"""Every night: is what must be true of each project still true?"""

from datetime import datetime, timedelta

import structlog
from django.db import DatabaseError, connection, transaction

from loyalty_project.core.models import Project
from redemptions.models import NightlyCheck
from redemptions.queries.invariants import INVARIANTS, breaches

log = structlog.get_logger(__name__)
MOST = 20
KEPT = timedelta(days=90)
# Housekeeping keeps events longer, and who writes meanwhile has not told yet.
_TOLD, _SETTLED = timedelta(days=7), timedelta(minutes=10)
_PATIENCE = "15min"


def check(*, project: Project, at: datetime) -> NightlyCheck:
    """Ask all that holds while others write, one statement each, and keep the answer.

    An error of the database is kept with it, and what comes after is asked all the same.
    """
    wrong, unfinished = [], []
    for invariant in INVARIANTS:
        if not invariant.always:
            continue
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL statement_timeout = '{_PATIENCE}'")
                rows = breaches(
                    project, invariant, most=MOST, since=at - _TOLD, settled=at - _SETTLED
                )
        except DatabaseError:
            log.exception("not_checked", project=project.public_id, what=invariant.said)
            unfinished.append(invariant.said)
            continue
        if rows:
            wrong.append({"said": invariant.said, "rows": rows})
    NightlyCheck.objects.filter(checked_at__lt=at - KEPT).delete()
    made: NightlyCheck = NightlyCheck.objects.create(
        project=project, breaches=wrong, unfinished=unfinished, checked_at=at
    )
    return made

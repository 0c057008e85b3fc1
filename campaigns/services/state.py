"""On and off, versions, and the locks that make them true for redemptions under way.

A redemption shares the lock of each campaign and code that it uses; whoever changes what it relied
on holds the lock alone. So a change is true for everybody when the call that made it returns.
"""

from collections.abc import Iterable

import psycopg
from django.db import OperationalError, connection
from django.db.models import F

from campaigns.models import Campaign, Voucher
from loyalty_project.core import errors, guarded
from loyalty_project.core.models import Project

# Advisory keys are one number: the kind above, the primary key below.
_CAMPAIGN = 12 << 40
_VOUCHER = 13 << 40
_ALONE = "SELECT pg_advisory_xact_lock(%s)"
_SHARE = (
    "SELECT pg_advisory_xact_lock_shared(key)"
    " FROM (SELECT unnest(%s::bigint[]) AS key ORDER BY 1) AS keys"
)
_UNCHANGED = (
    "SELECT 1 FROM campaigns_campaign"
    " WHERE id = %s AND active AND version = %s AND deleted_at IS NULL"
)


def share(*, vouchers: Iterable[Voucher]) -> list[guarded.Statement]:
    """The first statements of a redemption's commit, for codes as they were evaluated.

    They share the locks of the codes and of their campaigns, in one order, and refuse when a
    campaign was switched off, changed or deleted since it was read.
    """
    vouchers = list(vouchers)
    campaigns = {voucher.campaign.pk: voucher.campaign for voucher in vouchers if voucher.campaign}
    keys = [_CAMPAIGN | pk for pk in campaigns] + [_VOUCHER | voucher.pk for voucher in vouchers]
    return [
        guarded.Statement(_SHARE, (keys,), about="state"),
        *(
            guarded.Statement(
                _UNCHANGED, (pk, campaign.version), rows=1, about=f"campaign {campaign.public_id}"
            )
            for pk, campaign in sorted(campaigns.items())
        ),
    ]


def hold(*, campaign_pk: int) -> None:
    """Keep the settings of a campaign as they are until the commit, together with others."""
    _lock("SELECT pg_advisory_xact_lock_shared(%s)", _CAMPAIGN | campaign_pk)


def exclusive(*, campaign: Campaign) -> None:
    """Wait until no redemption relies on the campaign, keep new ones out until the commit.

    Reads its state again. Raises errors.Busy after the lock timeout.
    """
    _lock(_ALONE, _CAMPAIGN | campaign.pk)
    campaign.refresh_from_db()


def exclusive_voucher(*, voucher: Voucher) -> None:
    """The same for one code."""
    _lock(_ALONE, _VOUCHER | voucher.pk)
    voucher.refresh_from_db()


def stamp(*, project: Project) -> None:
    """Tell every process that configuration changed; last in its transaction, for it is hot."""
    Project.objects.filter(pk=project.pk).update(version=F("version") + 1)


def _lock(statement: str, key: int) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, [key])
    except OperationalError as error:
        if isinstance(error.__cause__, psycopg.errors.LockNotAvailable):
            raise errors.Busy from error
        raise

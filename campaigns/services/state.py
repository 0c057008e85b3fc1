"""On and off, versions, and the locks that make them true for redemptions under way.

A redemption shares the lock of each campaign and code that it uses, and that of how incentives go
together and what protects the whole project; whoever changes what it relied on holds the lock
alone. So a change is true for everybody when the call that made it returns. The locks are taken in
the order of their keys: combinations, rules, codes of their own, campaigns, single codes.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.db import connection
from django.db.models import F, QuerySet

from campaigns.models import Campaign, PromotionTier, ValidationRule, Voucher
from campaigns.queries import rules as rule_queries
from loyalty_project.core import errors, guarded, locks
from loyalty_project.core.models import Project
from loyalty_project.core.services import projects

# What a job of a campaign says when it finds it gone.
DELETED = "The campaign was deleted"
# Advisory keys are one number: the kind above, the primary key below.
_COMBINATIONS = 9 << 40  # of a project: stacking, places of categories, limits, margin floor
_RULE = 10 << 40
_OWN_CODES = 11 << 40  # all codes of a project that belong to no campaign
_CAMPAIGN = 12 << 40
_VOUCHER = 13 << 40
_LAWS = 15 << 40  # of a project: which of its gift cards may have an end
_ALONE = "SELECT pg_advisory_xact_lock(%s)"
_ALONE_WITH = (
    "SELECT pg_advisory_xact_lock(key) FROM (SELECT unnest(%s::bigint[]) AS key ORDER BY 1) AS keys"
)
_SHARE = (
    "SELECT pg_advisory_xact_lock_shared(key)"
    " FROM (SELECT unnest(%s::bigint[]) AS key ORDER BY 1) AS keys"
)
_UNCHANGED = (
    "SELECT 1 FROM campaigns_campaign"
    " WHERE id = %s AND active AND version = %s AND deleted_at IS NULL"
)
_VOUCHER_UNCHANGED = (
    "SELECT 1 FROM campaigns_voucher"
    " WHERE id = %s AND active AND updated_at = %s AND deleted_at IS NULL"
)
_TIER_UNCHANGED = (
    "SELECT 1 FROM campaigns_promotiontier"
    " WHERE id = %s AND active AND version = %s AND deleted_at IS NULL"
)
_PROJECT_UNCHANGED = "SELECT 1 FROM core_project WHERE id = %s AND version = %s"


def join_combinations(*, project: Project) -> guarded.Statement:
    """Share the lock of what holds for all incentives together, before reading that again."""
    key = _COMBINATIONS | project.pk
    return guarded.Statement(_SHARE, ([key],), about="combinations")


def share_combinations(*, project: Project) -> list[guarded.Statement]:
    """The very first statements of a redemption's commit, for `project` as it was evaluated.

    They refuse when configuration changed since; to decide again, read the version again.
    """
    values = (project.pk, project.version)
    unchanged = guarded.Statement(_PROJECT_UNCHANGED, values, rows=1, about="configuration")
    return [join_combinations(project=project), unchanged]


def exclusive_combinations(*, project: Project) -> None:
    """Wait until no redemption relies on what holds for all together. Raises errors.Busy."""
    _lock(_ALONE, _COMBINATIONS | project.pk)


def join(*, vouchers: Iterable[Voucher], tiers: Iterable[PromotionTier] = ()) -> guarded.Statement:
    """Share the locks of codes and of all campaigns, in one order, before reading them again."""
    vouchers = list(vouchers)
    groups = {
        _CAMPAIGN | voucher.campaign_id if voucher.campaign_id else _OWN_CODES | voucher.project.pk
        for voucher in vouchers
    }
    groups |= {_CAMPAIGN | tier.campaign_id for tier in tiers}
    keys = [*groups, *(_VOUCHER | voucher.pk for voucher in vouchers)]
    return guarded.Statement(_SHARE, (keys,), about="state")


def share(
    *, vouchers: Iterable[Voucher], tiers: Iterable[PromotionTier] = ()
) -> list[guarded.Statement]:
    """The first statements of a redemption's commit, for codes and tiers as they were evaluated.

    They join the locks of the codes and of all campaigns, and refuse when one of them was switched
    off, changed or deleted since it was read.
    """
    vouchers, tiers = list(vouchers), list(tiers)
    campaigns = {voucher.campaign.pk: voucher.campaign for voucher in vouchers if voucher.campaign}
    campaigns |= {tier.campaign.pk: tier.campaign for tier in tiers}
    found = [join(vouchers=vouchers, tiers=tiers)]
    for pk, campaign in sorted(campaigns.items()):
        about = f"campaign {campaign.public_id}"
        found.append(guarded.Statement(_UNCHANGED, (pk, campaign.version), rows=1, about=about))
    for tier in tiers:
        about = f"promotion tier {tier.public_id}"
        values = (tier.pk, tier.version)
        found.append(guarded.Statement(_TIER_UNCHANGED, values, rows=1, about=about))
    for voucher in vouchers:
        moment = (voucher.pk, voucher.updated_at)
        about = f"voucher {voucher.code}"
        found.append(guarded.Statement(_VOUCHER_UNCHANGED, moment, rows=1, about=about))
    return found


def hold(*, campaign: Campaign) -> None:
    """Keep the settings of a campaign as they are until the commit, together with others.

    Reads them again. Raises NotFound for one that is gone or in the bin, errors.Busy.
    """
    _lock("SELECT pg_advisory_xact_lock_shared(%s)", _CAMPAIGN | campaign.pk)
    _read_again(campaign)


def exclusive(*, campaign: Campaign) -> None:
    """Wait until no redemption relies on the campaign, keep new ones out until the commit.

    Reads its state again. Raises NotFound for one that is gone or in the bin, and errors.Busy after
    the lock timeout.
    """
    alone(campaign_pk=campaign.pk)
    _read_again(campaign)


def alone(*, campaign_pk: int) -> None:
    """The lock of `exclusive`, whatever became of the campaign. Raises errors.Busy."""
    _lock(_ALONE, _CAMPAIGN | campaign_pk)


def alone_voucher(*, voucher_pk: int) -> None:
    """The lock of `exclusive_voucher`, whatever became of the code. Raises errors.Busy."""
    _lock(_ALONE, _VOUCHER | voucher_pk)


def exclusive_voucher(*, voucher: Voucher) -> None:
    """As `exclusive` for one code, whose row is locked too: publications share no other lock."""
    alone_voucher(voucher_pk=voucher.pk)
    rows = Voucher.objects.select_for_update(no_key=True)
    try:
        with locks.waiting():
            voucher.refresh_from_db(from_queryset=rows)
    except Voucher.DoesNotExist as error:
        raise errors.NotFound.of("voucher", voucher.code) from error
    gone = voucher.campaign is not None and voucher.campaign.deleted_at is not None
    if gone or voucher.deleted_at is not None:
        raise errors.NotFound.of("voucher", voucher.code)


def revise(*, campaign_pks: Iterable[int]) -> None:
    """Raise the versions of campaigns, alone: what they were evaluated with counts no more.

    Raises errors.Busy.
    """
    pks = list(campaign_pks)
    with locks.waiting(), connection.cursor() as cursor:
        cursor.execute(_ALONE_WITH, [[_CAMPAIGN | pk for pk in pks]])
    Campaign.objects.filter(pk__in=pks).update(version=F("version") + 1)


def hold_rules(*, rules: Iterable[ValidationRule]) -> None:
    """Keep rules as they are until the commit, together with others who assign them.

    Goes before every other lock. Reads them again. Raises NotFound for one that is gone, Busy.
    """
    rules = list(rules)
    with locks.waiting(), connection.cursor() as cursor:
        cursor.execute(_SHARE, [[_RULE | rule.pk for rule in rules]])
    for rule in rules:
        _read_rule_again(rule)


def exclusive_rule(*, rule: ValidationRule) -> None:
    """Keep everybody from assigning or changing the rule until the commit.

    Reads it again. Raises NotFound for one that is gone, errors.Busy.
    """
    _lock(_ALONE, _RULE | rule.pk)
    _read_rule_again(rule)


def alone_with_own_codes(*, project: Project) -> None:
    """Keep the codes that belong to no campaign from being redeemed until the commit.

    Goes before the locks of campaigns. Raises errors.Busy.
    """
    _lock(_ALONE, _OWN_CODES | project.pk)


def share_laws(*, project: Project) -> None:
    """Keep the laws of gift cards as they are until the commit, before reading them again."""
    _lock("SELECT pg_advisory_xact_lock_shared(%s)", _LAWS | project.pk)


def alone_with_laws(*, project: Project) -> None:
    """Keep gift cards from getting an end until the commit. Raises errors.Busy."""
    _lock(_ALONE, _LAWS | project.pk)


def touch(*, vouchers: QuerySet[Voucher]) -> None:
    """Make redemptions that have read the codes read them again, in the caller's transaction.

    The step is too small for anybody else to see.
    """
    list(vouchers.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk"))
    vouchers.update(updated_at=F("updated_at") + timedelta(microseconds=1))


def stamp(*, project: Project) -> None:
    """Tell every process that configuration changed; last in its transaction, for it is hot."""
    projects.bump_version(project=project)


def _read_again(campaign: Campaign) -> None:
    try:
        campaign.refresh_from_db()
    except Campaign.DoesNotExist as error:
        raise errors.NotFound.of("campaign", campaign.public_id) from error
    if campaign.deleted_at is not None:
        raise errors.NotFound.of("campaign", campaign.public_id)


def _read_rule_again(rule: ValidationRule) -> None:
    try:
        rule.refresh_from_db()
    except ValidationRule.DoesNotExist as error:
        raise rule_queries.unknown(rule.public_id) from error


def _lock(statement: str, key: int) -> None:
    with locks.waiting(), connection.cursor() as cursor:
        cursor.execute(statement, [key])

"""What a campaign can cost at most, in words, before it is switched on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet, prefetch_related_objects
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.admin.discounts import amount_text
from campaigns.engine import cost, effects
from campaigns.engine.cost import Run, WorstCase
from campaigns.engine.counters import Measure, Period, Scope
from campaigns.engine.redeemable import Discount, Limit, Rule
from campaigns.models import (
    Budget,
    Campaign,
    CampaignType,
    PoolType,
    PromotionTier,
    RuleAssignment,
)
from campaigns.models import Limit as LimitRow
from campaigns.queries import promotions
from campaigns.serializers.limit import limits_json
from campaigns.services import limits
from campaigns.snapshots import definitions
from loyalty_project.core import clock, tenancy
from loyalty_project.core.admin import display
from loyalty_project.core.errors import Invalid


@dataclass(frozen=True, slots=True)
class _Terms:
    """What bounds a campaign, or one tier of a promotion, and for how long it runs."""

    documents: Sequence[Mapping[str, Any]]
    bounds: Sequence[Limit]
    codes: int | None
    run: Run
    uses: int | None = None


@dataclass(frozen=True, slots=True)
class _Dates:
    begin: datetime
    end: datetime | None

    def run(self, tier: PromotionTier | None = None) -> Run:
        """With the dates of a tier, which may be narrower."""
        begins = [self.begin, tier.starts_at if tier is not None else None]
        ends = [self.end, tier.expires_at if tier is not None else None]
        project = tenancy.current_project()
        return cost.run_of(
            max(begin for begin in begins if begin is not None),
            min((end for end in ends if end is not None), default=None),
            ZoneInfo(project.timezone),
            project.week_start,
        )


def of_campaign(campaign: Campaign) -> WorstCase:
    template = campaign.voucher_template or {}
    lives = bool(campaign.activity_duration_after_publishing)
    dates = _Dates(
        campaign.starts_at or campaign.created_at, None if lives else campaign.expires_at
    )
    terms = _Terms(
        documents=_given(campaign),
        bounds=[
            *_of_documents(limits_json(campaign.limits.all()), Scope.CAMPAIGN),
            *_of_budget(campaign.budget),
            *_of_code(campaign),
        ],
        codes=_codes(campaign, campaign.type, campaign.vouchers_count),
        uses=(template.get("redemption") or {}).get("quantity"),
        run=dates.run(),
    )
    return _worst_case(terms, campaign, dates)


def of_form(form: Any) -> WorstCase | None:
    """Of what is typed so far; None where discount or limits cannot be read yet."""
    if "limits" in form.errors:
        return None
    data, stored = form.cleaned_data, form.instance if form.instance.pk else None
    documents = _typed(form) or (_given(stored) if stored is not None else [])
    if not documents:
        return None
    count = stored.vouchers_count if stored is not None else data.get("count") or 0
    began = stored.created_at if stored is not None else clock.now()
    dates = _Dates(
        data.get("starts_at") or began,
        None if data.get("lifetime_days") else data.get("expires_at"),
    )
    terms = _Terms(
        documents=documents,
        bounds=[
            *_of_documents(data.get("limits") or (), Scope.CAMPAIGN),
            *_of_budget(data.get("budget")),
            *(_of_code(stored) if stored is not None else ()),
        ],
        codes=_codes(form.instance, data.get("type") or form.instance.type, count),
        uses=data.get("redemption_limit"),
        run=dates.run(),
    )
    return _worst_case(terms, stored, dates)


def before(campaigns: QuerySet[Campaign]) -> list[str]:
    """What it costs to switch one on; of many the pages say it one by one."""
    found = list(campaigns.filter(active=False)[:2])
    return [text(of_campaign(found[0]))] if len(found) == 1 else []


def total(campaign: Campaign) -> Any:
    """The figure alone."""
    found = of_campaign(campaign).total
    return _("Without limit") if found is None else display.money_of(found)


def text(worst: WorstCase | None) -> str:
    """One or two sentences; what has no bound is said plainly."""
    if worst is None:
        return _("Fill in discount and limits to see what it can cost at most.")
    if worst.total is None:
        if worst.each is not None:
            period, each = worst.each
            return str(_EACH[period]) % {"total": amount_text(each)}
        return " ".join([_("It can cost without limit."), *_missing(worst)])
    total = amount_text(worst.total)
    if worst.total == worst.budget:
        return _("It costs %(total)s at most: then its budget is spent.") % {"total": total}
    if worst.total == worst.parts:
        says = _("It costs %(total)s at most: then its tiers have reached their own limits.")
        return says % {"total": total}
    return _("It costs %(total)s at most: %(redemptions)s redemptions of %(discount)s each.") % {
        "total": total,
        "redemptions": number_format(worst.redemptions or 0, 0, force_grouping=True),
        "discount": amount_text(worst.discount or 0),
    }


_EACH = {
    Period.DAY: gettext_lazy("It can cost without limit in all, %(total)s per day at most."),
    Period.WEEK: gettext_lazy("It can cost without limit in all, %(total)s per week at most."),
    Period.MONTH: gettext_lazy("It can cost without limit in all, %(total)s per month at most."),
    Period.YEAR: gettext_lazy("It can cost without limit in all, %(total)s per year at most."),
}


def _missing(worst: WorstCase) -> Iterable[str]:
    if worst.redemptions is None:
        yield _("Nothing says how often it can be used in all.")
    if worst.discount is None:
        yield _("Nothing says how high one discount can be.")


def _worst_case(terms: _Terms, campaign: Campaign | None, dates: _Dates) -> WorstCase:
    """In all, or where that has no bound, in the shortest calendar period that has one."""
    assigned = _rules(campaign) if campaign is not None else []
    bundles = [rule.bundle for rule in assigned if rule.bundle is not None]
    shared = _of_rows(limits.of(owner=None), Scope.PROJECT)
    tiers = _tiers(terms, campaign, dates) if campaign is not None else []

    def one(terms: _Terms, run: Run) -> WorstCase:
        return cost.worst_case(
            _discounts(terms.documents),
            [*terms.bounds, *shared],
            codes=terms.codes,
            uses=terms.uses,
            chooses_items=any(rule.applicable_to or rule.included_all for rule in assigned),
            bundles=max([each.limit for each in bundles if each.scales], default=1),
            run=run,
        )

    def case(run: Run | None = None) -> WorstCase:
        whole = one(terms, run or terms.run)
        totals = [one(tier, run or tier.run).total for tier in tiers]
        known = [total for total in totals if total is not None]
        parts = sum(known) if tiers and len(known) == len(tiers) else None
        # What holds for all together says more than the sum of what is said of each.
        told = whole.total is not None and (parts is None or whole.total <= parts)
        return replace(whole, parts=None if told else parts)

    found = case()
    if found.total is not None:
        return found
    for period in _EACH:
        total = case(Run({period: 1})).total
        if total is not None:
            return replace(found, each=(period, total))
    return found


def _tiers(terms: _Terms, campaign: Campaign, dates: _Dates) -> list[_Terms]:
    """The tiers of a promotion, each within its own limits and all of the campaign's."""
    rows = promotions.of_campaign(campaign)
    prefetch_related_objects(rows, "limits")
    return [
        _Terms(
            documents=[row.definition.data["discount"]],
            bounds=[*terms.bounds, *_of_rows(row.limits.all(), Scope.REDEEMABLE)],
            codes=1,
            run=dates.run(row),
        )
        for row in rows
    ]


def _of_code(campaign: Campaign) -> list[Limit]:
    """The limits of the one code of a campaign, where it has but one."""
    if campaign.campaign_type == CampaignType.PROMOTION or campaign.type != PoolType.STANDALONE:
        return []
    rows = LimitRow.objects.filter(voucher__campaign=campaign, voucher__deleted_at=None)
    return _of_rows(rows, Scope.REDEEMABLE)


def _rules(campaign: Campaign) -> list[Rule]:
    """Those of the campaign and of its tiers."""
    own = RuleAssignment.objects.filter(Q(campaign=campaign) | Q(promotion_tier__campaign=campaign))
    return [definitions.rule(one.rule) for one in own.select_related("rule__definition")]


def _given(campaign: Campaign) -> list[Mapping[str, Any]]:
    """The discounts of a stored campaign: that of its codes, or those of its tiers."""
    if campaign.campaign_type == CampaignType.PROMOTION:
        return [tier.definition.data["discount"] for tier in promotions.of_campaign(campaign)]
    discount = (campaign.voucher_template or {}).get("discount")
    return [discount] if discount else []


def _typed(form: Any) -> list[Mapping[str, Any]]:
    """The discount of a form, where it can be read."""
    try:
        discount = form.discount()
    except (KeyError, TypeError):
        return []
    return [discount] if discount else []


def _discounts(documents: Iterable[Mapping[str, Any]]) -> list[Discount]:
    found = []
    for document in documents:
        try:
            found.append(effects.read(document))
        except Invalid:
            continue
    return found


def _codes(campaign: Campaign, kind: str, count: int) -> int | None:
    """How many codes or tiers there can be; of AUTO_UPDATE more are made as they are published."""
    if campaign.campaign_type == CampaignType.PROMOTION:
        return len(promotions.of_campaign(campaign)) if campaign.pk else None
    if kind == PoolType.STANDALONE:
        return 1
    return count if kind == PoolType.STATIC else None


def _of_budget(budget: Budget | None) -> list[Limit]:
    return [] if budget is None else _of_rows(budget.limits.all(), Scope.BUDGET)


def _of_rows(rows: Iterable[LimitRow], scope: Scope) -> list[Limit]:
    return _of_documents(limits_json(rows), scope)


def _of_documents(documents: Iterable[Mapping[str, Any]], scope: Scope) -> list[Limit]:
    return [
        Limit(
            id="",
            measure=Measure(document["measure"]),
            scope=Scope.REDEEMABLE if document["per_redeemable"] else scope,
            value=document["value"],
            per_customer=document["per_customer"],
            period=Period(document["period"]),
            relaxed=document["relaxed"],
        )
        for document in documents
    ]

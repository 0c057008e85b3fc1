"""What a campaign can cost at most, in words, before it is switched on."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from campaigns.admin.discounts import amount_text
from campaigns.engine import cost, effects
from campaigns.engine.cost import WorstCase
from campaigns.engine.counters import Measure, Period, Scope
from campaigns.engine.redeemable import Discount, Limit, Rule
from campaigns.models import Budget, Campaign, CampaignType, PoolType, RuleAssignment
from campaigns.models import Limit as LimitRow
from campaigns.queries import promotions
from campaigns.serializers.limit import limits_json
from campaigns.services import limits
from campaigns.snapshots import definitions
from loyalty_project.core.admin import display
from loyalty_project.core.errors import Invalid


def of_campaign(campaign: Campaign) -> WorstCase:
    template = campaign.voucher_template or {}
    return _worst_case(
        documents=_given(campaign),
        bounds=[
            *_of_documents(limits_json(campaign.limits.all()), Scope.CAMPAIGN),
            *_of_budget(campaign.budget),
        ],
        codes=_codes(campaign, campaign.type, campaign.vouchers_count),
        uses=(template.get("redemption") or {}).get("quantity"),
        campaign=campaign,
    )


def of_form(form: Any) -> WorstCase | None:
    """Of what is typed so far; None where discount or limits cannot be read yet."""
    if "limits" in form.errors:
        return None
    data, campaign = form.cleaned_data, form.instance
    documents = _typed(form) or (_given(campaign) if campaign.pk else [])
    if not documents:
        return None
    count = campaign.vouchers_count if campaign.pk else data.get("count") or 0
    return _worst_case(
        documents=documents,
        bounds=[
            *_of_documents(data.get("limits") or (), Scope.CAMPAIGN),
            *_of_budget(data.get("budget")),
        ],
        codes=_codes(campaign, data.get("type") or campaign.type, count),
        uses=data.get("redemption_limit"),
        campaign=campaign if campaign.pk else None,
    )


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
        return " ".join([_("It can cost without limit."), *_missing(worst)])
    total = amount_text(worst.total)
    if worst.total == worst.budget:
        return _("It costs %(total)s at most: then its budget is spent.") % {"total": total}
    return _("It costs %(total)s at most: %(redemptions)s redemptions of %(discount)s each.") % {
        "total": total,
        "redemptions": number_format(worst.redemptions or 0, 0, force_grouping=True),
        "discount": amount_text(worst.discount or 0),
    }


def _missing(worst: WorstCase) -> Iterable[str]:
    if worst.redemptions is None:
        yield _("Nothing says how often it can be used in all.")
    if worst.discount is None:
        yield _("Nothing says how high one discount can be.")


def _worst_case(
    *,
    documents: Sequence[Mapping[str, Any]],
    bounds: Sequence[Limit],
    codes: int | None,
    uses: int | None,
    campaign: Campaign | None,
) -> WorstCase:
    assigned = _rules(campaign) if campaign is not None else []
    bundles = [rule.bundle for rule in assigned if rule.bundle is not None]
    return cost.worst_case(
        _discounts(documents),
        [*bounds, *_of_rows(limits.of(owner=None), Scope.PROJECT)],
        codes=codes,
        uses=uses,
        chooses_items=any(rule.applicable_to or rule.included_all for rule in assigned),
        bundles=max([each.limit for each in bundles if each.scales], default=1),
    )


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

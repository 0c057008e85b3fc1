"""Reading campaigns, codes, categories and publications; rows in the bin are not there."""

from collections.abc import Sequence
from typing import Any

from django.db.models import PROTECT, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, TextField
from django.db.models.functions import Cast

from campaigns.models import (
    Campaign,
    Category,
    DefinitionVersion,
    Limit,
    PoolType,
    PromotionStack,
    PromotionTier,
    Publication,
    RuleAssignment,
    StackingRules,
    StackingRulesType,
    UsageDelta,
    ValidationRule,
    Voucher,
)
from loyalty_project.core import codes, tenancy
from loyalty_project.core.errors import NotFound


def campaigns() -> QuerySet[Campaign]:
    found: QuerySet[Campaign] = Campaign.objects.filter(deleted_at__isnull=True)
    return found.select_related(
        "project", "category", "budget", "holiday_calendar", "jurisdiction", "margin_floor"
    ).prefetch_related("limits")


def vouchers() -> QuerySet[Voucher]:
    """Codes with all that their wire form needs: one query. Those of a campaign go with it."""
    return all_vouchers().filter(deleted_at__isnull=True, campaign__deleted_at__isnull=True)


def all_vouchers() -> QuerySet[Voucher]:
    """The same with those in the bin."""
    found: QuerySet[Voucher] = Voucher.objects.select_related(
        "project",
        "campaign",
        "campaign__category",
        "campaign__budget",
        "campaign__holiday_calendar",
        "category",
        "definition",
        "holder",
        "account",
    )
    return with_usage(found)


def promotion_tiers() -> QuerySet[PromotionTier]:
    """Tiers with all that decides about them but their terms; those of a campaign go with it."""
    return all_promotion_tiers().filter(deleted_at__isnull=True, campaign__deleted_at__isnull=True)


def all_promotion_tiers() -> QuerySet[PromotionTier]:
    """The same with those in the bin."""
    found: QuerySet[PromotionTier] = PromotionTier.objects.select_related(
        "project",
        "campaign",
        "campaign__category",
        "campaign__budget",
        "campaign__holiday_calendar",
        "category",
        "definition",
    )
    return found


def promotion_stacks() -> QuerySet[PromotionStack]:
    found: QuerySet[PromotionStack] = PromotionStack.objects.filter(
        campaign__deleted_at__isnull=True
    )
    return found.select_related("project", "campaign", "category")


def tiers_by_ids(*, ids: Sequence[str]) -> dict[str, PromotionTier]:
    """Tiers by their public ids. One query."""
    return {tier.public_id: tier for tier in promotion_tiers().filter(public_id__in=ids)}


def get_stack(*, reference: str) -> PromotionStack:
    """By id. Raises NotFound."""
    found: PromotionStack | None = promotion_stacks().filter(public_id=reference).first()
    if found is None:
        raise NotFound.of("promotion_stack", reference)
    return found


def tiers_of(stack: PromotionStack) -> list[str]:
    """The public ids of the tiers of a stack, in their sequence."""
    places = stack.places.filter(tier__deleted_at__isnull=True).order_by("position")
    return list(places.values_list("tier__public_id", flat=True))


def publications() -> QuerySet[Publication]:
    found: QuerySet[Publication] = Publication.objects.all()
    return found.select_related(
        "project",
        "customer",
        "campaign",
        "campaign__category",
        "voucher",
        "voucher__campaign",
        "voucher__definition",
        "voucher__account",
    )


def publications_of(voucher: Voucher) -> QuerySet[Publication]:
    """Also those that gave several codes at once."""
    return publications().filter(voucher_ids__contains=[voucher.public_id])


def with_usage(found: QuerySet[Voucher]) -> QuerySet[Voucher]:
    """Annotate `open_uses`: uses of codes without limit that are not folded yet."""
    deltas = UsageDelta.objects.filter(voucher=OuterRef("pk")).order_by().values("voucher")
    return found.annotate(open_uses=Subquery(deltas.annotate(n=Sum("count")).values("n")))


def with_own_terms(found: QuerySet[Voucher]) -> QuerySet[Voucher]:
    """Annotate `has_terms` and `has_rules`: whether codes have rules or limits of their own.

    `campaign_has_rules` says it of their campaigns.
    """
    own = {"voucher": OuterRef("pk")}
    ruled = Exists(RuleAssignment.objects.filter(**own))
    return found.annotate(
        has_rules=ruled,
        has_terms=ruled | Exists(Limit.objects.filter(**own)),
        campaign_has_rules=Exists(RuleAssignment.objects.filter(campaign=OuterRef("campaign"))),
    )


def note_rules(voucher: Voucher) -> None:
    """Let the campaign of a code of `with_own_terms` know whether it has rules."""
    if voucher.campaign is not None:
        vars(voucher.campaign)["has_rules"] = vars(voucher)["campaign_has_rules"]


def has_own_end(voucher: Voucher) -> bool:
    """Whether a life that began with its publication takes the place of its campaign's end."""
    campaign = voucher.campaign
    if campaign is None or campaign.type == PoolType.STANDALONE:
        return False
    lives = bool(campaign.activity_duration_after_publishing)
    return lives and voucher.publish_count > 0 and voucher.expires_at is not None


def redeemed_of(voucher: Voucher) -> int:
    """How often an annotated code is redeemed; what is folded and what is not."""
    return voucher.redeemed_count + (getattr(voucher, "open_uses", None) or 0)


def code_key(code: str) -> str:
    """What a typed code is compared by in the project of the scope."""
    project = tenancy.current_project()
    return codes.normalize(code, case_sensitive=project.case_sensitive_codes)


def vouchers_by_codes(*, codes: Sequence[str]) -> dict[str, Voucher]:
    """Codes by what the request called them: the code as typed, or a v_ id. One query."""
    keys = {reference: code_key(reference) for reference in codes}
    found = with_own_terms(vouchers()).filter(
        Q(code_key__in=set(keys.values())) | Q(public_id__in=set(codes))
    )
    by_key: dict[str, Voucher] = {}
    by_id: dict[str, Voucher] = {}
    for voucher in found:
        note_rules(voucher)
        by_key[voucher.code_key] = voucher
        by_id[voucher.public_id] = voucher
    matches = {name: by_key.get(key) or by_id.get(name) for name, key in keys.items()}
    return {name: voucher for name, voucher in matches.items() if voucher is not None}


def known_codes(*, codes: Sequence[str]) -> tuple[dict[str, Voucher], set[str]]:
    """Codes by what a file calls them, and the keys that are taken, also by those in the bin.

    With definitions, categories, accounts and open uses: four queries, however many there are.
    """
    keys = {code: code_key(code) for code in codes}
    ours = [code for code in codes if code.startswith("v_")]
    named = Q(code_key__among=[*keys.values()]) | Q(public_id__among=ours)
    rows = with_usage(Voucher.objects.filter(named).select_related("account"))
    rows = rows.annotate(campaign_deleted_at=F("campaign__deleted_at"))
    definitions = DefinitionVersion.objects.in_bulk({row.definition_id for row in rows})
    categories = Category.objects.in_bulk({row.category_id for row in rows} - {None})
    by_key: dict[str, Voucher] = {}
    by_id: dict[str, Voucher] = {}
    for row in rows:
        if row.deleted_at is None and vars(row)["campaign_deleted_at"] is None:
            row.definition = definitions[row.definition_id]
            row.category = categories.get(row.category_id)
            by_key[row.code_key] = by_id[row.public_id] = row
    found = {code: by_key.get(key) or by_id.get(code) for code, key in keys.items()}
    known: dict[str, Voucher] = {name: row for name, row in found.items() if row is not None}
    return known, {row.code_key for row in rows}


def get_voucher(*, reference: str) -> Voucher:
    """By code or v_ id. Raises NotFound."""
    found = vouchers_by_codes(codes=[reference]).get(reference)
    if found is None:
        raise NotFound.of("voucher", reference)
    return found


def get_campaign(*, reference: str) -> Campaign:
    """By id or name; an id wins. Raises NotFound."""
    found = list(campaigns().filter(Q(public_id=reference) | Q(name=reference))[:2])
    if not found:
        raise NotFound.of("campaign", reference)
    return next((row for row in found if row.public_id == reference), found[0])


def get_category(*, reference: str) -> Category:
    """By id. Raises NotFound."""
    found: Category | None = Category.objects.filter(public_id=reference).first()
    if found is None:
        raise NotFound.of("category", reference)
    return found


def is_referred(campaign: Campaign) -> bool:
    """Whether records of fact name the campaign, one of its codes or of its tiers."""
    paths: tuple[tuple[str, Any], ...] = (
        ("", Campaign),
        ("__campaign", Voucher),
        ("__campaign", PromotionTier),
    )
    for path, model in paths:
        for relation in model._meta.get_fields(include_hidden=True):
            protects = getattr(relation, "on_delete", None) is PROTECT and relation.auto_created
            if not protects or relation.related_model in _BELONGINGS:
                continue
            rows = relation.related_model.objects
            if rows.filter(**{f"{relation.field.name}{path}": campaign.pk}).exists():
                return True
    return False


# What goes with its campaign.
_BELONGINGS: set[Any] = {Voucher, PromotionTier, PromotionStack}


def stacking_rules() -> StackingRules | None:
    """The row of the project; without one it has the published defaults."""
    found: StackingRules | None = StackingRules.objects.first()
    return found


def stacking_types() -> dict[str, frozenset[str]]:
    """Public ids of the categories that say themselves how they stack, by their type."""
    typed = Category.objects.exclude(stacking_rules_type="")
    pairs = list(typed.values_list("public_id", "stacking_rules_type"))
    return {
        kind: frozenset(public_id for public_id, of in pairs if of == kind)
        for kind in StackingRulesType.values
    }


def rules_naming(public_id: str) -> list[str]:
    """Ids of the rules whose conditions or lists name an object, such as a segment, by its id."""
    text = Cast("definition__data", TextField())
    named = Q(text__contains=f'"{public_id}"') | Q(text__contains=f';{public_id}"')
    rows = ValidationRule.objects.annotate(text=text).filter(named)
    return list(rows.order_by("pk").values_list("public_id", flat=True))

"""What the lists of codes, campaigns, rules and publications may be filtered by."""

import django_filters
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from campaigns import queries
from campaigns.models import (
    Campaign,
    CampaignType,
    GenerationStatus,
    Publication,
    PublicationResult,
    RuleAssignment,
    RuleType,
    ValidationRule,
    Voucher,
    VoucherType,
)
from loyalty_project.core.api import filters, inputs, metadata_filters
from loyalty_project.core.api.errors import InvalidQuery
from loyalty_project.core.api.filters import Condition
from loyalty_project.core.api.listing import ProjectFilterSet

_NOTHING = Q(pk__in=[])


def states(condition: Condition) -> Q:
    """`$active` is enabled and not expired; the others are what they say."""
    expired = Q(expires_at__lte=condition.at)
    return {
        "$active": Q(active=True) & ~(expired & Q(expires_at__isnull=False)),
        "$expired": expired,
        "$enabled": Q(active=True),
        "$disabled": Q(active=False),
    }[condition.operator]


def generation(condition: Condition) -> Q:
    """The published `status` of campaigns is how far their codes are made."""
    names = {
        "$active": GenerationStatus.DONE,
        "$failed": GenerationStatus.FAILED,
        "$in_progress": GenerationStatus.IN_PROGRESS,
        "$draft": GenerationStatus.DRAFT,
        "$modifying": GenerationStatus.MODIFYING,
    }
    return Q(generation_status=names[condition.operator])


def days(condition: Condition) -> Q:
    found = Q()
    for value in condition.values:
        found |= Q(validity_day_of_week__contains=[filters.number_of(condition, value)])
    return ~found if condition.operator in {"$not_in", "$is_not"} else found


def timeframe(condition: Condition) -> Q:
    return Q(validity_timeframe__isnull=condition.operator == "$is_unknown")


def never(condition: Condition) -> Q:
    """Nothing is a referral code yet: `true` finds nothing, `false` everything."""
    wanted = {filters.text_of(condition, value) for value in condition.values}
    negated = condition.operator in {"$is_not", "$not_in"}
    return Q() if ("false" in wanted) != negated else _NOTHING


_PRESENCE = frozenset({"$has_value", "$is_unknown"})
_REFERRAL = filters.Custom(never, frozenset({"$is", "$is_not", "$in", "$not_in"}))
_DAYS = filters.Custom(days, frozenset({"$is", "$is_not", "$in", "$not_in"}))
_STATE = filters.Custom(states, frozenset({"$active", "$expired", "$enabled", "$disabled"}))

VOUCHERS = {
    "code": filters.Text("code_key", convert=queries.code_key),
    "campaign_id": filters.Text("campaign__public_id"),
    "campaign": filters.Text("campaign__name"),
    "campaign_ids": filters.Text("campaign__public_id"),
    "category_ids": filters.Text("any_category_id"),
    "categories": filters.Text("any_category"),
    "type": filters.Choice("type", {kind: kind for kind in VoucherType.values}),
    "active": _STATE,
    "redemption.redeemed_quantity": filters.Number("redeemed"),
    "redemption.quantity": filters.Number("redemption_limit"),
    "is_referral_code": _REFERRAL,
    "holder_id": filters.Text("holder__public_id"),
    "start_date": filters.Date("starts_at"),
    "expiration_date": filters.Date("expires_at"),
    "created_at": filters.Date("created_at"),
    "updated_at": filters.Date("updated_at"),
    "validity_day_of_week": _DAYS,
    "validity_timeframe": filters.Custom(timeframe, _PRESENCE),
    "metadata": metadata_filters.Metadata(),
}
CAMPAIGNS = {
    "campaigns": filters.Text("name"),
    "campaigns_id": filters.Text("public_id"),
    "campaign_status": filters.Choice(
        "generation_status", {status: status for status in GenerationStatus.values}
    ),
    "status": filters.Custom(
        generation, frozenset({"$active", "$failed", "$in_progress", "$draft", "$modifying"})
    ),
    "active": _STATE,
    "is_referral_code": _REFERRAL,
    "validity_timeframe": filters.Custom(timeframe, _PRESENCE),
    "validity_day_of_week": _DAYS,
    "voucher_type": filters.Text("voucher_template__type"),
    "type": filters.Choice("campaign_type", {kind: kind for kind in CampaignType.values}),
    "categories": filters.Text("category__name"),
    "category_ids": filters.Text("category__public_id"),
    "created_date": filters.Date("created_at"),
    "created_at": filters.Date("created_at"),
    "updated_at": filters.Date("updated_at"),
    "start_date": filters.Date("starts_at"),
    "expiration_date": filters.Date("expires_at"),
    "metadata": metadata_filters.Metadata(),
}
PUBLICATIONS = {
    "failure_code": filters.Text("failure_code"),
    "result": filters.Choice("result", {result: result for result in PublicationResult.values}),
    "customer_id": filters.Text("customer__public_id"),
    "campaign_name": filters.Text("campaign__name"),
    "voucher_type": filters.Text("voucher__type"),
    "is_referral_code": _REFERRAL,
    "parent_object_id": filters.Text("campaign__public_id"),
    "related_object_id": filters.Text("voucher__public_id"),
    "source_id": filters.Text("source_id"),
}

RULES = {
    "name": filters.Text("name"),
    "type": filters.Choice("type", {kind: kind for kind in RuleType.values}),
    "context_type": filters.Text("context_type"),
    "created_at": filters.Date("created_at"),
    "updated_at": filters.Date("updated_at"),
}


def filterable(rows: QuerySet[Voucher]) -> QuerySet[Voucher]:
    """Codes with what their filters compare: exact uses, and the category that counts."""
    return rows.annotate(
        redeemed=F("redeemed_count") + Coalesce(F("open_uses"), 0),
        any_category_id=Coalesce("category__public_id", "campaign__category__public_id"),
        any_category=Coalesce("category__name", "campaign__category__name"),
    )


class VoucherParams(ProjectFilterSet):
    code = django_filters.CharFilter(method="by_code", help_text="Exactly this code.")
    campaign = django_filters.CharFilter(
        method="by_campaign", help_text="The name of a campaign; `null` for codes of their own."
    )
    campaign_id = django_filters.CharFilter(
        field_name="campaign__public_id", help_text="The id of a campaign."
    )
    category = django_filters.CharFilter(method="by_category", help_text="Name or id.")
    customer = django_filters.CharFilter(
        method="by_customer", help_text="Id or source id of the holder."
    )
    ids = django_filters.CharFilter(method="by_ids", help_text="Ids, repeated.")

    def by_code(self, rows: QuerySet[Voucher], _name: str, value: str) -> QuerySet[Voucher]:
        return rows.filter(code_key=queries.code_key(value))

    def by_campaign(self, rows: QuerySet[Voucher], _name: str, value: str) -> QuerySet[Voucher]:
        if value == "null":
            return rows.filter(campaign__isnull=True)
        return rows.filter(campaign__name=value)

    def by_category(self, rows: QuerySet[Voucher], _name: str, value: str) -> QuerySet[Voucher]:
        return rows.filter(Q(any_category=value) | Q(any_category_id=value))

    def by_customer(self, rows: QuerySet[Voucher], _name: str, value: str) -> QuerySet[Voucher]:
        return rows.filter(Q(holder__public_id=value) | Q(holder__source_id=value))

    def by_ids(self, rows: QuerySet[Voucher], name: str, _value: str) -> QuerySet[Voucher]:
        return rows.filter(public_id__in=self.data.getlist(name))


class CampaignParams(ProjectFilterSet):
    campaign_type = django_filters.CharFilter(help_text="What it gives, e.g. DISCOUNT_COUPONS.")
    campaign_status = django_filters.ChoiceFilter(
        field_name="generation_status",
        choices=GenerationStatus.choices,
        help_text="How far its codes are made.",
    )
    is_referral_code = django_filters.BooleanFilter(
        method="by_referral", help_text="Whether its codes are referral codes."
    )

    def by_referral(self, rows: QuerySet[Campaign], _name: str, value: bool) -> QuerySet[Campaign]:
        return rows.none() if value else rows


class PublicationParams(ProjectFilterSet):
    campaign = django_filters.CharFilter(
        field_name="campaign__name", help_text="The name of a campaign."
    )
    customer = django_filters.CharFilter(method="by_customer", help_text="Id or source id.")
    voucher = django_filters.CharFilter(method="by_voucher", help_text="A code or its id.")
    result = django_filters.ChoiceFilter(
        choices=PublicationResult.choices, help_text="SUCCESS or FAILURE."
    )
    voucher_type = django_filters.CharFilter(
        field_name="voucher__type", help_text="The kind of code."
    )
    is_referral_code = django_filters.BooleanFilter(
        method="by_referral", help_text="Whether the code is a referral code."
    )
    source_id = django_filters.CharFilter(help_text="The id that the request gave.")

    def by_customer(
        self, rows: QuerySet[Publication], _name: str, value: str
    ) -> QuerySet[Publication]:
        return rows.filter(Q(customer__public_id=value) | Q(customer__source_id=value))

    def by_voucher(
        self, rows: QuerySet[Publication], _name: str, value: str
    ) -> QuerySet[Publication]:
        found = queries.vouchers_by_codes(codes=[value]).get(value)
        if found is None:
            return rows.none()
        return rows.filter(voucher_ids__contains=[found.public_id])

    def by_referral(
        self, rows: QuerySet[Publication], _name: str, value: bool
    ) -> QuerySet[Publication]:
        return rows.none() if value else rows


class RuleParams(ProjectFilterSet):
    start_date = django_filters.CharFilter(
        method="by_date", help_text="Made at this moment (ISO 8601) or later."
    )
    end_date = django_filters.CharFilter(
        method="by_date", help_text="Made at this moment (ISO 8601) or before."
    )

    def by_date(
        self, rows: QuerySet[ValidationRule], name: str, value: str
    ) -> QuerySet[ValidationRule]:
        found = inputs.moment(value)
        if found is None:
            raise InvalidQuery(f"Query param '{name}' must be a date and time in ISO 8601")
        return rows.filter(
            **{"created_at__gte" if name == "start_date" else "created_at__lte": found}
        )


class RuleAssignmentParams(ProjectFilterSet):
    related_object_id = django_filters.CharFilter(
        method="by_object", help_text="The id of a campaign, code or promotion tier."
    )
    rule = django_filters.CharFilter(field_name="rule__public_id", help_text="The id of a rule.")

    def by_object(
        self, rows: QuerySet[RuleAssignment], _name: str, value: str
    ) -> QuerySet[RuleAssignment]:
        return rows.filter(
            Q(campaign__public_id=value)
            | Q(voucher__public_id=value)
            | Q(promotion_tier__public_id=value)
        )

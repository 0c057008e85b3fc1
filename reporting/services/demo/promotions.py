"""The categories, campaigns and codes of a demo shop."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from campaigns.models import (
    Budget,
    Campaign,
    Category,
    DefinitionVersion,
    GenerationStatus,
    PoolType,
    Voucher,
)
from campaigns.services import definitions
from loyalty_project.core import codes, durations, money
from loyalty_project.core.models import Project, User
from reporting.services.demo import bulk, ids
from reporting.services.demo.plan import Promotion, Shop, Source, minor

CHARSET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_AMOUNTS = ("amount_off", "amount_limit")
_APOLOGIES_PER_THOUSAND = 5


@dataclass(slots=True)
class Pool:
    """Codes under the same terms; a campaign's, or those of the support desk without a campaign.

    `redeemed`, `holder` (a customer's number, -1 for none) and `given` (seconds since 1970) are
    columns, one entry per code. `taken` says which code a customer holds.
    """

    promotion: Promotion
    project: Project
    source: Source
    campaign: Campaign | None
    category: Category
    definition: DefinitionVersion
    codes: list[str]
    first_pk: int
    limit: int | None
    redeemed: array = field(default_factory=lambda: array("l"))
    holder: array = field(default_factory=lambda: array("l"))
    given: array = field(default_factory=lambda: array("q"))
    taken: dict[int, int] = field(default_factory=dict)
    next_free: int = 0

    def __post_init__(self) -> None:
        count = len(self.codes)
        self.redeemed.extend([0] * count)
        self.holder.extend([-1] * count)
        self.given.extend([0] * count)

    @property
    def key(self) -> str:
        return self.promotion.key

    def is_on(self, at: datetime) -> bool:
        off = self.promotion.disabled_at
        return not self.promotion.draft and (off is None or at < off)

    def give(self, customer: int, at: datetime) -> int:
        """Hand the next free code to a customer; its number."""
        index = self.next_free
        self.next_free += 1
        self.holder[index], self.given[index] = customer, int(at.timestamp())
        self.taken[customer] = index
        return index

    def expires_at(self, index: int) -> datetime | None:
        """When the code itself ends: some days after it was given, where the campaign says so."""
        if not self.promotion.lifetime or self.holder[index] < 0:
            return None
        given = datetime.fromtimestamp(self.given[index], UTC)
        lifetime = durations.parse(self.promotion.lifetime)
        return durations.add(given, lifetime, ZoneInfo(self.project.timezone))

    def voucher(self, index: int) -> Voucher:
        """The code as an unsaved row, with its present counts; its holder is left to the caller."""
        promotion, code = self.promotion, self.codes[index]
        is_single = self.campaign is None
        return Voucher(
            pk=self.first_pk + index,
            project=self.project,
            public_id=ids.make("v_", self.source.seed, self.source.slug, self.key, index),
            code=code,
            code_key=codes.normalize(code, case_sensitive=self.project.case_sensitive_codes),
            campaign=self.campaign,
            definition=self.definition,
            category=self.category if is_single else None,
            starts_at=promotion.starts_at if is_single else None,
            expires_at=self.expires_at(index),
            redemption_limit=self.limit,
            redeemed_count=self.redeemed[index],
            publish_count=int(self.holder[index] >= 0),
            metadata={"reason": promotion.metadata["reason"]} if is_single else {},
            additional_info=promotion.description if is_single else "",
            created_at=promotion.created_at + timedelta(seconds=2),
        )


def load(
    project: Project,
    shop: Shop,
    *,
    exponent: int,
    orders: int,
    codes_total: int,
    at: datetime,
    source: Source,
    owner: User,
    budget: Budget,
) -> list[Pool]:
    """Write categories, definitions and campaigns; the codes are made but not yet written."""
    promotions = [*shop.promotions(at, shop.zone), _apologies(shop, at)]
    counts = _counts(promotions, codes_total)
    categories = _categories(project, shop, at=at, source=source)
    first_campaign = bulk.reserve(Campaign, len(promotions))
    first_definition = bulk.reserve(DefinitionVersion, len(promotions))
    pools = []
    for number, promotion in enumerate(promotions):
        count = counts[promotion.key]
        definition = _definition(project, promotion, exponent)
        definition.pk = first_definition + number
        limit = _limit(promotion, orders)
        campaign = None
        if promotion.key != _APOLOGY_KEY:
            campaign = _campaign(project, promotion, count, source)
            campaign.pk = first_campaign + number
            campaign.category = categories[promotion.section]
            campaign.definition, campaign.owner = definition, owner
            campaign.budget = budget
            campaign.voucher_template = _template(promotion, definition, limit)
        pools.append(
            Pool(
                promotion=promotion,
                project=project,
                source=source,
                campaign=campaign,
                category=categories[promotion.section],
                definition=definition,
                codes=_codes(promotion, count, project, source),
                first_pk=bulk.reserve(Voucher, count),
                limit=limit,
            )
        )
    bulk.copy(categories.values())
    bulk.copy(pool.definition for pool in pools)
    bulk.copy(pool.campaign for pool in pools if pool.campaign is not None)
    return pools


_APOLOGY_KEY = "apology"


def _apologies(shop: Shop, at: datetime) -> Promotion:
    """The support desk's single codes, as if they were a campaign of their own."""
    return Promotion(
        key=_APOLOGY_KEY,
        name="",
        description=shop.apology.note,
        section=shop.apology.section,
        discount=shop.apology.discount,
        starts_at=None,
        created_at=at - timedelta(days=300),
        pattern=shop.apology.pattern,
        weight=1,
        published=60,
        metadata={"reason": shop.apology.reason},
    )


def _counts(promotions: list[Promotion], total: int) -> dict[str, int]:
    """How many codes each has: one if it is public, none as a draft, the rest by their shares."""
    single = max(1, total * _APOLOGIES_PER_THOUSAND // 1000)
    counts = {p.key: int(p.is_public) for p in promotions}
    counts[_APOLOGY_KEY] = single
    unique = [p for p in promotions if p.share]
    left = max(0, total - sum(counts.values()))
    parts = money.allocate(left, [p.share for p in unique])
    return counts | {p.key: part for p, part in zip(unique, parts, strict=True)}


def _categories(
    project: Project, shop: Shop, *, at: datetime, source: Source
) -> dict[str, Category]:
    created = at - timedelta(days=398)
    first_pk = bulk.reserve(Category, len(shop.sections))
    return {
        section.key: Category(
            pk=first_pk + number,
            project=project,
            public_id=ids.make("cat_", source.seed, source.slug, section.key),
            name=section.name,
            hierarchy=section.hierarchy,
            stacking_rules_type=section.stacking_rules_type,
            created_at=created,
            updated_at=created,
        )
        for number, section in enumerate(shop.sections)
    }


def _definition(project: Project, promotion: Promotion, exponent: int) -> DefinitionVersion:
    discount = {
        name: minor(value, exponent) if name in _AMOUNTS else value
        for name, value in promotion.discount.items()
    }
    return DefinitionVersion(
        project=project,
        data=definitions.read(data={"type": "DISCOUNT_VOUCHER", "discount": discount}),
        created_at=promotion.created_at,
        updated_at=promotion.created_at,
    )


def _limit(promotion: Promotion, orders: int) -> int | None:
    if promotion.limit_per_thousand is None:
        return promotion.uses
    return max(2, orders * promotion.limit_per_thousand // 1000)


def _campaign(project: Project, promotion: Promotion, count: int, source: Source) -> Campaign:
    kind = PoolType.AUTO_UPDATE if promotion.on_request else PoolType.STATIC
    hours = None
    if promotion.hours is not None:
        start, end = promotion.hours
        daily = {
            "days_of_week": list(promotion.days_of_week),
            "start_time": start,
            "expiration_time": end,
        }
        hours = {"daily": [daily]}
    return Campaign(
        project=project,
        public_id=ids.make("camp_", source.seed, source.slug, promotion.key),
        name=promotion.name,
        description=promotion.description,
        type=PoolType.STANDALONE if promotion.is_public else kind,
        active=promotion.disabled_at is None and not promotion.draft,
        starts_at=promotion.starts_at,
        expires_at=promotion.expires_at,
        validity_hours=hours,
        activity_duration_after_publishing=promotion.lifetime,
        join_once=not promotion.is_public,
        vouchers_count=count,
        generation_status=GenerationStatus.DRAFT if promotion.draft else GenerationStatus.DONE,
        metadata=dict(promotion.metadata),
        created_at=promotion.created_at,
        updated_at=promotion.disabled_at or promotion.created_at,
    )


def _template(
    promotion: Promotion, definition: DefinitionVersion, limit: int | None
) -> dict[str, Any]:
    """The published `voucher` of a campaign."""
    config = {"length": promotion.pattern.count("#"), "charset": CHARSET}
    if promotion.pattern:
        config |= {"pattern": promotion.pattern, "prefix": promotion.prefix}
    template: dict[str, Any] = {
        **definition.data,
        "redemption": {"quantity": limit},
        "is_referral_code": False,
    }
    return template if promotion.is_public else {**template, "code_config": config}


def _codes(promotion: Promotion, count: int, project: Project, source: Source) -> list[str]:
    if promotion.is_public:
        return [promotion.code]
    config = codes.CodeConfig(charset=CHARSET, pattern=promotion.pattern, prefix=promotion.prefix)
    random = source.stream(f"codes/{promotion.key}")
    return codes.generate(config, count, random, case_sensitive=project.case_sensitive_codes)


def rows(pools: list[Pool], *, first_customer: int) -> Iterator[Voucher]:
    """All codes, ready to be written."""
    for pool in pools:
        for index in range(len(pool.codes)):
            voucher = pool.voucher(index)
            changed = voucher.created_at
            if pool.holder[index] >= 0:
                voucher.holder_id = first_customer + pool.holder[index]
                changed = datetime.fromtimestamp(pool.given[index], UTC)
            voucher.updated_at = max(changed, voucher.created_at)
            yield voucher

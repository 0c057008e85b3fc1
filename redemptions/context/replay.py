"""What a replay plays by: the campaign's incentives, the project's terms and the catalog."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from campaigns import queries
from campaigns import snapshots as campaign_snapshots
from campaigns.engine.context import ApplicationMode, Context
from campaigns.engine.redeemable import Redeemable
from campaigns.models import Campaign, CampaignType, PoolType, Voucher
from campaigns.queries import offers
from campaigns.snapshots import terms
from campaigns.snapshots.terms import Terms
from loyalty_project.core.models import Project
from redemptions import snapshots
from redemptions.context.load import exponent
from redemptions.context.units import given
from rewards import queries as reward_queries
from rewards.models import Product
from rewards.queries import holding

ANYBODY = "one code for everybody"


def base(project: Project, redeemables: tuple[Redeemable, ...], begin: datetime) -> Context:
    """What holds for every order: the project's terms and what the campaign gives."""
    protection = terms.of_project(project)
    return Context(
        at=begin,
        time_zone=ZoneInfo(project.timezone),
        redeemables=redeemables,
        stacking=replace(
            campaign_snapshots.stacking(project),
            redeemables_application_mode=ApplicationMode.PARTIAL,
        ),
        # What is left to give away today says nothing of the past.
        catalog={name: replace(item, stock=None) for name, item in given(redeemables).items()},
        limits=protection.limits,
        margin=protection.margin,
        exponent=exponent(project, redeemables, begin),
        week_start=project.week_start,
    )


def redeemables_of(campaign: Campaign) -> tuple[Redeemable, ...]:
    """What the campaign gives, on and without its dates: a code for everybody, or its tiers."""
    shared = terms.of_campaigns([campaign])[campaign.pk]
    if campaign.campaign_type == CampaignType.PROMOTION:
        rows = list(offers.promotion_tiers_of(campaign))
        own = terms.of_tiers(rows)
        found = [
            campaign_snapshots.promotion_tier(row, under=terms.joined(own[row.pk], shared))
            for row in rows
        ]
    else:
        found = [_code(campaign, shared)]
    return tuple(_always(each) for each in found)


def _code(campaign: Campaign, shared: Terms) -> Redeemable:
    """Unused: the one code that a campaign has for everybody, else one that stands for all."""
    is_public = campaign.type == PoolType.STANDALONE
    row = queries.vouchers().filter(campaign=campaign).first() if is_public else None
    if row is not None:
        own = terms.of_vouchers([row.pk]).get(row.pk, terms.NONE)
        return campaign_snapshots.redeemable(row, redeemed=0, under=terms.joined(own, shared))
    voucher = Voucher(
        project=campaign.project,
        public_id="v_replay",
        code=ANYBODY,
        campaign=campaign,
        definition=campaign.definition,
    )
    return campaign_snapshots.redeemable(voucher, redeemed=0, under=shared)


def _always(redeemable: Redeemable) -> Redeemable:
    """On, and without the dates, which are yet to come; days and hours stay."""
    campaign = redeemable.campaign
    if campaign is not None:
        dateless = replace(campaign.validity, starts_at=None, ends_at=None)
        campaign = replace(campaign, active=True, validity=dateless)
    validity = replace(redeemable.validity, starts_at=None, ends_at=None)
    return replace(redeemable, active=True, campaign=campaign, validity=validity)


def collections(project: Project, at: datetime) -> dict[str, frozenset[str]]:
    """By the id of each product, the ids of the collections that it is in at this instant."""
    products = list(Product.objects.filter(deleted_at=None))
    found = holding.collections_of(project=project, products=products, skus=(), at=at)
    return {row.public_id: found.products[row.pk] for row in products}


def costs() -> dict[str, int | None]:
    """What a unit of each product and SKU costs now."""
    products = Product.objects.filter(deleted_at=None)
    return {
        **{row.public_id: snapshots.cost(None, row) for row in products},
        **{row.public_id: snapshots.cost(row, None) for row in reward_queries.all_skus()},
    }

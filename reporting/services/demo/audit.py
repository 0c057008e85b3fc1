"""The history of a demo shop: who made what, and who changed it since."""

from collections.abc import Iterable, Iterator
from copy import copy
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Model

from campaigns.models import Campaign, Category
from customers.models import Customer
from loyalty_project.core.models import ApiKey, AsyncAction, AsyncActionStatus, User
from reporting.services.demo import bulk, ids
from reporting.services.demo.people import Staff
from reporting.services.demo.plan import Shop, Source
from reporting.services.demo.promotions import Pool
from rewards.models import Product, Sku

_OFFICE = "203.0.113.17"
_SHOP_SERVER = "203.0.113.80"


def configuration(shop: Shop, pools: list[Pool], staff: Staff) -> None:
    """Who made and changed categories, products and campaigns."""
    admin, marketer = staff.of(shop, "Administrator"), staff.of(shop, "Marketer")
    for model in (Category, Product, Sku):
        by = admin if model is Category else marketer
        rows = model.objects.order_by("pk")
        bulk.copy(_made(row, row.created_at, by) for row in rows)
    campaigns = [pool.campaign for pool in pools if pool.campaign is not None]
    bulk.copy(_of_campaigns(shop, campaigns, pools, staff))


def imported(rows: Iterable[Customer], key: ApiKey) -> Iterator[Model]:
    """The first entry of each customer: the shop's server made it."""
    for customer in rows:
        entry = _entry(customer, "+", customer.created_at)
        entry.api_key_pk, entry.credential = key.pk, f"{key} (…{key.secret_hint})"
        entry.ip = _SHOP_SERVER
        yield entry


def tasks(shop: Shop, pools: list[Pool], staff: Staff, *, source: Source) -> None:
    """The background tasks that made the codes of the campaigns."""
    marketer = staff.of(shop, "Marketer")
    bulk.copy(
        _task(pool, marketer, source)
        for pool in pools
        if pool.campaign is not None and pool.codes and not pool.promotion.is_public
    )


def _of_campaigns(
    shop: Shop, campaigns: list[Campaign], pools: list[Pool], staff: Staff
) -> Iterator[Model]:
    """Drafted by the junior or the marketer, described and switched off by others."""
    marketer, manager = staff.of(shop, "Marketer"), staff.of(shop, "Manager")
    promotions = {pool.campaign.pk: pool.promotion for pool in pools if pool.campaign is not None}
    admin = staff.of(shop, "Administrator")
    for number, campaign in enumerate(campaigns):
        promotion = promotions[campaign.pk]
        first = copy(campaign)
        first.active = not promotion.draft
        first.description = "" if number % 2 else campaign.description
        yield _made(first, promotion.created_at, marketer)
        if not first.description:
            described = copy(campaign)
            described.active = first.active
            entry = _entry(described, "~", promotion.created_at + timedelta(minutes=47))
            yield _by(entry, admin if number % 4 == 1 else marketer)
        if promotion.disabled_at is not None:
            stopped = copy(campaign)
            stopped.active = False
            yield _by(_entry(stopped, "~", promotion.disabled_at), manager)


def _made(row: Model, when: datetime, by: User) -> Any:
    return _by(_entry(row, "+", when), by)


def _by(entry: Any, user: User) -> Any:
    entry.history_user, entry.ip = user, _OFFICE
    return entry


def _entry(row: Any, kind: str, when: datetime) -> Any:
    model = type(row).history.model
    values = {field.attname: getattr(row, field.attname) for field in model.tracked_fields}
    return model(
        **values, history_date=when, history_type=kind, history_change_reason=None, request_id=""
    )


def _task(pool: Pool, user: User, source: Source) -> AsyncAction:
    count, when = len(pool.codes), pool.promotion.created_at
    return AsyncAction(
        project=pool.project,
        public_id=ids.make("aa_", source.seed, source.slug, pool.key),
        type="CAMPAIGN.VOUCHERS_GENERATE",
        status=AsyncActionStatus.DONE,
        subject=pool.campaign.public_id if pool.campaign is not None else "",
        total=count,
        done=count,
        result={
            "message": f"{count} codes were made",
            "done_count": count,
            "failed_count": 0,
            "failed": [],
        },
        user=user,
        created_at=when,
        updated_at=when + timedelta(seconds=9),
        started_at=when + timedelta(seconds=1),
        finished_at=when + timedelta(seconds=9),
    )

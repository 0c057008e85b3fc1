"""Gift cards of a demo shop: sold, spent in part, one past its end, one with a purchase returned.

Made by the services that everybody uses, each at its own moment of the last two months.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F

from campaigns.models import Campaign, Voucher
from campaigns.services import campaigns, counting, gift_cards, jurisdictions, vouchers
from customers.models import Customer
from loyalty_project.core.context import acting
from loyalty_project.core.models import ApiKey, OutboxEvent, Project, User
from redemptions.context import Request, Wanted
from redemptions.models import Order
from redemptions.services import redemptions, rollbacks
from reporting.services.demo.people import Staff
from reporting.services.demo.plan import Shop, minor
from rewards.models import Product

SOLD = timedelta(days=60)
CARDS = 5
ORDERS = 4
# Days before the day of loading on which each card pays; the end of the third has come.
_FIRST, _SECOND, _ENDED, _RETURNED = 41, 6, 33, 12
_END = timedelta(days=9)
_BACK = timedelta(days=10)
_BY_HAND = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Cards:
    """A campaign of gift cards of one amount, in major units.

    `codes` are its five cards, `baskets` the source ids of what is bought with the first (twice),
    the third and the fourth of them.
    """

    name: str
    description: str
    section: str
    amount: str
    codes: tuple[str, str, str, str, str]
    baskets: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...]]
    extra: str
    extra_reason: str
    back_reason: str
    law: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Till:
    """Where the cards are used: the key that redeems, and who buys."""

    project: Project
    key: ApiKey
    order_prefix: str
    customers: tuple[str, ...]
    at: datetime


def moments(at: datetime) -> set[datetime]:
    """When anything was made here."""
    days = (_FIRST, _SECOND, _ENDED, _RETURNED)
    return {at - SOLD, at - _BACK, at - _BY_HAND, *(at - timedelta(days=day) for day in days)}


def load(
    project: Project, shop: Shop, staff: Staff, *, key: ApiKey, exponent: int, at: datetime
) -> None:
    """Write all of it; nobody is told any more."""
    cards: Cards = shop.cards
    owner = staff.of(shop, "Marketer")
    with acting(user=owner):
        made = _sell(project, cards, owner, exponent, at=at)
    oldest = Customer.objects.filter(anonymized_at=None).order_by("created_at", "pk")[:3]
    names = tuple(customer.public_id for customer in oldest)
    till = Till(project, key, shop.order_prefix, names, at)
    _use(till, cards, made)
    with acting(user=staff.of(shop, "Support agent")):
        gift_cards.change_balance(
            project=project,
            voucher=made[1],
            amount=minor(cards.extra, exponent),
            reason=cards.extra_reason,
            at=at - _BY_HAND,
        )
    counting.fold(project=project)
    # Rows say by themselves when they were saved, which is later than the moment they are of.
    Order.objects.filter(updated_at__gt=at).update(updated_at=F("created_at"))
    OutboxEvent.objects.filter(dispatched_at=None).delete()


def _sell(
    project: Project, cards: Cards, owner: User, exponent: int, *, at: datetime
) -> list[Voucher]:
    below = {"cash_out_below": minor(cards.law["cash_out_below"], exponent)}
    law = {**cards.law, **below, "is_default": True}
    jurisdictions.create(project=project, data=law, at=at - SOLD)
    amount = minor(cards.amount, exponent)
    gift = {"amount": amount, "effect": "APPLY_TO_ORDER"}
    data = {
        "name": cards.name,
        "description": cards.description,
        "category": cards.section,
        "owner": owner,
        "type": "AUTO_UPDATE",
        "campaign_type": "GIFT_VOUCHERS",
        "voucher": {"type": "GIFT_VOUCHER", "gift": gift},
    }
    campaign = campaigns.create(project=project, data=data, at=at - SOLD)
    return [_issue(campaign, code, place, at=at) for place, code in enumerate(cards.codes)]


def _issue(campaign: Campaign, code: str, place: int, *, at: datetime) -> Voucher:
    end = {"expiration_date": at - _END} if place == 2 else {}
    return vouchers.issue(
        project=campaign.project, campaign=campaign, data=end, code=code, at=at - SOLD
    )


def _use(till: Till, cards: Cards, made: list[Voucher]) -> None:
    first, second, third, fourth = cards.baskets
    _pay(till, made[0], first, number=1, days=_FIRST)
    _pay(till, made[2], third, number=2, days=_ENDED)
    returned = _pay(till, made[3], fourth, number=3, days=_RETURNED)
    with acting(api_key=till.key, channel="API"):
        rollbacks.roll_back(
            project=till.project,
            reference=returned,
            wish=rollbacks.Wish(reason=cards.back_reason),
            at=till.at - _BACK,
        )
    _pay(till, made[0], second, number=4, days=_SECOND)


def _pay(till: Till, card: Voucher, basket: tuple[str, ...], *, number: int, days: int) -> str:
    """Buy a basket with as much of a card as it takes; the id of the redemption."""
    goods = Product.objects.filter(source_id__in=basket).order_by("pk")
    items = [
        {"product_id": product.public_id, "quantity": 1, "price": product.price}
        for product in goods
    ]
    request = Request(
        redeemables=(Wanted("voucher", card.code),),
        order={"source_id": f"{till.order_prefix}G{number}", "items": items},
        customer={"id": till.customers[number % len(till.customers)]},
    )
    with acting(api_key=till.key, channel="API"):
        done = redemptions.redeem(
            project=till.project, request=request, at=till.at - timedelta(days=days)
        )
    return done.redemptions[0].public_id

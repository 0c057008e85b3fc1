"""What is sold under fire: codes, a limited campaign, a budget, gift cards, and who hears of it."""

from dataclasses import dataclass

from django.core.files.base import ContentFile

from campaigns.services import campaigns, vouchers
from customers.services import imports
from loyalty_project.core import clock, tenancy
from loyalty_project.core.services import api_keys, projects, webhooks

EVENTS = ("redemption.succeeded", "redemption.rollback.succeeded")
DISCOUNT = {"type": "AMOUNT", "amount_off": 500}
ORDER, SPENT = 2_000, 700
CODES, CARDS = 12, 4
BAD_EVERY = 100


@dataclass(frozen=True)
class Shop:
    """`codes` are redeemed by everybody, `cards` spent in parts; `generated` codes are on order.

    `imported` lines of a file of customers are on order too, every hundredth without a good date.
    """

    project: object
    headers: dict
    codes: tuple
    cards: tuple
    generated: int
    imported: int


def opened(receiver, *, uses, generated, imported):
    """A project whose limits are reached after about so many `uses` of each kind."""
    at = clock.now()
    project = projects.create(name="Faults", at=at, currency="EUR", timezone="UTC")
    with tenancy.scope(project):
        key = api_keys.create(project=project, name="Clients", rate_limit=100_000_000)
        for event in EVENTS:
            webhooks.create(project=project, target_url=receiver.url(f"/{event}"), events=[event])
        limited = _campaign(project, {"measure": "redemptions", "value": uses})
        budget = _campaign(project, {"measure": "discount", "value": uses * 500 + 250})
        codes = [
            *(_code(project, f"LIMITED-{n}", {"quantity": uses // 4}) for n in range(CODES)),
            *(_code(project, f"CAMPAIGN-{n}", {}, campaign=limited) for n in range(3)),
            *(_code(project, f"BUDGET-{n}", {}, campaign=budget) for n in range(3)),
            *(_code(project, f"OPEN-{n}", {}) for n in range(2)),
        ]
        cards = [_card(project, f"CARD-{n}", uses * SPENT + 300) for n in range(CARDS)]
        _generate(project, generated)
        _import(project, imported)
    headers = {"X-App-Id": key.key.app_id, "X-App-Token": key.secret}
    return Shop(project, headers, tuple(codes), tuple(cards), generated, imported)


def _campaign(project, *limits):
    voucher = {"type": "DISCOUNT_VOUCHER", "discount": DISCOUNT}
    data = {"name": str(limits), "type": "STATIC", "voucher": voucher, "limits": list(limits)}
    return campaigns.create(project=project, data=data, at=clock.now())


def _code(project, code, redemption, *, campaign=None):
    kind = {"type": "DISCOUNT_VOUCHER", "discount": DISCOUNT}
    more = kind if campaign is None else {"campaign": campaign.public_id}
    data = {"code": code, "redemption": {"quantity": None} | redemption, **more}
    return vouchers.create(project=project, data=data, at=clock.now()).code


def _card(project, code, amount):
    data = {"type": "GIFT_VOUCHER", "gift": {"amount": amount}}
    return vouchers.create(project=project, data=data, code=code, at=clock.now()).code


def _generate(project, count):
    """A worker makes these codes while it is killed."""
    data = {
        "name": "Generated",
        "type": "STATIC",
        "vouchers_count": count,
        "voucher": {"type": "DISCOUNT_VOUCHER", "discount": DISCOUNT},
    }
    campaigns.create(project=project, data=data, at=clock.now())


def _import(project, count):
    """A worker reads this file while it is killed."""
    lines = (
        f"imported-{n},Imported {n},{'yesterday' if n % BAD_EVERY == 0 else '1990-04-01'}\n"
        for n in range(count)
    )
    text = "source_id,name,birthdate\n" + "".join(lines)
    upload = ContentFile(text.encode(), name="customers.csv")
    imports.start_csv(project=project, upload=upload, at=clock.now())

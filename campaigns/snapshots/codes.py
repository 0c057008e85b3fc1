"""Codes as the engine evaluates them; no queries, no decisions."""

from dataclasses import dataclass

from campaigns import queries
from campaigns.engine import facts
from campaigns.engine import redeemable as engine
from campaigns.engine.effects.credit import CreditDiscount
from campaigns.models import Voucher
from campaigns.serializers.voucher import category_of
from campaigns.snapshots import definitions, terms, validity


@dataclass(frozen=True, slots=True)
class Held:
    """What other sessions hold of a code, and of a card in minor units, not in its balance."""

    uses: int = 0
    credits: int = 0


FREE = Held()


def redeemable(
    voucher: Voucher,
    *,
    redeemed: int,
    under: terms.Terms = terms.NONE,
    balance: int = 0,
    asked: int | None = None,
    held: Held = FREE,
) -> engine.Redeemable:
    """A code with its campaign, category and definition; `redeemed` is its exact count.

    `under` are the terms of its campaign and its own. A card can spend its `balance`, `asked` is
    what the request wants of that. `held` is what other sessions hold. `facts` holds the row under
    "voucher".
    """
    campaign = voucher.campaign
    category = category_of(voucher)
    own_end = queries.has_own_end(voucher)
    found = engine.Redeemable(
        kind=engine.Kind.VOUCHER,
        id=voucher.public_id,
        code=voucher.code,
        type=voucher.type,
        active=voucher.active,
        campaign=validity.campaign(campaign, with_end=not own_end) if campaign else None,
        validity=validity.validity(voucher),
        usage=facts.Usage(limit=voucher.redemption_limit, redeemed=redeemed, held=held.uses),
        discount=_discount(voucher, balance, asked, held.credits),
        categories=(validity.category(category),) if category is not None else (),
        metadata=voucher.metadata,
        publish_count=voucher.publish_count,
        holder_ids=_holder_ids(voucher),
        wanted={} if asked is None else {"gift_amount": asked},
        facts={"voucher": voucher},
    )
    return terms.assign(found, under)


def _discount(
    voucher: Voucher, balance: int, asked: int | None, held: int
) -> engine.Discount | None:
    gift = voucher.definition.data.get("gift")
    if gift is None:
        return definitions.discount(voucher.definition)
    return CreditDiscount(effect=gift["effect"], balance=balance, wanted=asked, held=held)


def missing(reference: str) -> engine.Redeemable:
    """What a request calls a code and nobody else does."""
    return engine.Redeemable(kind=engine.Kind.VOUCHER, id=reference, code=reference, exists=False)


def _holder_ids(voucher: Voucher) -> frozenset[str]:
    holder = voucher.holder
    if holder is None:
        return frozenset()
    return frozenset(each for each in (holder.public_id, holder.source_id) if each)

"""The products and SKUs that discounts give."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from campaigns.engine import facts
from campaigns.engine.effects.unit import UnitDiscount
from campaigns.engine.redeemable import Redeemable
from redemptions import snapshots
from redemptions.context.request import Loaded
from rewards import queries as reward_queries


def types(redeemables: Sequence[Redeemable]) -> list[str]:
    """What they name of the catalog."""
    return [
        unit.unit_type
        for redeemable in redeemables
        if isinstance(redeemable.discount, UnitDiscount)
        for unit in redeemable.discount.units
    ]


def with_units(*, loaded: Loaded, redeemables: Sequence[Redeemable]) -> Loaded:
    """With the products that these give, for redeemables that were not known at the beginning."""
    known = loaded.context.catalog
    if all(name in known for name in types(redeemables)):
        return loaded
    more = {**known, **given(redeemables)}
    return replace(loaded, context=replace(loaded.context, catalog=more))


def given(redeemables: Sequence[Redeemable]) -> Mapping[str, facts.Product | facts.Sku]:
    """The products and SKUs that these give, by the id that they name."""
    named = types(redeemables)
    return catalog(named, reward_queries.find_items(references=named)) if named else {}


def catalog(
    units: Sequence[str], known: snapshots.Catalog
) -> Mapping[str, facts.Product | facts.Sku]:
    """Those of the catalog that `units` name, by these names."""
    found: dict[str, facts.Product | facts.Sku] = {}
    for unit_type in units:
        if unit_type in known.skus:
            found[unit_type] = snapshots.sku(known.skus[unit_type])
        elif unit_type in known.products:
            found[unit_type] = snapshots.product(known.products[unit_type])
    return found

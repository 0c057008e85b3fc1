"""A second engine, slow and obvious: units in a list, fractions, every combination in turn."""

from dataclasses import replace
from fractions import Fraction
from itertools import combinations

from campaigns.engine.context import Context
from campaigns.engine.evaluate import evaluate
from campaigns.engine.results import Applied


def half_up(value):
    whole = value.numerator // value.denominator
    return whole + (value - whole >= Fraction(1, 2))


def bogo(lines, *, buy, get, percent):
    """Discount per line of "buy N, get M of the same at P %", the dearest units bought first.

    `lines` are pairs of quantity and unit price.
    """
    units = [
        (price, index) for index, (quantity, price) in enumerate(lines) for _ in range(quantity)
    ]
    units.sort(key=lambda unit: (-unit[0], -lines[unit[1]][0] * unit[0], unit[1]))
    taken = [0] * len(lines)
    bought = given = 0
    for _, index in units:
        if bought < buy:
            bought += 1
            continue
        taken[index] += 1
        given += 1
        if given == get:
            bought = given = 0
    return tuple(
        half_up(Fraction(count * price * percent, 100))
        for count, (_, price) in zip(taken, lines, strict=True)
    )


def split(total, weights):
    """Shares by largest remainder, the earlier one first among equals, one unit after another."""
    exact = [Fraction(total * weight, sum(weights)) for weight in weights]
    parts = [value.numerator // value.denominator for value in exact]
    while sum(parts) < total:
        rests = [value - part for value, part in zip(exact, parts, strict=True)]
        parts[rests.index(max(rests))] += 1
    return tuple(parts)


def stack(amounts, discounts):
    """The order's and lines' discounts after amounts and percentages, one after another.

    `discounts` are triples of "AMOUNT" or "PERCENT", value and effect.
    """
    lines, off_order = [0] * len(amounts), 0
    for kind, value, effect in discounts:
        left = sum(amounts) - sum(lines) - off_order
        if effect == "APPLY_TO_ORDER":
            wanted = value if kind == "AMOUNT" else half_up(Fraction(left * value, 100))
            off_order += min(wanted, left)
            continue
        subtotals = [amount - off for amount, off in zip(amounts, lines, strict=True)]
        wanted = [
            min(value, rest) if kind == "AMOUNT" else half_up(Fraction(rest * value, 100))
            for rest in subtotals
        ]
        if sum(wanted) > left:
            wanted = split(left, wanted)
        lines = [off + more for off, more in zip(lines, wanted, strict=True)]
    return off_order, tuple(lines)


def best_saving(context: Context) -> int:
    """What the best combination saves: every combination is tried as it stands."""
    best = 0
    for size in range(1, len(context.redeemables) + 1):
        for chosen in combinations(context.redeemables, size):
            evaluation = evaluate(replace(context, redeemables=chosen))
            everything = all(isinstance(result, Applied) for result in evaluation.results)
            if everything and evaluation.order is not None:
                best = max(best, evaluation.order.total_applied_discount_amount)
    return best

"""The best of 12 incentives, adversarial mixes of all kinds of discounts, rules and stacking."""

import random
from dataclasses import replace

from campaigns.engine import best
from tests.benchmarks import timing
from tests.campaigns.engine.test_best import random_request

REQUESTS = 200


def measure():
    """Of carts of up to 20 lines, by the processor; `of_one_step` is p95 to one evaluation."""
    rng = random.Random(50)
    found, single = [], []
    for number in range(REQUESTS):
        request = random_request(rng, best.REDEEMABLES_MAX, 20)
        if number % 3:
            stacking = replace(request.stacking, applicable_redeemables_limit=5)
            request = replace(request, stacking=stacking)
        one = replace(request, redeemables=request.redeemables[:1])
        found.append(timing.spent(lambda request=request: best.best(request)))
        single.append(timing.spent(lambda one=one: best.best(one)))
    figures = timing.spread(found)
    return {
        "best of 12": {
            **figures,
            "to_best_of_1": round(figures["p50_ms"] / timing.spread(single)["p50_ms"], 1),
        }
    }

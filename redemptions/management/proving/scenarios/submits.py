"""The same request several times at once, under its Idempotency-Key."""

from collections.abc import Iterator

from redemptions.management.proving import wire
from redemptions.management.proving.findings import Finding, equal
from redemptions.management.proving.shop import Shop
from redemptions.models import Redemption

TIMES = 4


def run(shop: Shop) -> Iterator[Finding]:
    """Keys with four sends each; then one key for another body."""
    code = shop.code().code
    keys = [shop.name("key") for _ in range(shop.threads)]
    jobs = [wire.redeem(shop.headers, code, key) for key in keys] * TIMES
    shop.rng.shuffle(jobs)
    answers = shop.at_once(jobs)
    effects = Redemption.objects.filter(metadata__key__in=keys, result="SUCCESS").count()
    yield equal("each key has one effect", effects, len(keys))
    bodies = {answer.body for answer in answers.results}
    yield equal("each key has one answer", len(bodies), len(keys))
    replayed = sum(answer.replayed for answer in answers.results)
    yield equal("and says so when it is repeated", replayed, len(keys) * (TIMES - 1))
    other = wire.redeem(shop.headers, code, keys[0], amount=1)
    (answer,) = shop.at_once([other]).results
    yield equal("another body under a used key is refused", answer.status, 400)
    yield Finding("nothing failed", not answers.failures, "; ".join(answers.failures[:3]))

"""Sessions that hold, extend, redeem and release, while others buy and the sweep goes round."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from loyalty_project.core import clock
from loyalty_project.core.errors import NotFound
from loyalty_project.core.models import Project
from redemptions.context import Request, Wanted
from redemptions.management.proving.findings import Finding, equal
from redemptions.management.proving.shop import AMOUNT_OFF, ORDER, Answers, Job, Shop
from redemptions.services import holds, releases, validations
from redemptions.services.validations import Validated
from redemptions.usage import Session

_LONG, _OVER = timedelta(hours=1), timedelta(microseconds=1)


def run(shop: Shop) -> Iterator[Finding]:
    """A campaign, a code and a card with room for some of them, then what has expired."""
    room = _room(shop)
    campaign = shop.campaign(
        {"measure": "redemptions", "value": room},
        {"measure": "discount", "value": room * AMOUNT_OFF, "period": "day"},
        {"measure": "customers", "value": 10**3},
    )
    for code in (shop.code(campaign).code, shop.code(limit=room).code, _card(shop)):
        yield from _fought(shop, code)
    yield from _over(shop)


def _fought(shop: Shop, code: str) -> Iterator[Finding]:
    keys = [shop.name("session") for _ in range(2 * shop.threads)]
    answers = shop.at_once([_hold(shop, code, key) for key in keys])
    held = _keys(answers)
    yield equal("as many hold it as there is room", len(held), _room(shop))
    yield equal(
        "and the others have an answer", (len(answers.results), answers.failures), (len(keys), [])
    )
    let_go, kept = held[:1], held[1:]
    storm = [_redeem(shop, code, key) for key in kept] * 2
    storm += [_hold(shop, code, key) for key in kept]
    storm += [_release(shop, key) for key in let_go] * 3
    storm += [_sweep(shop)] * 3
    shop.rng.shuffle(storm)
    answers = shop.at_once(storm)
    done = {one.redemptions[0].session_key for one in answers.redeemed}
    yield equal("who held it got it", done, set(kept))
    yield equal("what was released was so once", answers.results.count("released"), len(let_go))
    for key in keys:
        shop.at_once([_release(shop, key)])
    left = shop.at_once([_redeem(shop, code, shop.name("session")) for _ in keys])
    yield equal("nothing is lost", len(answers.redeemed) + len(left.redeemed), _room(shop))


def _over(shop: Shop) -> Iterator[Finding]:
    """What nobody swept is in nobody's way, and is not given back twice."""
    code = shop.code(limit=_room(shop)).code
    keys = [shop.name("session") for _ in range(_room(shop))]
    shop.at_once([_hold(shop, code, key, lifetime=_OVER) for key in keys])
    jobs = [shop.buy(code)] * shop.threads + [_sweep(shop)] * 2
    jobs += [_hold(shop, code, key, lifetime=_OVER) for key in keys]
    shop.rng.shuffle(jobs)
    sold = len(shop.at_once(jobs).redeemed)
    sold += len(shop.at_once([shop.buy(code)] * _room(shop)).redeemed)
    yield equal("what has expired is sold", sold, _room(shop))


def _room(shop: Shop) -> int:
    """For two at least: one lets go and one stays."""
    return shop.half + 1


def _card(shop: Shop) -> str:
    """A gift card that pays for as many as there is room."""
    gift = {"amount": _room(shop) * ORDER}
    return shop.code(type="GIFT_VOUCHER", gift=gift, discount=None).code


def _request(code: str, key: str, lifetime: timedelta = _LONG) -> Request:
    session = Session(key, is_whole=True, lifetime=lifetime)
    wanted, customer = (Wanted("voucher", code),), {"source_id": key}
    return Request(redeemables=wanted, order={"amount": ORDER}, customer=customer, session=session)


def _hold(shop: Shop, code: str, key: str, *, lifetime: timedelta = _LONG) -> Job:
    request = _request(code, key, lifetime)

    def job() -> Validated:
        project, at = _now(shop), clock.now()
        found = validations.validate(project=project, request=request, at=at)
        return holds.hold(project=project, validated=found, at=at)

    return job


def _redeem(shop: Shop, code: str, key: str) -> Job:
    request = _request(code, key)
    return shop.buy(code, customer=request.customer, session=request.session)


def _release(shop: Shop, key: str) -> Job:
    def job() -> str:
        try:
            releases.release_session(project=_now(shop), session_key=key, at=clock.now())
        except NotFound:
            return "gone"
        return "released"

    return job


def _sweep(shop: Shop) -> Job:
    def job() -> Any:
        return releases.sweep(project=_now(shop), at=clock.now())

    return job


def _keys(answers: Answers) -> Sequence[str]:
    found = (one for one in answers.results if isinstance(one, Validated) and one.evaluation.valid)
    return [one.request.session.key for one in found if one.request.session is not None]


def _now(shop: Shop) -> Project:
    return Project.objects.get(pk=shop.project.pk)

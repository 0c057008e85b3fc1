"""A change of how incentives go together is true for everybody when the call returns."""

import threading

import pytest
from django.db import transaction

from campaigns.services import categories, stacking_rules, state
from loyalty_project.core import clock, guarded
from loyalty_project.core.models import Project
from redemptions.context import Request, Wanted
from redemptions.services import redemptions
from tests.factories.category import CategoryFactory

pytestmark = pytest.mark.django_db(transaction=True)


def change_rules(project):
    stacking_rules.create(project=project, data={}, at=clock.now())


def move_category(project):
    category = CategoryFactory(hierarchy=7)

    def change(project):
        categories.update(project=project, category=category, data={"hierarchy": 1}, at=clock.now())

    return change


@pytest.fixture(params=["rules", "category"])
def change(request, in_project):
    return change_rules if request.param == "rules" else move_category(in_project)


def test_a_change_waits_for_whoever_relies_on_the_rules(at_once, in_project, change):
    relied, done = threading.Event(), []

    def rely():
        with transaction.atomic():
            guarded.run(state.share_combinations(project=in_project))
            relied.set()
            threading.Event().wait(0.3)
            done.append("relied")

    def alter():
        relied.wait(5)
        change(Project.objects.get(pk=in_project.pk))
        done.append("changed")

    assert at_once([rely, alter]) == [None, None]
    assert done == ["relied", "changed"]


def test_nobody_relies_on_the_rules_from_before_a_change(in_project, change):
    before = Project.objects.get(pk=in_project.pk)
    change(Project.objects.get(pk=in_project.pk))

    with pytest.raises(guarded.GuardRefused, match="configuration"), transaction.atomic():
        guarded.run(state.share_combinations(project=before))


def redeemed_while_changed(at_once, code, project, inside):
    """The codes that a redemption used which began before an exclusive category was made."""
    loyalty = CategoryFactory(name="Loyalty")
    code("GENERAL")
    code("LOYALTY", category=loyalty)
    wanted = tuple(Wanted("voucher", name) for name in ("GENERAL", "LOYALTY"))

    def redeem():
        request = Request(redeemables=wanted, order={"amount": 2000})
        mine = Project.objects.get(pk=project.pk)
        return redemptions.redeem(project=mine, request=request, at=clock.now())

    def change():
        inside.wait(5)
        stacking_rules.create(
            project=Project.objects.get(pk=project.pk),
            data={"exclusive_categories": [loyalty.public_id]},
            at=clock.now(),
        )

    done, nothing = at_once([redeem, change])
    assert nothing is None
    return [redemption.voucher.code for redemption in done.redemptions]


def test_a_redemption_under_way_follows_the_new_rules(at_once, code, in_project, paused):
    inside = paused(redemptions.evaluate, "evaluate")

    assert redeemed_while_changed(at_once, code, in_project, inside) == ["LOYALTY"]


def test_without_the_guard_it_would_follow_the_old_ones(
    at_once, code, in_project, paused, monkeypatch
):
    monkeypatch.setattr(state, "share_combinations", lambda **_values: [])
    inside = paused(redemptions.evaluate, "evaluate")

    assert redeemed_while_changed(at_once, code, in_project, inside) == ["GENERAL", "LOYALTY"]


def test_two_sets_of_rules_at_the_same_moment_are_one(at_once, in_project):
    results = at_once([lambda: change_rules(Project.objects.get(pk=in_project.pk))] * 3)

    refused = [r for r in results if isinstance(r, stacking_rules.StackingRulesExist)]
    assert (len(refused), results.count(None)) == (2, 1)

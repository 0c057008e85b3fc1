"""A change of how incentives go together is true for everybody when the call returns."""

import threading

import pytest
from django.db import transaction

from campaigns.services import categories, stacking_rules, state
from loyalty_project.core import clock, guarded
from loyalty_project.core.models import Project
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


def test_two_sets_of_rules_at_the_same_moment_are_one(at_once, in_project):
    results = at_once([lambda: change_rules(Project.objects.get(pk=in_project.pk))] * 3)

    refused = [r for r in results if isinstance(r, stacking_rules.StackingRulesExist)]
    assert (len(refused), results.count(None)) == (2, 1)

"""Configuration that a process keeps until the version of the project rises."""

import pytest
from django.db import transaction

from loyalty_project.core import tenancy, versioned
from loyalty_project.core.models import Project
from loyalty_project.core.services import projects

pytestmark = pytest.mark.django_db


@pytest.fixture
def loads():
    return []


@pytest.fixture
def kept(loads):
    """Keeps how often it was loaded."""

    def load(project):
        loads.append((project.slug, tenancy.active_project()))
        return len(loads)

    return versioned.Kept(load)


def read(project):
    """As the first query of a request reads it."""
    return Project.objects.get(pk=project.pk)


def test_loads_once_in_the_scope_of_the_project(kept, loads, project):
    assert [kept.of(read(project)), kept.of(read(project))] == [1, 1]
    assert loads == [("roaster", project)]


def test_loads_again_after_a_change(kept, project):
    kept.of(read(project))

    projects.bump_version(project=read(project))

    assert [kept.of(read(project)), kept.of(read(project))] == [2, 2]


def test_keeps_projects_apart(kept, project, other_project):
    assert [kept.of(read(project)), kept.of(read(other_project)), kept.of(read(project))] == [
        1,
        2,
        1,
    ]


def test_a_request_that_began_before_a_change_does_not_undo_it(kept, project):
    early = read(project)
    projects.bump_version(project=read(project))
    kept.of(read(project))

    assert [kept.of(early), kept.of(read(project))] == [2, 1]


@pytest.mark.parametrize("change", [projects.bump_version, projects.update])
def test_keeps_nothing_of_a_change_that_did_not_happen(kept, project, at, change):
    extra = {"at": at} if change is projects.update else {}
    with transaction.atomic():
        mine = read(project)
        mine = change(project=mine, **extra) or mine
        assert kept.of(mine) == 1
        transaction.set_rollback(True)
    projects.bump_version(project=read(project))

    assert mine.version == read(project).version
    assert kept.of(read(project)) == 2


def test_keeps_nothing_of_changes_that_are_counted_at_their_end(kept, project):
    mine = read(project)
    with projects.bumping_once():
        projects.bump_version(project=mine)
        assert kept.of(mine) == 1

    assert kept.of(read(project)) == 2

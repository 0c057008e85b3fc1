"""A short run holds, and does not where a guard is missing."""

import pytest
from django.core.management import CommandError, call_command

from loyalty_project.core.models import Project
from redemptions.management.proving.mutations import MUTATIONS
from redemptions.management.proving.scenarios import SCENARIOS

pytestmark = pytest.mark.django_db(transaction=True)


def prove(capsys, *options, threads=3):
    """The report, and whether it says that everything holds."""
    try:
        call_command("prove", f"--threads={threads}", *options)
    except CommandError as error:
        return f"{capsys.readouterr().out}{error}", False
    return capsys.readouterr().out, True


def test_it_holds(reference, capsys):
    """All but the story whose point is a lock timeout."""
    stories = [f"--only={name}" for name in SCENARIOS if name != "pauses"]

    report, holds = prove(capsys, *stories, threads=2)

    assert holds, report
    assert "FAIL" not in report
    assert report.endswith("PROVED\n")
    assert not Project.objects.exists()


@pytest.mark.parametrize("name", MUTATIONS)
def test_it_fails_without(reference, capsys, name):
    report, holds = prove(capsys, f"--mutate={name}", f"--only={MUTATIONS[name].scenario}")

    assert not holds, report
    assert "NOT PROVED" in report
    assert not Project.objects.exists()

"""A short run holds, and does not where a guard is missing."""

import pytest
from django.core.management import CommandError, call_command

from loyalty_project.core.models import Project
from redemptions.management.proving.mutations import MUTATIONS

pytestmark = pytest.mark.django_db(transaction=True)


def prove(capsys, *options):
    """The report, and whether it says that everything holds."""
    try:
        call_command("prove", "--threads=4", *options)
    except CommandError as error:
        return f"{capsys.readouterr().out}{error}", False
    return capsys.readouterr().out, True


def test_it_holds(reference, capsys):
    report, holds = prove(capsys)

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

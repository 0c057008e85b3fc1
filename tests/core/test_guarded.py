"""Statements that refuse as a whole."""

import pytest
from django.db import DataError, connection, transaction

from loyalty_project.core import guarded, tenancy
from loyalty_project.core.guarded import GuardRefused, Statement
from loyalty_project.core.models import OutboxEvent, Project

pytestmark = pytest.mark.django_db
RENAME = "UPDATE core_project SET name = %s WHERE id = %s AND name = %s"


def test_sends_all_in_their_order(project):
    guarded.run(
        [
            Statement(RENAME, ("B", project.pk, "Roaster"), rows=1),
            Statement(RENAME, ("C", project.pk, "B"), rows=1),
            Statement("SELECT 1 FROM core_project WHERE false"),
        ]
    )

    project.refresh_from_db()
    assert project.name == "C"


def test_refuses_when_one_does_not_touch_its_rows(project):
    taken = Statement(RENAME, ("C", project.pk, "Roaster"), rows=1, about="the name")

    with (
        pytest.raises(GuardRefused, match="the name: 0 rows instead of 1") as refused,
        transaction.atomic(),
    ):
        guarded.run([Statement(RENAME, ("B", project.pk, "Roaster"), rows=1), taken])

    assert refused.value.statement is taken
    project.refresh_from_db()
    assert project.name == "Roaster"


def test_counts_the_rows_of_a_question_too(project):
    asked = Statement("SELECT 1 FROM core_project WHERE id = %s", (project.pk,), rows=1)

    guarded.run([asked])

    assert not connection.needs_rollback


def test_raises_errors_of_the_database_as_single_queries_do(project):
    with pytest.raises(DataError), transaction.atomic():
        guarded.run([Statement("SELECT 1 / %s", (0,))])


def test_inserts_new_rows_together_with_other_statements(project, at):
    names = [f"about-{number}" for number in range(guarded.INSERTED_MAX + 1)]
    data = {"é": [1, None]}
    rows = [
        OutboxEvent(
            project=project, type="a.b", subject=each, data={"é": [1, None]}, occurred_at=at
        )
        for each in names
    ]

    statements = guarded.inserts(rows)
    guarded.run(statements)

    assert [(each.rows, each.about) for each in statements] == [
        (guarded.INSERTED_MAX, "OutboxEvent"),
        (1, "OutboxEvent"),
    ]
    with tenancy.scope(project):
        stored = list(OutboxEvent.objects.order_by("pk"))
    assert [each.subject for each in stored] == names
    assert (stored[-1].data, stored[-1].occurred_at) == (data, at)
    assert guarded.inserts([]) == []


@pytest.mark.django_db(transaction=True)
def test_refuses_to_run_outside_of_a_transaction(project):
    with pytest.raises(guarded.NotInTransaction):
        guarded.run([Statement(RENAME, ("B", project.pk, "Roaster"), rows=1)])

    assert Project.objects.get().name == "Roaster"

"""Pages, cursors and order."""

from datetime import timedelta

import django_filters
import pytest

from loyalty_project.core.api import listing, query
from loyalty_project.core.api.errors import InvalidQuery
from loyalty_project.core.models import AsyncAction


class ActionParams(listing.ProjectFilterSet):
    status = django_filters.MultipleChoiceFilter(
        choices=[("DONE", "done"), ("FAILED", "failed")], field_name="status"
    )
    subject = django_filters.CharFilter()


def of(**options):
    return listing.Listing(
        ref="data",
        item=dict,
        to_json=lambda action: action.subject,
        **{
            "order": ("created_at", "subject", "id"),
            "dates": ("created_at",),
            "params": ActionParams,
            **options,
        },
    )


@pytest.fixture
def rows(in_project, at):
    for number in range(25):
        action = AsyncAction.objects.create(
            type="X", subject=f"{number:02}", status="DONE" if number % 2 else "FAILED"
        )
        AsyncAction.objects.filter(pk=action.pk).update(
            created_at=at + timedelta(minutes=number, microseconds=456)
        )
    return AsyncAction.objects.all()


def page(rows, text, at, **options):
    return listing.answer(of(**options), rows, query.parse(text), at=at)


def test_ten_newest_rows_unless_more_are_asked_for(rows, at):
    answer = page(rows, "", at)
    assert answer["object"] == "list"
    assert answer["data_ref"] == "data"
    assert answer["total"] == 25
    assert answer["data"] == [f"{number:02}" for number in range(24, 14, -1)]
    assert "has_more" not in answer
    assert page(rows, "limit=100", at)["data"][-1] == "00"
    assert page(rows, "page=3", at)["data"] == ["04", "03", "02", "01", "00"]
    assert page(rows, "page=4", at)["data"] == []


def test_order_goes_up_or_down_and_the_key_breaks_ties(rows, at):
    assert page(rows, "order=subject&limit=2", at)["data"] == ["00", "01"]
    assert page(rows, "order=-subject&limit=2", at)["data"] == ["24", "23"]
    assert page(rows, "order=id&limit=2", at)["data"] == ["00", "01"]
    rows.update(created_at=at)
    assert page(rows, "limit=2", at)["data"] == ["24", "23"]
    assert page(rows, "order=created_at&limit=2", at)["data"] == ["00", "01"]


def test_plain_parameters_and_dates_narrow_the_rows(rows, at):
    assert page(rows, "subject=07", at)["data"] == ["07"]
    assert page(rows, "status=DONE", at)["total"] == 12
    assert page(rows, "status[0]=DONE&status[1]=FAILED", at)["total"] == 25
    window = "created_at[after]=2026-03-02T12:03:00Z&[created_at][before]=2026-03-02T12:05:00Z"
    assert page(rows, window, at)["data"] == ["04", "03"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("limit=101", "'limit' must be an integer between 1 and 100"),
        ("page=100", "'page' must be an integer between 1 and 99"),
        ("order=nope", "'order' must be one of created_at, -created_at, subject"),
        ("status=LOST", "'status': "),
        ("created_at=2026", "'created_at' takes [before] and [after]"),
        ("created_at[since]=2026", "'created_at' takes [before] and [after]"),
        ("created_at[after]=x", "'created_at[after]' must be a date and time in ISO 8601"),
    ],
)
def test_names_the_wrong_parameter(rows, at, text, sentence):
    with pytest.raises(InvalidQuery) as refused:
        page(rows, text, at, max_page=99)
    assert sentence in refused.value.details


def walk(rows, at, order, start):
    """As the JavaScript client scrolls: on from the last instant, in milliseconds, that it saw."""
    seen, bound = [], start
    while True:
        answer = page(
            rows, f"starting_after={bound}&order={order}&limit=7", at, cursor="created_at"
        )
        seen += answer["data"]
        if not answer["data"] or not answer["has_more"]:
            return seen
        last = rows.get(subject=answer["data"][-1]).created_at
        bound = last.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def test_a_scroll_by_instant_sees_each_row_once(rows, at):
    names = [f"{number:02}" for number in range(25)]
    assert walk(rows, at, "created_at", "1970-01-01T00:00:00Z") == names
    assert walk(rows, at, "-created_at", "2200-01-01T00:00:00Z") == names[::-1]


def test_a_scroll_by_id_sees_each_row_once(rows, at):
    seen, last = [], ""
    while True:
        answer = page(rows, f"limit=10&starting_after_id={last}", at, cursor="id")
        seen += answer["data"]
        assert answer["total"] == 25
        if not answer["has_more"]:
            assert "more_starting_after" not in answer
            break
        last = answer["more_starting_after"]
    assert seen == [f"{number:02}" for number in range(24, -1, -1)]


def test_a_cursor_of_no_row_is_refused(rows, at):
    with pytest.raises(InvalidQuery, match="'starting_after_id': no such object"):
        page(rows, "starting_after_id=aa_none", at, cursor="id")
    with pytest.raises(InvalidQuery, match="'starting_after' must be a date and time"):
        page(rows, "starting_after=soon", at, cursor="created_at")

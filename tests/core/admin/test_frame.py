"""The frame: navigation, search, language, dashboard cards."""

import re

import pytest
from django.utils.safestring import mark_safe

from loyalty_project.core import tenancy
from loyalty_project.core.admin import dashboard
from loyalty_project.core.models import User
from tests.factories.platform import ApiKeyFactory, AsyncActionFactory

SEARCH = "/admin/search/"


def cards(_request):
    months = [("January", 10), ("February", 40)]
    return [
        dashboard.Figures([dashboard.Figure("Redemptions", mark_safe("<b>12</b>"), trend=-3.25)]),
        dashboard.LineChart("Per month", [dashboard.Series("Codes", months)], unit=int),
        dashboard.Table("Top campaigns", ["Name", "Codes"], [["<Autumn>", 3]]),
    ]


@pytest.fixture
def with_cards(settings):
    settings.WAFA_DASHBOARD = "tests.core.admin.test_frame.cards"


def test_shows_the_cards_of_the_dashboard(root, with_cards):
    body = root.get("/admin/").content.decode()

    assert "<b>12</b>" in body
    assert "-3.2 %" in body or "-3.3 %" in body
    assert 'points="56.0,135.0 628.0,12.0"' in body
    assert "&lt;Autumn&gt;" in body


def test_draws_a_chart_without_values():
    chart = dashboard.LineChart("Empty", [])

    assert (chart.lines, chart.marks, chart.rows) == ([], [], [])


def test_shows_work_under_way(root, in_project):
    action = AsyncActionFactory(done=4)

    body = root.get("/admin/").content.decode()

    assert f"/admin/core/asyncaction/{action.pk}/change/" in body


def test_answers_how_far_work_is(root, in_project):
    action = AsyncActionFactory(done=4, failed=1, status="IN_PROGRESS")

    state = root.get(f"/admin/core/asyncaction/{action.pk}/state/").json()

    assert (state["percent"], state["text"], state["finished"]) == (50, "5 of 10", False)


def test_hides_how_far_work_of_another_project_is(root, other_project):
    with tenancy.scope(other_project):
        action = AsyncActionFactory()

    assert root.get(f"/admin/core/asyncaction/{action.pk}/state/").status_code == 404


@pytest.fixture
def searching_keys(settings):
    settings.WAFA_SEARCHERS = "tests.core.admin.test_frame.SEARCHERS"


SEARCHERS = ("core.ApiKey", "core.Missing")


def test_finds_by_the_beginning(root, in_project, searching_keys):
    ApiKeyFactory(name="Web shop")
    ApiKeyFactory(name="Shop of the web")

    groups = root.get(SEARCH, {"q": "web"}).json()["groups"]

    assert [hit["label"] for hit in groups[0]["hits"]] == ["Web shop"]
    assert groups[0]["label"] == "API keys"


def test_finds_nothing_of_another_project(root, other_project, searching_keys):
    with tenancy.scope(other_project):
        ApiKeyFactory(name="Web shop")

    assert root.get(SEARCH, {"q": "web"}).json() == {"groups": []}


def test_finds_nothing_that_the_role_may_not_see(staff, in_project, searching_keys):
    ApiKeyFactory(name="Web shop")

    assert staff("Marketer").get(SEARCH, {"q": "web"}).json() == {"groups": []}


def test_asks_for_two_letters(root, in_project, searching_keys):
    ApiKeyFactory(name="Web shop")

    assert root.get(SEARCH, {"q": "w"}).json() == {"groups": []}


def test_speaks_the_language_of_the_person(root, project):
    form = {"language": "fa", "next": "/admin/audit/", "_project": project.public_id}

    answer = root.post("/admin/preferences/", form)

    assert answer.headers["Location"] == "/admin/audit/"
    page = root.get("/admin/")
    assert 'lang="fa" dir="rtl"' in page.content.decode()
    assert page.headers["Content-Language"] == "fa"


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example", "javascript:alert(1)"]
)
def test_goes_back_to_our_own_pages_only(root, project, wanted):
    answer = root.post(
        "/admin/preferences/", {"language": "tr", "next": wanted, "_project": project.public_id}
    )

    assert answer.headers["Location"] == "/admin/"


def test_keeps_preferences(root, project):
    form = {
        "first_name": "Ada",
        "language": "en",
        "calendar": "JALALI",
        "timezone": "Asia/Tehran",
        "_project": project.public_id,
    }

    root.post("/admin/preferences/", form)

    user = User.objects.get(first_name="Ada")
    assert (user.calendar, user.timezone) == ("JALALI", "Asia/Tehran")


def test_refuses_an_unknown_time_zone(root, project):
    form = {"calendar": "JALALI", "timezone": "Mars", "_project": project.public_id}

    body = root.post("/admin/preferences/", form).content.decode()

    assert "Mars is not a time zone" in body
    assert not User.objects.filter(timezone="Mars").exists()


@pytest.mark.parametrize("path", ["/admin/nothing/here/", "/nothing"])
def test_shows_an_error_page_for_an_unknown_address(root, path):
    answer = root.get(path)

    assert answer.status_code == 404
    assert "Page not found" in answer.content.decode()


def test_shows_whose_rights_are_missing(nobody):
    assert (
        "Your role in Roaster does not allow it"
        in nobody.get("/admin/core/apikey/").content.decode()
    )


@pytest.mark.parametrize(
    ("address", "current"),
    [
        ("/admin/campaigns/budget/", "Budgets"),
        ("/admin/campaigns/budget/add/", "Budgets"),
        ("/admin/campaigns/budget/safety/", "Safety"),
    ],
)
def test_marks_the_one_line_of_the_page(root, address, current):
    body = root.get(address).content.decode()

    marked = re.findall(r'aria-current="page">.*?</svg>(.*?)</a>', body)
    assert marked == [current]

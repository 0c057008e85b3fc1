"""The log of API calls in the admin: found by key, outcome, route, request and time."""

from datetime import timedelta

import pytest

from loyalty_project.core import clock, tenancy
from tests.factories.platform import ApiCallFactory, ApiKeyFactory, ManagementKeyFactory

LIST = "/admin/core/apicall/"


@pytest.fixture
def calls(project, other_project):
    now = clock.now()
    with tenancy.scope(other_project):
        ApiCallFactory()
    with tenancy.scope(project):
        till = ApiKeyFactory(name="Till 5")
        old = now - timedelta(hours=3)
        return {
            "redeemed": ApiCallFactory(api_key=till),
            "refused": ApiCallFactory(status=404, error="not_found", created_at=old),
            "limited": ApiCallFactory(status=429, route="/v1/vouchers/{code}"),
            "failed": ApiCallFactory(status=500, route="/v1/customers"),
            "managed": ApiCallFactory(
                api_key=None, management_key=ManagementKeyFactory(), route="", status=404
            ),
        }


def found(http, calls, **query):
    shown = http.get(LIST, query).context["cl"].result_list
    names = {call.pk: name for name, call in calls.items()}
    return {names[call.pk] for call in shown}


@pytest.mark.requirement(187)
def test_calls_are_found_by_key_outcome_route_request_and_time(root, calls):
    every = set(calls)
    wanted = {
        "key": {calls["redeemed"].api_key_id: {"redeemed"}, "management": {"managed"}, "x": every},
        "status": {
            "2": {"redeemed"},
            "4": {"refused", "limited", "managed"},
            "429": {"limited"},
            "5": {"failed"},
        },
        "route": {"/v1/redemptions": {"redeemed", "refused"}, "/v1/unheard": every},
        "minutes": {"60": every - {"refused"}, "1440": every},
        "q": {
            calls["failed"].request_id: {"failed"},
            "vouchers/": {"limited"},
            "/V1/Redemp": {"redeemed", "refused"},
            "' OR 1": set(),
            "": every,
        },
    }

    answered = {
        name: {value: found(root, calls, **{name: value}) for value in values}
        for name, values in wanted.items()
    }

    assert answered == wanted


def test_a_page_says_all_of_a_call_and_offers_no_change(root, calls):
    call = calls["refused"]

    page = root.get(f"{LIST}{call.pk}/change/").content.decode()

    for text in ("/v1/redemptions", "404", "not_found", "12 ms", call.request_id, "203.0.113.7"):
        assert text in page
    assert 'name="_save"' not in page


def test_a_list_counts_no_further_than_its_cap_and_asks_no_row_twice(
    root, calls, django_assert_max_num_queries
):
    with django_assert_max_num_queries(14) as asked:
        root.get(LIST)

    counts = [query["sql"] for query in asked if "COUNT(" in query["sql"]]
    assert [("LIMIT 10001" in sql) for sql in counts if "core_apicall" in sql] == [True]

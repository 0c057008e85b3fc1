"""Exports over the API: asked for, written by a worker, downloaded by an address that ends."""

import csv
import io
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core.files.storage import default_storage

from loyalty_project.core import clock, jobs, tenancy
from loyalty_project.core.models import AsyncAction, OutboxEvent
from reporting.models import Export
from reporting.reports.exports import kinds
from reporting.services import exports
from tests.client import ApiClient
from tests.factories.api_key import server_headers
from tests.redemptions.codes import make_code

pytestmark = pytest.mark.django_db
NOBODY = ApiClient({})


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def exported(api, work):
    """`exported("order", fields=[…])`: the rows of the file, the header first."""

    def export(kind, path="/v1/exports", **parameters):
        body = {"parameters": parameters}
        if path == "/v1/exports":
            body["exported_object"] = kind
        made = api.post(path, body)
        assert made.status_code == 200, made.content
        asked = made.json()
        assert (asked["status"], asked["result"]) == ("SCHEDULED", None)
        assert asked["exported_object"] == kind
        work()
        done = api.get(f"/v1/exports/{asked['id']}").json()
        assert done["status"] == "DONE"
        return read(done["result"]["url"])

    return export


def address(url):
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def read(url):
    answer = NOBODY.get(address(url))
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/csv")
    text = b"".join(answer.streaming_content).decode()
    return list(csv.reader(io.StringIO(text)))


@pytest.fixture
def sold(api, in_project):
    """A card of 50.00 and a code of 5.00, both used on an order of 40.00."""
    make_code(in_project, "FIVE", limit=1, metadata={"who": "=cmd()"})
    api.post("/v1/vouchers/GIFT", {"type": "GIFT_VOUCHER", "gift": {"amount": 5_000}})
    body = {
        "redeemables": [{"object": "voucher", "id": name} for name in ("FIVE", "GIFT")],
        "order": {"source_id": "o-1", "amount": 4_000, "metadata": {"payment_mean": "card"}},
        "customer": {"source_id": "ada", "name": "=HYPERLINK(1)"},
    }
    answer = api.post("/v1/redemptions", body)
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_each_kind_says_what_is_published_of_it(exported, sold):
    assert exported("voucher", order="code") == [
        ["code", "voucher_type", "value", "discount_type"],
        ["FIVE", "DISCOUNT_VOUCHER", "5.00", "AMOUNT"],
        ["GIFT", "GIFT_VOUCHER", "50.00", ""],
    ]
    fields = ["code", "gift_balance", "redemption_count", "metadata.who", "active"]
    assert exported("voucher", order="-code", fields=fields)[1:] == [
        ["GIFT", "15.00", "1", "", "true"],
        ["FIVE", "", "1", "'=cmd()", "true"],
    ]
    assert exported("customer") == [["name", "source_id"], ["'=HYPERLINK(1)", "ada"]]
    sums = ["orders_total_amount", "orders_total_count", "redemptions_total_succeeded"]
    assert exported("customer", fields=sums)[1:] == [["0.00", "1", "2"]]
    fields = ["voucher_code", "gift_amount", "order_amount", "result", "customer_source_id"]
    found = exported("redemption", fields=fields, filters={"voucher_code": is_("GIFT")})
    assert found[1:] == [["GIFT", "35.00", "40.00", "SUCCESS", "ada"]]
    assert exported("publication") == [["voucher_code", "customer_id", "date", "channel"]]


def is_(value):
    return {"conditions": {"$is": [value]}}


def test_orders_and_transactions_have_addresses_of_their_own(exported, sold, api):
    path = "/v1/orders/export"
    fields = ["source_id", "status", "amount", "total_discount_amount", "metadata.payment_mean"]
    more = {"total_discount_amount": {"conditions": {"$more_than": 100}}}

    rows = exported("order", path, fields=fields, filters=more, order="-updated_at")

    assert rows == [fields, ["o-1", "PAID", "40.00", "40.00", "card"]]
    none = {"discount_amount": {"conditions": {"$more_than": 100_000}}}
    assert exported("order", path, fields=["id"], filters=none) == [["id"]]
    path, fields = "/v1/vouchers/GIFT/transactions/export", ["type", "amount", "balance"]
    assert exported("voucher_transactions", path, fields=fields, order="created_at") == [
        fields,
        ["CREDITS_ADDITION", "50.00", "50.00"],
        ["CREDITS_REDEMPTION", "-35.00", "15.00"],
    ]
    refused = api.post("/v1/vouchers/FIVE/transactions/export")
    assert (refused.status_code, refused.json()["key"]) == (403, "forbidden")
    assert api.post("/v1/vouchers/GIFT/transactions/export").status_code == 200


@pytest.mark.parametrize(
    ("body", "key", "says"),
    [
        ({}, "invalid_payload", "exported_object"),
        ({"exported_object": "rocket"}, "invalid_payload", "must be one of voucher"),
        ({"exported_object": "points_expiration"}, "invalid_payload", "points are not supported"),
        (
            {"exported_object": "order", "parameters": {"fields": ["id", "pin"]}},
            "invalid_export_fields",
            "Allowed fields: id, source_id",
        ),
        (
            {"exported_object": "order", "parameters": {"fields": "id"}},
            "invalid_payload",
            "must be array",
        ),
        (
            {"exported_object": "order", "parameters": {"order": "-pin"}},
            "invalid_payload",
            "created_at, -created_at",
        ),
        (
            {"exported_object": "order", "parameters": {"filters": {"pin": is_("1")}}},
            None,
            "'pin' is not known",
        ),
    ],
)
def test_what_nobody_can_export_is_refused_with_what_can_be(api, project, body, key, says):
    answer = api.post("/v1/exports", body)

    assert answer.status_code == 400
    assert says in answer.json()["details"]
    assert key in {None, answer.json()["key"]}
    with tenancy.scope(project):
        assert (Export.objects.count(), AsyncAction.objects.count()) == (0, 0)


def test_the_address_of_a_file_ends_and_is_no_other_file(
    api, sold, work, set_clock, other_api, project
):
    ids = [api.post("/v1/exports", {"exported_object": "order"}).json()["id"] for _ in range(2)]
    work()
    first, second = (api.get(f"/v1/exports/{each}").json()["result"]["url"] for each in ids)
    token = first.partition("token=")[2]

    assert read(first) == read(second)
    for wrong in (f"/v1/exports/{ids[1]}?token={token}", f"/v1/exports/{ids[0]}?token=x"):
        answer = NOBODY.get(wrong)
        assert (answer.status_code, answer.json()["key"]) == (401, "unauthorized")
    assert NOBODY.get(f"/v1/exports/{ids[0]}").status_code == 401
    assert other_api.get(f"/v1/exports/{ids[0]}").status_code == 404
    listed = api.get("/v1/exports", {"order": "created_at"}).json()
    assert (listed["data_ref"], [each["id"] for each in listed["exports"]]) == ("exports", ids)
    assert other_api.get("/v1/exports").json()["exports"] == []
    assert api.get("/v1/async-actions").json()["async_actions"] == []
    name = Export.objects.get(public_id=ids[0]).file

    assert api.delete(f"/v1/exports/{ids[0]}").status_code == 204

    assert api.get(f"/v1/exports/{ids[0]}").status_code == 404
    assert NOBODY.get(address(first)).status_code == 404
    later = clock.now() + timedelta(days=31)
    assert exports.purge(project=project, at=later) == 1
    assert not Export.objects.exists()
    assert not name.startswith("/")
    kept = OutboxEvent.objects.filter(type__contains="export")
    assert not kept.exists()


def test_a_viewer_may_export_and_deletes_nothing(api, sold, project):
    viewer = ApiClient(server_headers(project, role="VIEWER"))

    made = viewer.post("/v1/exports", {"exported_object": "order"})

    assert made.status_code == 200
    assert viewer.delete(f"/v1/exports/{made.json()['id']}").status_code == 403


def test_a_killed_worker_leaves_no_half_a_file(api, in_project, work, monkeypatch):
    """It is written anew from the beginning, in batches that are never all in memory."""
    for number in range(5):
        make_code(in_project, f"CODE-{number}")
    monkeypatch.setattr(kinds, "BATCH", 2)
    public_id = api.post("/v1/exports", {"exported_object": "voucher"}).json()["id"]
    original, calls = exports.async_actions.advance, []

    def dying(action, **values):
        original(action, **values)
        calls.append(values["done"])
        if len(calls) == 2:
            raise RuntimeError

    monkeypatch.setattr(exports.async_actions, "advance", dying)
    job = jobs.lease_next(at=clock.now())
    while job is not None and job.name != exports.JOB:
        job = jobs.lease_next(at=clock.now())
    with pytest.raises(RuntimeError):
        exports.run(job=job)
    assert Export.objects.get(public_id=public_id).file == ""

    exports.run(job=job)

    export = Export.objects.select_related("action").get(public_id=public_id)
    assert calls == [2, 2, 2, 2, 1]
    assert (export.status, export.action.done, export.action.total) == ("DONE", 5, 5)
    with default_storage.open(export.file) as file:
        assert len(file.read().splitlines()) == 6

import pytest
from voucherify.models.segments_create_response_body import SegmentsCreateResponseBody
from voucherify.models.segments_get_response_body import SegmentsGetResponseBody

from customers.models import Segment
from loyalty_project.core import tenancy, wire
from loyalty_project.core.models import KeyRole
from tests.client import ApiClient
from tests.factories.api_key import server_headers
from tests.factories.customer import CustomerFactory
from tests.factories.segment import SegmentFactory

VIP = {"name": "VIP", "type": "static"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(project):
    with tenancy.scope(project):
        return CustomerFactory(source_id="ada", name="Ada")


@pytest.fixture
def segment(project, ada):
    with tenancy.scope(project):
        return SegmentFactory(name="VIP", customers=[ada])


def ids(api, path, **params):
    response = api.get(path, params)
    assert response.status_code == 200, response.content
    body = response.json()
    assert body["total"] == len(body["data"])
    return [row["id"] for row in body["data"]]


def test_is_made_and_answered_as_published(api, ada, project, set_clock, at):
    set_clock(at)

    body = api.post("/v1/segments", {**VIP, "customers": [ada.public_id]}).json()

    with tenancy.scope(project):
        made = Segment.objects.get()
    SegmentsCreateResponseBody.from_dict(body)
    assert body == {
        "id": made.public_id,
        "name": "VIP",
        "object": "segment",
        "created_at": "2026-03-02T12:00:00.000Z",
        "updated_at": wire.instant(made.updated_at),
        "type": "static",
        "filter": None,
        "initial_sync_status": "DONE",
    }
    assert SegmentsGetResponseBody.from_dict(api.get(f"/v1/segments/{body['id']}").json()).name
    found = api.get("/v1/customers", {"segment_id": body["id"]}).json()["customers"]
    assert [row["name"] for row in found] == ["Ada"]


@pytest.mark.parametrize(
    ("body", "key", "details"),
    [
        ({"type": "static"}, "invalid_payload", "Payload should have required property 'name'"),
        ({**VIP, "name": 5}, "invalid_payload", "Property .name must be string"),
        (
            {**VIP, "type": "x"},
            "invalid_payload",
            (
                "Property .type must be equal to one of the allowed values: "
                "static, auto-update, passive"
            ),
        ),
        (
            {**VIP, "type": "passive", "filter": {"junction": "and"}},
            "invalid_payload",
            "Property .type passive is not available: segments with a filter are not supported yet",
        ),
        ({**VIP, "customers": "ada"}, "invalid_payload", "Property .customers must be array"),
        ({**VIP, "customers": [5]}, "invalid_payload", "Property .customers[0] must be string"),
        ({**VIP, "customers": ["bob"]}, "resource_not_found", "Cannot find customer with id bob"),
    ],
)
def test_a_wrong_one_is_not_made(body, key, details, api, ada, project):
    response = api.post("/v1/segments", body)

    assert (response.status_code, response.json()["key"]) == (400, key)
    assert response.json()["details"] == details
    with tenancy.scope(project):
        assert not Segment.objects.exists()


def test_are_listed_filtered_and_ordered(api, segment, project):
    with tenancy.scope(project):
        friends = SegmentFactory(name="Friends")
    older, newer = segment.public_id, friends.public_id

    assert ids(api, "/v1/segments") == [newer, older]
    assert ids(api, "/v1/segments", order="created_at") == [older, newer]
    assert ids(api, "/v1/segments", ids=[older, "seg_none"]) == [older]
    assert ids(api, "/v1/segments", **{"filters[name][conditions][$is]": "Friends"}) == [newer]
    assert ids(api, "/v1/segments", **{"filters[type][conditions][$is]": "passive"}) == []


def test_of_a_customer_are_answered_newest_first(api, segment, ada, project, other_api):
    with tenancy.scope(project):
        friends = SegmentFactory(name="Friends", customers=[ada])
        SegmentFactory(name="Nobody")

    for reference in (ada.public_id, "ada"):
        body = api.get(f"/v1/customers/{reference}/segments").json()
        assert body == {
            "object": "list",
            "data_ref": "data",
            "data": [
                {"id": friends.public_id, "name": "Friends", "object": "segment"},
                {"id": segment.public_id, "name": "VIP", "object": "segment"},
            ],
            "total": 2,
        }
    assert ids(other_api, f"/v1/customers/{ada.public_id}/segments") == []


def test_the_members_of_another_project_are_nobody(segment, other_api):
    assert ids(other_api, "/v1/segments") == []
    found = other_api.get("/v1/customers", {"segment_id": segment.public_id}).json()
    assert found["total"] == 0


def test_is_deleted(api, segment, project):
    assert api.delete(f"/v1/segments/{segment.public_id}").status_code == 204

    response = api.get(f"/v1/segments/{segment.public_id}")
    assert (response.status_code, response.json()["resource_type"]) == (404, "segment")
    assert response.json()["details"] == f"Cannot find segment with id {segment.public_id}"


def test_is_read_but_not_written_by_a_viewer(segment, project):
    viewer = ApiClient(server_headers(project, role=KeyRole.VIEWER))

    assert viewer.get(f"/v1/segments/{segment.public_id}").status_code == 200
    assert viewer.post("/v1/segments", {"name": "x"}).status_code == 403
    assert viewer.delete(f"/v1/segments/{segment.public_id}").status_code == 403

"""What we answer to GET fits the published response schemas."""

import pytest

from loyalty_project import roles
from tests.client import ApiClient
from tests.contract import published
from tests.contract.world import World
from tests.factories.api_key import server_headers

pytestmark = pytest.mark.django_db

PATHS = [(resource, path) for resource, method, path in published.operations() if method == "GET"]
# What is asked for, where the address alone says nothing.
QUERIES = {
    "/v1/publications/create": {
        "campaign[name]": World.campaign_name,
        "customer[source_id]": "anna",
    }
}


@pytest.fixture
def world(api, work, project):
    return World.build(api, work, project)


@pytest.fixture
def reader(project):
    """Calls with a key of an integration, which alone may publish by GET."""
    return ApiClient(server_headers(project, scopes=list(roles.API_RESOURCES)))


def complaints(reader, world, resource, path):
    answer = reader.get(world.path(path), QUERIES.get(path))
    if answer.status_code != 200:
        return [answer.content.decode()]
    return published.errors(resource, "GET", path, 200, answer.json())


@pytest.mark.requirement(191)
@pytest.mark.parametrize("resource", sorted({resource for resource, _path in PATHS}))
def test_reading_fits_the_published_schemas(resource, reader, world):
    paths = [path for owner, path in PATHS if owner == resource]

    found = {path: complaints(reader, world, resource, path) for path in paths}

    assert {path: said for path, said in found.items() if said} == {}

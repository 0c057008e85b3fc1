"""What we answer to GET fits the published response schemas."""

import pytest

from tests.contract import published
from tests.contract.world import World

pytestmark = pytest.mark.django_db

# Reading what a later feature makes, or what needs a kind of key that is not issued.
LATER = {"/v1/publications/create", "/v1/campaigns/{campaignId}/transactions"}
PATHS = [
    (resource, path)
    for resource, method, path in published.operations()
    if method == "GET" and path not in LATER
]


@pytest.fixture
def world(api, work, project):
    return World.build(api, work, project)


def complaints(api, world, resource, path):
    answer = api.get(world.path(path))
    if answer.status_code != 200:
        return [answer.content.decode()]
    return published.errors(resource, "GET", path, 200, answer.json())


@pytest.mark.requirement(191)
@pytest.mark.parametrize("resource", sorted({resource for resource, _path in PATHS}))
def test_reading_fits_the_published_schemas(resource, api, world):
    paths = [path for owner, path in PATHS if owner == resource]

    found = {path: complaints(api, world, resource, path) for path in paths}

    assert {path: said for path, said in found.items() if said} == {}

"""A project and a key for processes of their own: committed, not rolled back at the end."""

import pytest

from tests.factories.api_key import server_headers
from tests.factories.project import ProjectFactory


@pytest.fixture
def api_key_pair(transactional_db, reference):
    headers = server_headers(ProjectFactory(name="Roaster", slug="roaster"))
    return headers["X-App-Id"], headers["X-App-Token"]

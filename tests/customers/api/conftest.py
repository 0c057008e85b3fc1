import pytest

from loyalty_project.core import tenancy
from loyalty_project.core.models import KeyRole
from tests.client import ApiClient
from tests.factories.api_key import server_headers
from tests.factories.customer import CustomerFactory


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def viewer(project):
    return ApiClient(server_headers(project, role=KeyRole.VIEWER))


@pytest.fixture
def bob(project):
    with tenancy.scope(project):
        return CustomerFactory(source_id="bob", name="Bob", email="bob@example.com")

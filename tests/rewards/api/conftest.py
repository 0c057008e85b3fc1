import pytest

from loyalty_project.core import tenancy
from loyalty_project.core.models.api_key import KeyRole
from tests.client import ApiClient
from tests.factories.api_key import server_headers
from tests.factories.sku import SkuFactory


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def viewer(project):
    return ApiClient(server_headers(project, role=KeyRole.VIEWER))


@pytest.fixture
def sku(project):
    with tenancy.scope(project):
        return SkuFactory(source_id="s1", product__source_id="p1", price=None)

"""What every test may ask for. Times are fixed, projects are fresh, keys are real."""

import importlib
from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone, translation

from loyalty_project.core import clock, dispatch, jobs, tenancy
from loyalty_project.core.models import Currency
from loyalty_project.core.services import roles
from tests.client import ApiClient
from tests.factories.api_key import client_headers, management_headers, server_headers
from tests.factories.project import ProjectFactory
from tests.factories.user import member


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The built-in roles are in the database that all tests share."""
    with django_db_blocker.unblock():
        roles.sync()


@pytest.fixture(autouse=True)
def _no_language_left():
    """A request leaves its language behind; the next test begins without."""
    yield
    translation.deactivate()


@pytest.fixture
def at():
    """Noon UTC of a Monday."""
    return datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def reference(db):
    """Currencies and built-in roles, also after a test that emptied all tables."""
    if not Currency.objects.exists():
        importlib.import_module("loyalty_project.core.migrations.0002_sql").load_currencies(
            apps, None
        )


@pytest.fixture
def project(reference):
    return ProjectFactory(name="Roaster", slug="roaster")


@pytest.fixture
def other_project(reference):
    return ProjectFactory(name="Fashion", slug="fashion", currency="IRR", timezone="Asia/Tehran")


@pytest.fixture
def in_project(project):
    """The scope of `project`, open until the test ends."""
    with tenancy.scope(project):
        yield project


@pytest.fixture
def api(project):
    """Calls with an ADMIN key of `project`."""
    return ApiClient(server_headers(project))


@pytest.fixture
def other_api(other_project):
    """Calls with an ADMIN key of `other_project`."""
    return ApiClient(server_headers(other_project))


@pytest.fixture
def client_api(project):
    """Calls with a client key of `project`, from its trusted origin."""
    return ApiClient(client_headers(project))


@pytest.fixture
def management_api(reference):
    return ApiClient(management_headers())


@pytest.fixture
def staff(project):
    """`staff("Marketer")`: a Django test client of a new person with that role in `project`."""
    if not Group.objects.filter(name="Viewer").exists():
        roles.sync()

    def log_in(role, *, in_project=project, **values):
        http = Client()
        http.force_login(
            member(project=in_project, role=role, **values),
            backend="loyalty_project.core.access.MembershipBackend",
        )
        return http

    return log_in


@pytest.fixture
def set_clock(monkeypatch):
    """`set_clock(at)`: requests, jobs and default values see this instant."""

    def set_to(instant):
        monkeypatch.setattr(timezone, "now", lambda: instant)

    return set_to


@pytest.fixture
def work(db):
    """`work()`: dispatch events and run jobs until nothing is due, as a worker does."""

    def run():
        while dispatch.dispatch(at=clock.now()) or jobs.run_due(limit=100):
            continue

    return run

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from loyalty_project.core.models import Membership
from tests.factories.user import UserFactory


def log_in(user):
    http = Client()
    http.force_login(user, backend="loyalty_project.core.access.MembershipBackend")
    return http


@pytest.fixture
def root(project):
    """A superuser who works in `project`."""
    http = log_in(UserFactory(is_superuser=True))
    return choose(http, project)


@pytest.fixture
def nobody(project):
    """A member of `project` whose role allows nothing."""
    user = UserFactory()
    Membership.objects.create(
        user=user, project=project, group=Group.objects.create(name="Allowed nothing")
    )
    return choose(log_in(user), project)


def choose(http, project):
    session = http.session
    session["project"] = project.public_id
    session.save()
    return http

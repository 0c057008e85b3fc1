"""Keys: the secret is shown once, and stops at once."""

import re

import pytest

from loyalty_project.core import tenancy
from loyalty_project.core.models import ApiKey, ManagementKey
from tests.factories.platform import ApiKeyFactory, ManagementKeyFactory

ADD = "/admin/core/apikey/add/"


@pytest.fixture
def form(project):
    return {
        "name": "Web shop",
        "role": "MERCHANT",
        "scopes": ["vouchers"],
        "allowed_ips": "203.0.113.0/24\n",
        "origins": "",
        "rate_limit": "500",
        "_project": project.public_id,
    }


def the_key(project):
    with tenancy.scope(project):
        return ApiKey.objects.get()


def test_shows_the_secret_once(root, form, project):
    answer = root.post(ADD, form)

    body = answer.content.decode()
    key = the_key(project)
    secret = re.findall(r"data-copy>([^<]+)<", body)[1]
    assert "no-store" in answer["Cache-Control"]
    assert key.matches(secret)
    assert secret not in root.get(f"/admin/core/apikey/{key.pk}/change/").content.decode()
    assert (key.role, key.scopes, key.allowed_ips, key.rate_limit) == (
        "MERCHANT",
        ["vouchers"],
        ["203.0.113.0/24"],
        500,
    )


def test_refuses_what_is_no_network(root, form, project):
    answer = root.post(ADD, {**form, "allowed_ips": "somewhere"})

    assert "somewhere is neither an address nor a network" in answer.content.decode()
    with tenancy.scope(project):
        assert not ApiKey.objects.exists()


@pytest.fixture
def key(project):
    with tenancy.scope(project):
        return ApiKeyFactory()


def test_gives_a_new_secret(root, key, project):
    before = key.secret_hash

    answer = root.post(f"/admin/core/apikey/{key.pk}/do/rotate/", {"_project": project.public_id})

    assert answer.status_code == 200
    assert the_key(project).secret_hash != before


def test_says_what_revoking_does_before_it_does(root, key, project):
    body = root.get(f"/admin/core/apikey/{key.pk}/do/revoke/").content.decode()

    assert "Calls with this key get 401 at once" in body
    assert the_key(project).revoked_at is None


def test_revokes(root, key, project):
    root.post(f"/admin/core/apikey/{key.pk}/do/revoke/", {"_project": project.public_id})

    assert the_key(project).revoked_at is not None
    again = root.get(f"/admin/core/apikey/{key.pk}/do/revoke/")
    assert again.status_code == 302


def test_is_never_deleted(root, key, project):
    url = f"/admin/core/apikey/{key.pk}/delete/"

    assert root.post(url, {"_project": project.public_id, "post": "yes"}).status_code == 403
    assert the_key(project) == key


def test_marketers_do_not_see_keys(staff, key):
    assert staff("Marketer").get(f"/admin/core/apikey/{key.pk}/change/").status_code == 403


def test_developers_make_keys(staff, form, project):
    assert staff("Developer").post(ADD, form).status_code == 200
    assert the_key(project).name == "Web shop"


def test_management_keys_are_for_superusers(staff, root, project):
    form = {"name": "Terraform", "_project": project.public_id}
    url = "/admin/core/managementkey/add/"

    assert staff("Administrator").post(url, form).status_code == 403
    assert not ManagementKey.objects.exists()
    assert "X-Management-Token" in root.post(url, form).content.decode()


def test_revokes_a_management_key(root, project):
    key = ManagementKeyFactory()

    root.post(f"/admin/core/managementkey/{key.pk}/do/revoke/", {"_project": project.public_id})

    key.refresh_from_db()
    assert key.revoked_at is not None

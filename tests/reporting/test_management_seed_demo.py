import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from loyalty_project.core import tenancy
from loyalty_project.core.models import Project
from redemptions.models import Order

SMALL = {"customers": 20, "orders": 30, "codes": 40, "at": "2026-03-02T12:00:00Z"}


def seed(**options):
    said = StringIO()
    call_command("seed_demo", stdout=said, **{**SMALL, **options})
    return json.loads(said.getvalue().strip().rsplit("\n", 1)[-1])


@pytest.mark.usefixtures("reference")
class TestSeedDemo:
    def test_ends_with_logins_and_keys_as_one_line_of_json(self):
        known = seed()
        assert set(known) == {"logins", "api_keys"}
        assert set(known["logins"][0]) == {"role", "username", "password", "project"}
        assert set(known["api_keys"][0]) == {"project", "kind", "app_id", "app_token"}

    def test_loads_as_many_as_it_is_told(self):
        seed(orders=50)
        with tenancy.all_projects():
            assert Order.objects.count() == 50

    def test_gives_everybody_the_password_that_it_is_told(self):
        assert {login["password"] for login in seed(password="pour-over")["logins"]} == {
            "pour-over"
        }

    def test_invents_another_password_for_each(self):
        logins = seed()["logins"]
        assert len({login["password"] for login in logins}) == len(logins)

    @pytest.mark.parametrize("options", [{"orders": 19}, {"at": "yesterday"}, {"at": "2026-03-02"}])
    def test_refuses_what_makes_no_shop_and_writes_nothing(self, options):
        with pytest.raises(CommandError):
            seed(**options)
        assert not Project.objects.exists()

    def test_refuses_an_installation_that_is_in_use(self, project):
        with pytest.raises(CommandError, match="empty installation"):
            seed()
        assert Project.objects.get() == project

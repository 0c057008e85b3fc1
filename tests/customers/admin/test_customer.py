from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers.models import Customer
from customers.services import customers, totals
from loyalty_project.core import guarded, tenancy
from loyalty_project.core.models import AsyncAction, OutboxEvent
from loyalty_project.core.services import metadata_schemas
from tests.factories.customer import CustomerFactory
from tests.person import Person

LIST = "admin:customers_customer_changelist"


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def ada(project, at):
    with tenancy.scope(project), transaction.atomic():
        ada = customers.upsert(
            project=project,
            data={
                "source_id": "ada",
                "name": "Ada Lovelace",
                "email": "ada@example.com",
                "phone": "+49 30",
                "metadata": {"tier": "gold"},
            },
            at=at,
        )
        guarded.run(
            [totals.order(customer=ada, amount=amount, sign=1, at=at) for amount in (12_345, 1_000)]
        )
    return ada


@pytest.fixture
def person(staff, project):
    return lambda role, where=project: Person(staff(role, in_project=where), where)


@pytest.fixture
def marketer(person):
    return person("Marketer")


def page(name, *arguments):
    return reverse(f"admin:customers_customer_{name}", args=arguments)


def text(response):
    assert response.status_code == 200, response
    return response.content.decode()


def stored(project):
    with tenancy.scope(project):
        return Customer.objects.order_by("pk").last()


FORM = {
    "name": "Ada King",
    "email": "ada@king.example",
    "phone": "",
    "birth_on": "1815-12-10",
    "description": "",
    "address_line_1": "12 Square",
    "address_line_2": "",
    "postal_code": "",
    "city": "London",
    "state": "",
    "country": "",
    "metadata": '{"vip": true}',
}


class TestList:
    def test_shows_orders_and_spent(self, marketer, ada):
        shown = text(marketer.get(reverse(LIST)))

        assert "Ada Lovelace" in shown
        assert "ada@example.com" in shown
        assert "133.45" in shown

    @pytest.mark.parametrize(
        ("params", "is_found"),
        [
            ({"q": "lovel ada@ex"}, True),
            ({"q": "4930"}, True),
            ({"q": "grace"}, False),
            ({"orders": "more"}, True),
            ({"orders": "none"}, False),
            ({"last_order": "-90"}, False),
            ({"last_order": "soon"}, True),
        ],
    )
    def test_searches_and_filters(self, marketer, ada, set_clock, at, params, is_found):
        set_clock(at)

        assert ("Ada Lovelace" in text(marketer.get(reverse(LIST), params))) is is_found

    def test_costs_as_many_queries_for_many_as_for_one(self, marketer, ada, project):
        def count():
            with CaptureQueriesContext(connection) as captured:
                text(marketer.get(reverse(LIST)))
            return len(captured)

        count()
        few = count()
        with tenancy.scope(project):
            CustomerFactory.create_batch(20)

        assert count() == few

    def test_leaves_out_the_forgotten(self, marketer, ada, project, at):
        marketer.post(page("delete", ada.pk), {"post": "yes"})

        assert "was deleted" in text(marketer.get(reverse(LIST)))
        assert "Ada" not in text(marketer.get(reverse(LIST)))


class TestPage:
    def test_shows_figures_and_what_happened(self, marketer, ada):
        shown = text(marketer.get(page("change", ada.pk)))

        assert "66.73" in shown
        assert "customer.created" in shown
        assert ada.public_id in shown

    def test_saves_by_the_service(self, marketer, ada, project):
        response = marketer.post(page("change", ada.pk), FORM)

        assert response.status_code == 302
        saved = stored(project)
        assert (saved.name, saved.city, saved.phone) == ("Ada King", "London", "")
        assert (saved.source_id, saved.metadata) == ("ada", {"vip": True})
        assert saved.search_name == "ada king ada king example ada"
        with tenancy.scope(project):
            assert OutboxEvent.objects.latest("pk").type == "customer.updated"
            assert saved.history.first().history_user.is_staff

    def test_takes_and_shows_a_birthday_in_the_calendar_of_the_person(self, ada, project, staff):
        http = Person(staff("Marketer", calendar="JALALI"), project)

        http.post(page("change", ada.pk), {**FORM, "birth_on": "۱۳۸۰/۰۵/۱۲"})

        assert stored(project).birth_on == date(2001, 8, 3)
        assert 'value="1380/05/12"' in text(http.get(page("change", ada.pk)))

    def test_makes_a_customer(self, marketer, project):
        response = marketer.post(page("add"), {**FORM, "source_id": "king"})

        assert response.status_code == 302
        assert stored(project).source_id == "king"

    def test_does_not_take_over_a_known_source_id(self, marketer, ada, project):
        shown = text(marketer.post(page("add"), {**FORM, "source_id": "ada"}))

        assert "Duplicated customer exists with source id ada" in shown
        assert stored(project).name == "Ada Lovelace"

    def test_shows_what_the_metadata_schema_says(self, marketer, ada, project):
        with tenancy.scope(project):
            metadata_schemas.create(
                project=project,
                related_object="customer",
                properties={"vip": {"type": "string", "optional": True, "array": False}},
            )

        shown = text(marketer.post(page("change", ada.pk), FORM))

        assert "vip: must be a string" in shown
        assert stored(project).name == "Ada Lovelace"

    def test_is_read_only_for_a_viewer(self, person, ada, project):
        viewer = person("Viewer")

        assert "Ada Lovelace" in text(viewer.get(page("change", ada.pk)))
        assert viewer.post(page("change", ada.pk), FORM).status_code == 403
        assert stored(project).name == "Ada Lovelace"

    def test_is_missing_in_another_project(self, person, ada, other_project):
        stranger = person("Marketer", other_project)

        assert stranger.get(page("change", ada.pk)).status_code == 302
        assert "Ada" not in text(stranger.get(reverse(LIST)))


class TestErase:
    def test_asks_in_numbers_and_forgets(self, marketer, ada, project):
        address = page("do", ada.pk, "erase")

        assert "1 event about this customer is removed." in text(marketer.get(address))
        assert marketer.post(address, {"confirmed": "yes"}).status_code == 302
        assert stored(project).name == ""
        with tenancy.scope(project):
            assert not Customer.history.exists()

    def test_is_refused_without_the_permission_to_delete(self, person, ada, project):
        agent = person("Support agent")

        assert agent.post(page("do", ada.pk, "erase"), {"confirmed": "yes"}).status_code == 403
        assert stored(project).name == "Ada Lovelace"


class TestExchange:
    def export(self, http):
        fields = {f"customerresource_{name}": "on" for name in ("source_id", "phone", "metadata")}
        data = {"format": "0", "resource": "", **fields, "customerresource_id": "on"}
        return http.post(page("export"), data)

    def test_exports_without_formulas(self, marketer, ada):
        shown = self.export(marketer).getvalue().decode("utf-8-sig")

        assert shown.splitlines() == [
            "id,source_id,phone,metadata",
            f'{ada.public_id},ada,\'+49 30,"{{""tier"": ""gold""}}"',
        ]

    def test_reads_its_own_export_without_a_change(self, marketer, ada, project, work):
        exported = self.export(marketer).getvalue()
        upload = SimpleUploadedFile("customers.csv", exported)

        response = marketer.post(page("import"), {"file": upload})
        work()

        with tenancy.scope(project):
            action = AsyncAction.objects.get()
            assert response.url == reverse("admin:core_asyncaction_change", args=[action.pk])
            assert (action.status, action.done, action.failed) == ("DONE", 1, 0)
            assert Customer.history.count() == 1
        assert stored(project).phone == "+49 30"

    def test_names_the_person_in_the_history(self, marketer, project, work):
        upload = SimpleUploadedFile("customers.csv", b"source_id\nbob\n")

        marketer.post(page("import"), {"file": upload})
        work()

        with tenancy.scope(project):
            assert Customer.history.get().history_user.is_staff

    def test_says_what_is_wrong_with_a_file(self, marketer, project):
        upload = SimpleUploadedFile("customers.csv", b"a\n\xff\n")

        shown = text(marketer.post(page("import"), {"file": upload}))

        assert "Line 2 of the file is not UTF-8" in shown
        with tenancy.scope(project):
            assert not AsyncAction.objects.exists()

    @pytest.mark.parametrize("name", ["import", "export"])
    def test_is_refused_without_the_permission(self, person, ada, name):
        agent = person("Support agent")

        assert agent.get(page(name)).status_code == 403
        assert agent.post(page(name), {"format": "0"}).status_code == 403

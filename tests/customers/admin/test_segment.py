import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers import queries
from customers.models import Segment
from loyalty_project.core import tenancy
from tests.factories.customer import CustomerFactory
from tests.factories.segment import SegmentFactory
from tests.person import Person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def person(staff, project):
    return lambda role, where=project: Person(staff(role, in_project=where), where)


@pytest.fixture
def marketer(person):
    return person("Marketer")


@pytest.fixture
def ada(project):
    with tenancy.scope(project):
        return CustomerFactory(name="Ada", source_id="ada", email="ada@example.com")


@pytest.fixture
def segment(project, ada):
    with tenancy.scope(project):
        return SegmentFactory(name="VIP", customers=[ada])


def page(name, *arguments):
    return reverse(f"admin:customers_segment_{name}", args=arguments)


def text(response):
    assert response.status_code == 200, response
    return response.content.decode()


def plain(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def members(project):
    with tenancy.scope(project):
        return {
            row.name: sorted(str(customer) for customer in queries.members_of(segment=row))
            for row in Segment.objects.all()
        }


def test_is_made_of_customers(marketer, ada, project):
    response = marketer.post(page("add"), {"name": "VIP", "customers": [ada.pk]})

    assert response.status_code == 302, text(response)
    assert members(project) == {"VIP": ["Ada"]}


def test_is_renamed(marketer, segment, project):
    marketer.post(page("change", segment.pk), {"name": "Friends"})

    assert members(project) == {"Friends": ["Ada"]}


def test_a_name_that_is_taken_is_said_at_the_name(marketer, segment):
    shown = text(marketer.post(page("add"), {"name": "VIP"}))

    assert "Duplicated segment exists with name VIP" in shown


def test_shows_its_customers_and_links_to_all_of_them(marketer, segment, ada, project):
    with tenancy.scope(project):
        CustomerFactory(name="Bob")
    shown = text(marketer.get(page("change", segment.pk)))
    link = f"{reverse('admin:customers_customer_changelist')}?segment={segment.pk}"

    assert "Ada ada ada@example.com" in plain(shown)
    assert link in shown
    listed = text(marketer.get(link))
    assert ("Ada" in listed, "Bob" in listed) == (True, False)


def test_customers_are_added_and_removed(marketer, segment, ada, project):
    with tenancy.scope(project):
        bob = CustomerFactory(name="Bob")

    def press(name, *customers):
        answer = marketer.post(page("do", segment.pk, name), {"customers": customers})
        assert answer.status_code == 302, text(answer)
        return plain(text(marketer.get(page("change", segment.pk))))

    assert "1 customer was added." in press("add_customers", ada.pk, bob.pk)
    assert members(project) == {"VIP": ["Ada", "Bob"]}
    assert "1 customer was removed." in press("remove_customers", ada.pk)
    assert members(project) == {"VIP": ["Bob"]}


def test_customers_come_from_a_file_and_go_into_one(marketer, segment, project, work):
    with tenancy.scope(project):
        CustomerFactory(name="=Bob", source_id="bob", email="")
    upload = SimpleUploadedFile("vip.csv", b"Source_id\nbob\n")

    marketer.post(page("do", segment.pk, "add_from_csv"), {"file": upload})
    work()
    exported = marketer.post(page("do", segment.pk, "export_customers"), {})

    assert members(project) == {"VIP": ["=Bob", "Ada"]}
    assert b"".join(exported.streaming_content).decode("utf-8-sig").splitlines() == [
        "Source_id,Name,Email",
        "ada,Ada,ada@example.com",
        "bob,'=Bob,",
    ]


def test_a_customer_of_another_project_is_not_added(marketer, segment, project, other_project):
    with tenancy.scope(other_project):
        theirs = CustomerFactory(project=other_project)

    shown = text(marketer.post(page("do", segment.pk, "add_customers"), {"customers": [theirs.pk]}))

    assert "Select a valid choice" in shown
    assert members(project) == {"VIP": ["Ada"]}


def test_is_named_on_the_page_of_its_customers(marketer, segment, ada, project):
    with tenancy.scope(project):
        bob = CustomerFactory(name="Bob")

    def shown(customer):
        return plain(
            text(marketer.get(reverse("admin:customers_customer_change", args=[customer.pk])))
        )

    assert "Segments VIP" in shown(ada)
    assert "Segments In none." in shown(bob)


def test_a_support_agent_sees_and_does_not_change(person, segment):
    agent = person("Support agent")

    assert "Ada" in text(agent.get(page("change", segment.pk)))
    assert agent.post(page("change", segment.pk), {"name": "x"}).status_code == 403
    assert agent.get(page("do", segment.pk, "add_customers")).status_code == 403
    assert agent.get(page("do", segment.pk, "export_customers")).status_code == 403
    assert agent.get(page("add")).status_code == 403


def test_of_another_project_is_missing(person, segment, other_project):
    stranger = person("Marketer", other_project)

    assert "VIP" not in text(stranger.get(page("changelist")))
    assert stranger.get(page("do", segment.pk, "add_customers")).status_code == 404


def test_is_deleted_without_its_customers(marketer, segment, ada, project):
    marketer.post(page("delete", segment.pk), {"post": "yes"})

    assert members(project) == {}
    with tenancy.scope(project):
        assert queries.get(reference=ada.public_id) == ada


def test_list_costs_as_many_queries_for_many_as_for_one(marketer, segment, ada, project):
    def count():
        with CaptureQueriesContext(connection) as captured:
            text(marketer.get(page("changelist")))
        return len(captured)

    count()
    few = count()
    with tenancy.scope(project):
        for _ in range(10):
            SegmentFactory(customers=[ada])

    assert count() == few

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from campaigns.models import DefinitionVersion, ValidationRule
from customers import queries
from customers.models import Segment, SegmentMembership
from customers.services import customers, erasure, segment_imports, segments
from loyalty_project.core import tenancy
from loyalty_project.core.models import AsyncAction, OutboxEvent
from loyalty_project.core.references import ResourceInUse
from tests.factories.campaign import CampaignFactory
from tests.factories.customer import CustomerFactory
from tests.factories.limit import LimitFactory
from tests.factories.promotion import PromotionTierFactory
from tests.factories.segment import SegmentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(in_project):
    return in_project


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def create(project, at, **data):
    return segments.create(project=project, data={"name": "VIP", **data}, at=at)


def members(segment):
    return sorted(str(row) for row in queries.members_of(segment=segment))


def events():
    rows = OutboxEvent.objects.filter(type__contains=".segment.").order_by("pk")
    return [(event.type, event.data["customer"]["name"]) for event in rows]


class TestCreate:
    def test_takes_customers_by_id_or_source_id_once_each(self, project, at):
        ada = CustomerFactory(source_id="ada", name="Ada")
        CustomerFactory(source_id="bob", name="Bob")
        CustomerFactory(name="Eve")
        version = project.version

        made = create(project, at, type="static", customers=["ada", "bob", ada.public_id])

        assert made.public_id.startswith("seg_")
        assert (made.type, made.created_at, members(made)) == ("static", at, ["Ada", "Bob"])
        assert project.version == version + 1
        assert events() == []

    def test_may_be_empty(self, project, at):
        assert members(create(project, at)) == []

    @pytest.mark.parametrize("kind", ["passive", "auto-update"])
    def test_names_the_types_that_are_not_there_yet(self, kind, project, at):
        with pytest.raises(segments.NotAvailable) as refused:
            create(project, at, type=kind)

        assert (refused.value.status, refused.value.key) == (400, "invalid_payload")
        assert refused.value.details == (
            f"Property .type {kind} is not available: segments with a filter are not supported yet"
        )
        assert not Segment.objects.exists()

    def test_refuses_a_customer_of_another_project(self, project, other_project, at):
        with tenancy.scope(other_project):
            theirs = CustomerFactory(project=other_project)

        with pytest.raises(segments.UnknownMember) as refused:
            create(project, at, customers=[theirs.public_id])

        assert refused.value.key == "resource_not_found"
        assert refused.value.details == f"Cannot find customer with id {theirs.public_id}"
        assert not Segment.objects.exists()

    def test_has_a_name_of_its_own(self, project, at):
        create(project, at)

        with pytest.raises(segments.DuplicateSegment, match="exists with name VIP"):
            create(project, at)

        assert Segment.objects.count() == 1

    def test_holds_no_more_than_it_may(self, project, at, monkeypatch):
        monkeypatch.setattr(segments, "MEMBERS_MAX", 1)
        for name in ("ada", "bob"):
            CustomerFactory(source_id=name)

        with pytest.raises(segments.SegmentFull, match="can have 1 customers"):
            create(project, at, customers=["ada", "bob"])

        assert not Segment.objects.exists()


class TestMembers:
    def test_who_comes_is_announced_once(self, project, at):
        ada, bob = CustomerFactory(name="Ada"), CustomerFactory(name="Bob")
        segment = SegmentFactory(customers=[ada])

        new = segments.add(project=project, segment=segment, customers=[ada, bob, bob], at=at)

        assert (new, members(segment)) == ([bob], ["Ada", "Bob"])
        event = OutboxEvent.objects.get()
        assert (event.type, event.subject, event.about) == (
            "customer.segment.entered",
            bob.public_id,
            bob.public_id,
        )
        assert event.data["customer"]["id"] == bob.public_id
        assert event.data["segment"] == {
            "id": segment.public_id,
            "name": segment.name,
            "object": "segment",
        }

    def test_who_goes_is_announced_once(self, project, at):
        ada, bob = CustomerFactory(name="Ada"), CustomerFactory(name="Bob")
        segment = SegmentFactory(customers=[ada])

        gone = segments.remove(project=project, segment=segment, customers=[ada, bob], at=at)

        assert (gone, members(segment)) == ([ada], [])
        assert events() == [("customer.segment.left", "Ada")]

    def test_none_is_added_where_all_do_not_fit(self, project, at, monkeypatch):
        segment = SegmentFactory(customers=[CustomerFactory(name="Ada")])
        monkeypatch.setattr(segments, "MEMBERS_MAX", 2)
        more = CustomerFactory.create_batch(2)

        with pytest.raises(segments.SegmentFull):
            segments.add(project=project, segment=segment, customers=more, at=at)

        assert (members(segment), events()) == (["Ada"], [])

    @pytest.mark.parametrize("forget", [erasure.delete, erasure.erase])
    def test_who_is_forgotten_is_in_no_segment(self, forget, project, at):
        ada = CustomerFactory()
        SegmentFactory(customers=[ada])

        forget(project=project, reference=ada.public_id, at=at)

        assert not SegmentMembership.objects.exists()

    def test_renaming_leaves_them_alone(self, project, at):
        segment = SegmentFactory(customers=[CustomerFactory(name="Ada")])

        segments.rename(project=project, segment=segment, name="Friends", at=at)

        assert Segment.objects.get().name == "Friends"
        assert (members(segment), events()) == (["Ada"], [])


class TestCsv:
    def test_adds_whom_it_names_and_reports_the_others(self, project, at, work):
        for name in ("ada", "bob"):
            customers.upsert(project=project, data={"source_id": name, "name": name}, at=at)
        segment = SegmentFactory(customers=[queries.get(reference="ada")])
        upload = SimpleUploadedFile("vip.csv", b"Source_id\nada\nbob\nnobody\n")

        segment_imports.start_csv(project=project, segment=segment, upload=upload, at=at)
        work()

        with tenancy.scope(project):
            action = AsyncAction.objects.get()
            assert (action.type, action.subject) == ("SEGMENTS.IMPORT_CSV", segment.public_id)
            assert (action.status, action.done, action.failed) == ("DONE", 2, 1)
            assert action.result["failed"] == [
                {
                    "source_id": "nobody",
                    "row": 3,
                    "reason": "Cannot find customer with id nobody",
                }
            ]
            assert members(segment) == ["ada", "bob"]
            assert events() == [("customer.segment.entered", "bob")]

    def test_for_a_segment_that_is_gone_reports_each_row(self, project, at, work):
        CustomerFactory(source_id="ada")
        segment = SegmentFactory()
        upload = SimpleUploadedFile("vip.csv", b"source_id\nada\n")
        segment_imports.start_csv(project=project, segment=segment, upload=upload, at=at)
        segments.delete(project=project, segment=segment, at=at)

        work()

        with tenancy.scope(project):
            failed = AsyncAction.objects.get().result["failed"]
        assert [row["reason"] for row in failed] == ["The segment was deleted"]

    def test_of_a_full_segment_reports_each_row(self, project, at, work, monkeypatch):
        monkeypatch.setattr(segments, "MEMBERS_MAX", 0)
        CustomerFactory(source_id="ada")
        upload = SimpleUploadedFile("vip.csv", b"source_id\nada\n")
        segment_imports.start_csv(project=project, segment=SegmentFactory(), upload=upload, at=at)

        work()

        with tenancy.scope(project):
            failed = AsyncAction.objects.get().result["failed"]
        assert [row["reason"] for row in failed] == ["A segment can have 0 customers"]


class TestDelete:
    def test_removes_the_list_and_no_customer(self, project, at):
        ada = CustomerFactory()
        segment = SegmentFactory(customers=[ada])

        segments.delete(project=project, segment=segment, at=at)

        assert not Segment.objects.exists()
        assert queries.get(reference=ada.public_id) == ada

    def test_waits_until_no_rule_names_it(self, project, at):
        segment = SegmentFactory()
        data = {"rules": {"1": {"name": "customer.segment", "conditions": {}}}}
        data["rules"]["1"]["conditions"]["$is"] = [segment.public_id]
        definition = DefinitionVersion.objects.create(data=data)
        rule = ValidationRule.objects.create(name="VIPs", definition=definition)

        with pytest.raises(ResourceInUse) as refused:
            segments.delete(project=project, segment=segment, at=at)

        assert refused.value.extra["related_object_ids"] == [rule.public_id]
        assert Segment.objects.count() == 1

    @pytest.mark.requirement(87)
    def test_waits_until_no_limit_has_a_value_for_it(self, project, at):
        segment = SegmentFactory()
        relaxed = {"relaxed": {segment.public_id: None}}
        campaign = CampaignFactory(name="Spring sale")
        tier = PromotionTierFactory(name="Ten off")
        owners = {"campaign": campaign, "promotion_tier": tier}
        named = [LimitFactory(**{name: owner}, **relaxed) for name, owner in owners.items()]
        named.append(LimitFactory(**relaxed))
        LimitFactory(campaign=CampaignFactory(deleted_at=at), **relaxed)
        ids = [limit.public_id for limit in named]

        with pytest.raises(ResourceInUse) as refused:
            segments.delete(project=project, segment=segment, at=at)

        assert refused.value.details == (
            f"Resource segment with id {segment.public_id} is in use by limits with ids"
            f" [{ids[0]} of campaign Spring sale, {ids[1]} of promotion tier Ten off,"
            f" {ids[2]} of the project]"
        )
        assert refused.value.extra["related_object_ids"] == ids
        for limit in named:
            limit.delete()
        segments.delete(project=project, segment=segment, at=at)
        assert not Segment.objects.exists()

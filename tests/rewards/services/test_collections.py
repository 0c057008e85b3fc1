import pytest

from campaigns.models import DefinitionVersion, ValidationRule
from loyalty_project.core import tenancy
from loyalty_project.core.errors import Invalid
from loyalty_project.core.references import ResourceInUse
from rewards import queries
from rewards.models import CollectionMember, ProductCollection
from rewards.services import collections, contents
from tests.factories.collection import CollectionFactory
from tests.factories.product import ProductFactory
from tests.factories.sku import SkuFactory

pytestmark = pytest.mark.django_db

CHEAP = {"junction": "and", "price": {"conditions": {"$less_than": [1000]}}}


@pytest.fixture
def project(in_project):
    return in_project


def create(project, at, **data):
    given = {"name": "Arabica", "type": "STATIC", **data}
    return collections.create(project=project, data=given, at=at)


def rule_of(document):
    return ValidationRule.objects.create(
        name="Arabica lovers", definition=DefinitionVersion.objects.create(data=document)
    )


def members(collection):
    rows = CollectionMember.objects.filter(collection=collection).order_by("pk")
    return [str(member.product or member.sku) for member in rows]


class TestStatic:
    def test_holds_products_and_skus_by_id_or_source_id(self, project, at):
        beans = ProductFactory(source_id="beans", name="Beans")
        bag = SkuFactory(source_id="bag", sku="Bag")

        made = create(
            project,
            at,
            products=[
                {"id": "beans", "object": "product"},
                {"id": bag.public_id, "object": "sku"},
                {"id": beans.public_id, "object": "product"},
            ],
        )

        assert made.public_id.startswith("pc_")
        assert (made.type, made.filter, made.created_at) == ("STATIC", None, at)
        assert members(made) == ["Beans", "Bag"]
        assert CollectionMember.history.count() == 2

    @pytest.mark.parametrize("noun", ["product", "sku"])
    def test_does_not_hold_what_does_not_exist(self, noun, project, other_project, at):
        with tenancy.scope(other_project):
            theirs = SkuFactory(project=other_project, product__project=other_project)
        reference = theirs.public_id if noun == "sku" else theirs.product.public_id

        with pytest.raises(collections.UnknownMember) as refused:
            create(project, at, products=[{"id": reference, "object": noun}])

        assert refused.value.key == "resource_not_found"
        assert refused.value.details == f"Cannot find {noun} with id {reference}"
        assert not ProductCollection.objects.exists()

    def test_takes_other_members_and_remembers_the_old_ones(self, project, at):
        old, kept, new = (ProductFactory(name=name) for name in ("Old", "Kept", "New"))
        sku = SkuFactory(sku="Bag")
        collection = CollectionFactory(members=[old, kept])
        version = project.version

        wanted = [{"id": row.public_id, "object": "product"} for row in (kept, new, new)]
        wanted.append({"id": sku.public_id, "object": "sku"})
        collections.update(project=project, collection=collection, data={"products": wanted}, at=at)

        assert members(collection) == ["Kept", "New", "Bag"]
        changes = CollectionMember.history.filter(collection=collection).order_by("history_id")
        assert [row.history_type for row in changes] == ["+", "+", "-", "+", "+"]
        assert project.version == version + 1

    def test_has_a_name_of_its_own(self, project, at):
        create(project, at)

        with pytest.raises(collections.DuplicateCollection) as refused:
            create(project, at)

        assert refused.value.details == "Duplicated products collection exists with name Arabica"
        assert ProductCollection.objects.count() == 1


class TestAutoUpdate:
    def test_keeps_its_filter(self, project, at):
        version = project.version

        made = create(project, at, type="AUTO_UPDATE", filter={**CHEAP, "junction": "AND"})

        assert ProductCollection.objects.get().filter == CHEAP
        assert (made.type, project.version) == ("AUTO_UPDATE", version + 1)

    @pytest.mark.parametrize(
        ("tree", "details"),
        [
            (None, "'AUTO_UPDATE' collection must contain valid filter with 'junction' property"),
            ({}, "'AUTO_UPDATE' collection must contain valid filter with 'junction' property"),
            ([], "'AUTO_UPDATE' collection must contain valid filter with 'junction' property"),
            (
                {"price": CHEAP["price"]},
                "'AUTO_UPDATE' collection must contain valid filter with 'junction' property",
            ),
            (
                {**CHEAP, "junction": "nor"},
                "Property .filter has wrong `junction` property. It must be one of: and, or",
            ),
            ({"junction": "and"}, "Property .filter must have at least one condition"),
            (
                {"junction": "and", "color": CHEAP["price"]},
                "Property .filter is invalid: Filter 'color' has an unknown name 'color'",
            ),
            (
                {"junction": "and", "price": {"conditions": {"$less_than": ["x"]}}},
                (
                    "Property .filter is invalid: Filter 'price' (price) $less_than compares "
                    "a number with 'x'"
                ),
            ),
        ],
    )
    def test_refuses_a_filter_that_cannot_be_asked(self, tree, details, project, at):
        with pytest.raises(Invalid) as refused:
            create(project, at, type="AUTO_UPDATE", filter=tree)

        assert (refused.value.key, refused.value.details) == ("invalid_payload", details)
        assert not ProductCollection.objects.exists()

    def test_names_the_operators_that_there_are(self, project, at):
        tree = {"junction": "and", "metadata.city": {"conditions": {"$in_location": ["loc_1"]}}}

        with pytest.raises(Invalid) as refused:
            create(project, at, type="AUTO_UPDATE", filter=tree)

        assert refused.value.details.startswith(
            "Property .filter is invalid: Filter 'metadata.city' (metadata.city) has an unknown "
            "condition '$in_location'; use one of $is, "
        )

    def test_are_as_many_as_can_be_asked_about_an_order(self, project, at, monkeypatch):
        monkeypatch.setattr(collections, "FILTERED_MAX", 1)
        create(project, at, type="AUTO_UPDATE", filter=CHEAP)

        with pytest.raises(collections.TooManyCollections, match="can have 1 collections"):
            create(project, at, name="Second", type="AUTO_UPDATE", filter=CHEAP)

        create(project, at, name="Chosen")
        assert ProductCollection.objects.count() == 2


class TestUpdate:
    def change(self, project, collection, at, **data):
        return collections.update(project=project, collection=collection, data=data, at=at)

    def test_renames_and_replaces_the_filter(self, project, at):
        collection = CollectionFactory(name="Cheap", filter=CHEAP)
        dear = {"junction": "or", "price": {"conditions": {"$more_than_equal": [5000]}}}

        self.change(project, collection, at, name="Dear", filter=dear)

        stored = ProductCollection.objects.get()
        assert (stored.name, stored.filter) == ("Dear", dear)
        assert [row.name for row in stored.history.order_by("pk")] == ["Cheap", "Dear"]

    def test_leaves_a_chosen_list_without_filter(self, project, at):
        collection = CollectionFactory(name="Chosen")

        self.change(project, collection, at, name="Picked", filter=CHEAP, products=None)

        stored = ProductCollection.objects.get()
        assert (stored.name, stored.filter, stored.type) == ("Picked", None, "STATIC")

    def test_leaves_one_with_a_filter_without_members(self, project, at):
        collection = CollectionFactory(filter=CHEAP)
        wanted = [{"id": ProductFactory().public_id, "object": "product"}]

        self.change(project, collection, at, products=wanted)

        assert (members(collection), project.version) == ([], 1)

    def test_of_nothing_changes_nothing(self, project, at):
        collection = CollectionFactory()
        version = project.version

        self.change(project, collection, at)

        assert (collection.history.count(), project.version) == (1, version)


class TestDelete:
    def delete(self, project, collection, at):
        collections.delete(project=project, collection=collection, at=at)

    def test_removes_the_list_and_no_product(self, project, at):
        product = ProductFactory()
        version = project.version

        self.delete(project, CollectionFactory(members=[product]), at)

        assert not ProductCollection.objects.exists()
        assert queries.find(reference=product.public_id) == product
        assert project.version == version + 1

    @pytest.mark.parametrize("place", ["conditions", "applicable_to"])
    def test_waits_until_no_rule_names_it(self, place, project, at):
        collection = CollectionFactory()
        named = {"object": "products_collection", "id": collection.public_id}
        documents = {
            "conditions": {"rules": {"1": {"conditions": {"$is": [collection.public_id]}}}},
            "applicable_to": {"applicable_to": {"included": [named]}},
        }
        rule = rule_of(documents[place])
        rule_of({"rules": {"1": {"conditions": {"$is": ["pc_1"]}}}})

        with pytest.raises(ResourceInUse) as refused:
            self.delete(project, collection, at)

        assert refused.value.key == "resource_in_use"
        assert refused.value.details == (
            f"Resource products_collection with id {collection.public_id} is in use by "
            f"validation_rules with ids [{rule.public_id}]"
        )
        assert refused.value.extra == {
            "related_object_ids": [rule.public_id],
            "related_object_type": "validation_rules",
            "related_object_total": 1,
        }
        assert ProductCollection.objects.count() == 1

    def test_never_takes_the_collection_of_all_products(self, project, at):
        everything = queries.get_collection(reference="pc_a11pr0dUc75")

        with pytest.raises(ResourceInUse, match="belongs to each project"):
            self.delete(project, everything, at)
        with pytest.raises(ResourceInUse, match="belongs to each project"):
            collections.update(project=project, collection=everything, data={"name": "x"}, at=at)


class TestContents:
    def names(self, project, collection, at):
        found = contents.held(project=project, collection=collection, at=at)
        return [str(row) for row in contents.load(entries=found)]

    def test_of_a_chosen_list_are_its_members_in_order(self, project, at):
        beans, gone = ProductFactory(name="Beans"), ProductFactory(name="Gone", deleted_at=at)
        bag = SkuFactory(sku="Bag")
        lost = SkuFactory(sku="Lost", product__deleted_at=at)

        collection = CollectionFactory(members=[bag, beans, gone, lost])

        assert self.names(project, collection, at) == ["Bag", "Beans"]

    def test_of_a_filter_are_what_an_order_would_match(self, project, at):
        cheap = ProductFactory(name="Cheap", price=900)
        SkuFactory(sku="Of cheap", product=cheap, price=None)
        SkuFactory(sku="Sample", price=300, product__name="Dear", product__price=5000)
        ProductFactory(name="Gone", price=1, deleted_at=at)

        collection = CollectionFactory(filter=CHEAP)

        assert self.names(project, collection, at) == ["Cheap", "Of cheap", "Sample"]

    def test_may_be_asked_by_the_skus_of_a_product(self, project, at):
        beans = ProductFactory(name="Beans")
        SkuFactory(product=beans, source_id="bag")
        ProductFactory(name="Tea")

        tree = {"junction": "and", "skus": {"conditions": {"$is": ["bag"]}}}

        assert self.names(project, CollectionFactory(filter=tree), at) == ["Beans"]

    def test_take_three_queries_however_large_the_catalog(
        self, project, at, django_assert_num_queries
    ):
        SkuFactory.create_batch(30)
        everything = queries.get_collection(reference="pc_a11pr0dUc75")

        with django_assert_num_queries(2):
            found = contents.held(project=project, collection=everything, at=at)
        with django_assert_num_queries(2):
            rows = contents.load(entries=found)

        assert len(rows) == 60

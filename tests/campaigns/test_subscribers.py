from campaigns.models import Publication
from customers.services import erasure
from tests.factories.customer import CustomerFactory


def test_publications_forget_a_deleted_customer_and_no_other(in_project, at, work):
    for name in ("ada", "eve"):
        customer = CustomerFactory(project=in_project, source_id=name)
        Publication.objects.create(
            project=in_project,
            customer=customer,
            source_id=f"mail-to-{name}",
            tracking_id=name,
        )

    erasure.erase(project=in_project, reference="ada", at=at)
    work()

    kept = Publication.objects.order_by("pk").values_list("source_id", "tracking_id")
    assert list(kept) == [(None, ""), ("mail-to-eve", "eve")]

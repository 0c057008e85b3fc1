import pytest

from customers import queries
from tests.factories.customer import CustomerFactory
from tests.factories.segment import SegmentFactory


@pytest.mark.django_db
@pytest.mark.usefixtures("in_project")
def test_the_segments_of_a_customer_take_one_query(django_assert_num_queries):
    ada, grace = CustomerFactory(), CustomerFactory()
    vip = SegmentFactory(customers=[ada, grace])
    friends = SegmentFactory(customers=[ada])

    with django_assert_num_queries(1):
        assert queries.segments_of(customer=ada) == {vip.public_id, friends.public_id}
    assert queries.segments_of(customer=grace) == {vip.public_id}
    assert queries.segments_of(customer=CustomerFactory()) == frozenset()

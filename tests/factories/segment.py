import factory

from customers.models import Segment, SegmentMembership


class SegmentFactory(factory.django.DjangoModelFactory):
    """`customers` are its members."""

    class Meta:
        model = Segment
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"VIP customers {n}")

    @factory.post_generation
    def customers(self, _create, given, **_options):
        for customer in given or ():
            SegmentMembership.objects.create(segment=self, customer=customer)

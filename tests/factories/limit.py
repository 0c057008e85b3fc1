import factory

from campaigns.models import Budget, HolidayCalendar, Limit, MarginFloor
from customers.models import Segment


class BudgetFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Budget

    name = factory.Sequence(lambda n: f"Marketing {2027 + n}")


class LimitFactory(factory.django.DjangoModelFactory):
    """Of the whole project; pass `campaign`, `voucher`, `promotion_tier` or `budget`."""

    class Meta:
        model = Limit

    value = 500


class MarginFloorFactory(factory.django.DjangoModelFactory):
    """Of the whole project; pass `campaign` for one of a campaign."""

    class Meta:
        model = MarginFloor

    amount = 100


class HolidayCalendarFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = HolidayCalendar

    name = factory.Sequence(lambda n: f"Iran {1406 + n}")
    days = factory.LazyFunction(lambda: [{"date": "2026-03-21", "name": "Nowruz"}])


class SegmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Segment

    name = factory.Sequence(lambda n: f"Loyal {n}")

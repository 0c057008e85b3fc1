"""Bodies about limits, budgets, margin floors and holidays."""

from campaigns.models import HolidayMode
from campaigns.models.limits import Measure, Overflow, Period
from campaigns.services.holidays import MAX_DAYS
from campaigns.services.limits import BIGGEST, MAX_PER_OWNER
from campaigns.services.margin_floors import MAX_AMOUNT, MAX_PERCENT
from loyalty_project.core.api import inputs


class LimitInput(inputs.Input):
    """At most so many, or so much in minor units; `relaxed` has other values by id of segment."""

    measure = inputs.OneOf(Measure.values)
    period = inputs.OneOf(Period.values, required=False)
    per_customer = inputs.Flag(required=False)
    per_redeemable = inputs.Flag(required=False)
    value = inputs.Whole(min_value=0, max_value=BIGGEST)
    overflow = inputs.OneOf(Overflow.values, required=False)
    relaxed = inputs.Object(required=False)


def limits_member() -> LimitInput:
    """The member `limits`; null is none."""
    return LimitInput(many=True, required=False, allow_null=True, max_length=MAX_PER_OWNER)


class MarginFloorInput(inputs.Input):
    """What must stay above the cost: minor units per unit, and percent of the cost."""

    amount = inputs.Money(required=False, max_value=MAX_AMOUNT)
    percent = inputs.Number(required=False, min_value=0, max_value=MAX_PERCENT)
    skips = inputs.Flag(required=False)


class HolidaysInput(inputs.Input):
    """The calendar of a campaign, and what its days mean."""

    calendar_id = inputs.Text(max_length=48)
    mode = inputs.OneOf(HolidayMode.values, required=False)


class BoundsInput(inputs.Input):
    """What keeps a campaign within bounds; these members are ours, not the published API's."""

    limits = limits_member()
    budget_id = inputs.Text(required=False, allow_null=True, max_length=48)
    margin_floor = MarginFloorInput(required=False, allow_null=True)
    holidays = HolidaysInput(required=False, allow_null=True)
    rollout_percent = inputs.Whole(required=False, min_value=0, max_value=100)
    listed = inputs.Flag(required=False)
    jurisdiction = inputs.Text(required=False, allow_null=True, max_length=48)


class BudgetInput(inputs.Input):
    """A budget that several campaigns share."""

    name = inputs.Text(max_length=120)
    limits = limits_member()


class LimitsInput(inputs.Input):
    """All limits of a code or promotion tier."""

    limits = LimitInput(many=True, max_length=MAX_PER_OWNER)


class SafetyInput(inputs.Input):
    """What protects the whole project; what is absent stays."""

    limits = limits_member()
    margin_floor = MarginFloorInput(required=False, allow_null=True)


class HolidayInput(inputs.Input):
    date = inputs.Day()
    name = inputs.Text(required=False, allow_blank=True, max_length=120)


class HolidayCalendarInput(inputs.Input):
    """Days on which campaigns pause, or on which alone they run."""

    name = inputs.Text(max_length=120)
    days = HolidayInput(many=True, required=False, max_length=MAX_DAYS)

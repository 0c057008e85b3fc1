from customers.models import SegmentType
from customers.services.segments import LATER, MEMBERS_MAX
from loyalty_project.core.api import inputs


class SegmentInput(inputs.Input):
    """A segment; `customers` are ids or source ids."""

    name = inputs.Text(max_length=255)
    type = inputs.OneOf([*SegmentType.values, *LATER], required=False)
    customers = inputs.ListOf(
        child=inputs.Text(max_length=255), required=False, max_length=MEMBERS_MAX
    )

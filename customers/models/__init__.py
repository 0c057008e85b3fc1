from customers.models.customer import Customer, CustomerSummary
from customers.models.segment import Segment, SegmentMembership, SegmentType

__all__ = ["Customer", "CustomerSummary", "Segment", "SegmentMembership", "SegmentType"]

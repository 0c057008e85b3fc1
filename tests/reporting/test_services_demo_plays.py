"""The rules, promotions, groups and limits of the demo."""

import pytest

from campaigns.models import HolidayCalendar, Limit, PromotionTier, StackingRules, ValidationRule
from customers.models import SegmentMembership
from rewards.models import ProductCollection
from tests.reporting.conftest import rows


@pytest.mark.usefixtures("everywhere")
class TestPlays:
    def test_have_rules_tiers_groups_and_limits(self):
        assert rows(ValidationRule).count() == 10
        assert rows(PromotionTier).count() == 6
        assert rows(SegmentMembership).exists()
        assert rows(ProductCollection).count() == 3
        assert rows(Limit).count() == 6
        assert rows(StackingRules).count() == rows(HolidayCalendar).count() == 2

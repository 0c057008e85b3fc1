"""From rows to what the engine evaluates."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from campaigns import models, queries, snapshots
from campaigns.engine import checks
from campaigns.engine.context import (
    ApplicationMode,
    CalculationMode,
    Context,
    NoEffectRule,
    ProductsMode,
    RollbackOrderMode,
    SortingRule,
    StackingRules,
)
from campaigns.engine.effects.percent import PercentDiscount
from campaigns.engine.redeemable import DailyHours
from campaigns.services import categories
from loyalty_project.core.models import Project
from tests.factories.campaign import CampaignFactory
from tests.factories.category import CategoryFactory
from tests.factories.voucher import VoucherFactory

pytestmark = pytest.mark.usefixtures("in_project")


def refusal(voucher, at):
    row = queries.get_voucher(reference=voucher.code)
    asked = snapshots.redeemable(row, redeemed=queries.redeemed_of(row))
    context = Context(at=at, time_zone=ZoneInfo("Europe/Berlin"), redeemables=(asked,))
    reason = checks.first_refusal(asked, context, None)
    return reason.key if reason else None


def test_maps_a_code_of_a_campaign(at):
    campaign = CampaignFactory(category=CategoryFactory(name="Tea", hierarchy=3), expires_at=at)
    voucher = VoucherFactory(
        code="A",
        campaign=campaign,
        redemption_limit=5,
        validity_hours={"daily": [{"start_time": "09:00", "days_of_week": [1]}]},
        metadata={"lot": 1},
    )

    found = snapshots.redeemable(queries.get_voucher(reference="A"), redeemed=2)

    assert (found.id, found.code, found.active) == (voucher.public_id, "A", True)
    assert found.discount == PercentDiscount(percent_off=100_000)
    assert (found.usage.limit, found.usage.redeemed, found.usage.left) == (5, 2, 3)
    assert [(category.name, category.hierarchy) for category in found.categories] == [("Tea", 3)]
    assert found.campaign.validity.ends_at == at
    assert found.validity.daily_hours == (
        DailyHours(days_of_week=frozenset({1}), start=time(9), expiration=None),
    )
    assert found.metadata == {"lot": 1}
    assert found.facts["voucher"] == voucher


def test_takes_the_category_of_the_code_before_that_of_its_campaign():
    campaign = CampaignFactory(category=CategoryFactory(name="Tea"))
    VoucherFactory(code="A", campaign=campaign, category=CategoryFactory(name="Coffee"))

    found = snapshots.redeemable(queries.get_voucher(reference="A"), redeemed=0)

    assert [category.name for category in found.categories] == ["Coffee"]


def test_lets_a_published_code_outlive_its_campaign_by_its_lifetime(at):
    campaign = CampaignFactory(
        expires_at=datetime(2026, 3, 1, tzinfo=UTC), activity_duration_after_publishing="P14D"
    )
    given = VoucherFactory(
        campaign=campaign, publish_count=1, expires_at=datetime(2026, 3, 10, tzinfo=UTC)
    )
    kept = VoucherFactory(campaign=campaign)

    assert refusal(given, at) is None
    assert refusal(kept, at) == "voucher_expired"
    assert refusal(given, datetime(2026, 3, 10, tzinfo=UTC)) == "voucher_expired"


def test_calls_what_nobody_knows_missing():
    found = snapshots.missing("NOPE")

    assert (found.exists, found.id, found.code) == (False, "NOPE", "NOPE")


def test_finds_codes_by_code_and_id_in_one_query(django_assert_num_queries):
    first, second = VoucherFactory(code="A"), VoucherFactory(code="B")
    with django_assert_num_queries(1):
        found = queries.vouchers_by_codes(codes=[" A ", second.public_id, "C"])

    assert found == {" A ": first, second.public_id: second}


class TestStacking:
    def test_has_the_published_defaults_without_a_row(self, project):
        assert snapshots.stacking(project) == StackingRules()

    def test_reads_the_row(self, project):
        models.StackingRules.objects.create(
            redeemables_limit=100,
            applicable_redeemables_limit=7,
            applicable_redeemables_per_category_limit=2,
            applicable_redeemables_category_limits={"cat_a": 3},
            applicable_exclusive_redeemables_limit=4,
            applicable_exclusive_redeemables_per_category_limit=5,
            redeemables_application_mode="PARTIAL",
            redeemables_sorting_rule="CATEGORY_HIERARCHY",
            redeemables_products_application_mode="ONCE",
            redeemables_no_effect_rule="SKIP",
            no_effect_skip_categories=["cat_c"],
            no_effect_redeem_anyway_categories=["cat_d"],
            redeemables_rollback_order_mode="WITHOUT_ORDER",
            grouped_redeemables_sorting_rule="JOINT_WITH_OTHERS",
            discount_calculation_mode="INITIAL_AMOUNT",
            initial_amount_mode_categories=["cat_e"],
            discounted_amount_mode_categories=["cat_f"],
        )

        assert snapshots.stacking(project) == StackingRules(
            redeemables_limit=100,
            applicable_redeemables_limit=7,
            applicable_redeemables_per_category_limit=2,
            applicable_redeemables_category_limits={"cat_a": 3},
            applicable_exclusive_redeemables_limit=4,
            applicable_exclusive_redeemables_per_category_limit=5,
            redeemables_application_mode=ApplicationMode.PARTIAL,
            redeemables_sorting_rule=SortingRule.CATEGORY_HIERARCHY,
            redeemables_products_application_mode=ProductsMode.ONCE,
            redeemables_no_effect_rule=NoEffectRule.SKIP,
            no_effect_skip_categories=frozenset({"cat_c"}),
            no_effect_redeem_anyway_categories=frozenset({"cat_d"}),
            redeemables_rollback_order_mode=RollbackOrderMode.WITHOUT_ORDER,
            joint_always_last=False,
            discount_calculation_mode=CalculationMode.INITIAL_AMOUNT,
            initial_amount_mode_categories=frozenset({"cat_e"}),
            discounted_amount_mode_categories=frozenset({"cat_f"}),
        )

    def test_reads_which_categories_are_exclusive_and_joint(self, project):
        alone = CategoryFactory(stacking_rules_type="EXCLUSIVE").public_id
        always = CategoryFactory(stacking_rules_type="JOINT").public_id
        CategoryFactory()

        found = snapshots.stacking(project)

        assert found.exclusive_categories == {alone}
        assert found.joint_categories == {always}

    def test_takes_no_query_until_the_configuration_changes(
        self, project, at, django_assert_num_queries
    ):
        snapshots.stacking(Project.objects.get(pk=project.pk))
        again = Project.objects.get(pk=project.pk)
        with django_assert_num_queries(0):
            assert snapshots.stacking(again).joint_categories == frozenset()

        data = {"name": "Always", "hierarchy": 1, "stacking_rules_type": "JOINT"}
        category = categories.create(project=project, data=data, at=at)

        changed = Project.objects.get(pk=project.pk)
        assert snapshots.stacking(changed).joint_categories == {category.public_id}

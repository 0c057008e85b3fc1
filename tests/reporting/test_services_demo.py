"""The demo is small here; every identity holds at any size."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.db import transaction
from django.db.models import Count, F, Max, Q, Sum

from campaigns import queries
from campaigns.models import Campaign, Publication, UsageDelta, Voucher
from customers.models import Customer
from loyalty_project.core import money, tenancy
from loyalty_project.core.models import ApiKey, Membership, Project, ProjectOwned
from redemptions import context
from redemptions.models import Order, OrderItem, OrderStatus, Redemption, RedemptionRollback, Result
from redemptions.services import redemptions, rollbacks
from rewards.models import Product, Sku
from tests.reporting.conftest import AT, SMALL, rows, successes

COUNTED = (OrderStatus.PAID, OrderStatus.FULFILLED)
ROLES = {
    "Administrator",
    "Marketer",
    "Junior marketer",
    "Support agent",
    "Manager",
    "Developer",
    "Viewer",
}


@pytest.mark.usefixtures("everywhere")
class TestSizes:
    def test_are_as_asked_over_both_shops(self):
        assert rows(Customer).count() == SMALL.customers
        assert rows(Order).count() == SMALL.orders
        assert rows(Voucher).count() == SMALL.codes

    def test_have_sixty_products_and_twenty_campaigns(self):
        assert rows(Product).count() == 60
        assert rows(Campaign).filter(campaign_type="DISCOUNT_COUPONS").count() == 16
        assert rows(Campaign).filter(campaign_type="PROMOTION").count() == 2
        assert rows(Campaign).filter(campaign_type="GIFT_VOUCHERS").count() == 2

    def test_belong_to_a_shop_in_euros_and_one_in_rials(self):
        shops = Project.objects.order_by("slug").values_list("slug", "currency", "timezone")
        assert list(shops) == [
            ("roastery", "EUR", "Europe/Dublin"),
            ("tehran-mode", "IRR", "Asia/Tehran"),
        ]


@pytest.mark.usefixtures("everywhere")
class TestOrders:
    def test_cost_their_amount_less_their_discounts(self):
        due = F("amount") - F("discount_amount") - F("items_discount_amount")
        assert not rows(Order).exclude(total_amount=due).exists()
        assert not rows(Order).filter(total_amount__lt=0).exists()

    def test_sum_up_their_lines(self):
        wrong = rows(Order).annotate(lines=Sum("items__amount")).exclude(amount=F("lines"))
        assert not wrong.exists()
        assert not rows(OrderItem).exclude(amount=F("price") * F("quantity")).exists()

    def test_have_the_discount_of_their_redemption(self):
        standing = successes().filter(rolled_back_at__isnull=True)
        assert standing.exists()
        assert not standing.exclude(order__discount_amount=F("applied_amount")).exists()
        assert not standing.exclude(order__status__in=COUNTED).exists()

    def test_without_a_standing_redemption_have_no_discount(self):
        used = rows(Redemption).filter(result=Result.SUCCESS, rolled_back_at__isnull=True)
        assert (
            not rows(Order).exclude(pk__in=used.values("order")).exclude(discount_amount=0).exists()
        )

    def test_name_what_the_catalog_has(self):
        products = set(rows(Product).values_list("public_id", flat=True))
        skus = {"", *rows(Sku).values_list("public_id", flat=True)}
        for item in rows(OrderItem):
            assert item.product_id in products
            assert item.sku_id in skus
            assert item.product["id"] == item.product_id

    def test_lie_in_the_past_of_the_day_of_loading(self):
        for model, field in ((Order, "created_at"), (Redemption, "redeemed_at")):
            newest = rows(model).aggregate(newest=Max(field))["newest"]
            assert AT - timedelta(days=30) < newest <= AT
        assert not rows(Order).filter(updated_at__gt=AT).exists()
        assert not rows(Order).filter(created_at__lt=F("customer__created_at")).exists()


@pytest.mark.usefixtures("everywhere")
class TestRedemptions:
    def test_took_off_what_their_definition_promises(self):
        for redemption in successes().select_related("voucher__definition"):
            discount = redemption.voucher.definition.data["discount"]
            amount = redemption.order_json["amount"]
            if discount["type"] == "AMOUNT":
                promised = min(discount["amount_off"], amount)
            else:
                millionths = money.to_millionths(str(discount["percent_off"]))
                cap = discount.get("amount_limit", amount)
                promised = min(money.percent_of(amount, millionths), cap)
            assert redemption.applied_amount == promised

    def test_show_the_order_as_it_was(self):
        for redemption in successes().select_related("order", "customer"):
            shown = redemption.order_json
            assert shown["id"] == redemption.order.public_id
            assert shown["customer_id"] == redemption.customer.public_id
            assert shown["amount"] == redemption.order.amount
            assert shown["total_amount"] == shown["amount"] - redemption.applied_amount
            assert shown["total_applied_discount_amount"] == redemption.applied_amount

    def test_are_counted_in_their_codes(self):
        standing = Count(
            "redemptions",
            filter=Q(redemptions__result=Result.SUCCESS, redemptions__rolled_back_at__isnull=True),
        )
        assert not rows(Voucher).annotate(n=standing).exclude(redeemed_count=F("n")).exists()
        assert not rows(UsageDelta).exists()
        for voucher in queries.vouchers().filter(redemption_limit__isnull=True):
            assert queries.redeemed_of(voucher) == voucher.redeemed_count

    def test_keep_within_the_limits(self):
        assert not rows(Voucher).filter(redeemed_count__gt=F("redemption_limit")).exists()

    def test_came_while_their_campaign_was_on(self):
        assert not successes().filter(redeemed_at__lt=F("campaign__starts_at")).exists()
        assert not successes().filter(redeemed_at__gte=F("campaign__expires_at")).exists()
        assert not successes().filter(redeemed_at__gte=F("voucher__expires_at")).exists()

    def test_cancel_the_order_when_they_are_taken_back(self):
        taken_back = rows(Redemption).filter(result=Result.SUCCESS, rolled_back_at__isnull=False)
        assert taken_back.count() == rows(RedemptionRollback).count()
        assert not taken_back.exclude(order__status=OrderStatus.CANCELED).exists()
        assert not taken_back.exclude(order__discount_amount=0).exists()
        assert not (
            rows(RedemptionRollback).exclude(redemption__rolled_back_at=F("rolled_back_at"))
        ).exists()

    def test_that_were_refused_changed_nothing_and_say_why(self):
        refused = rows(Redemption).filter(result=Result.FAILURE)
        assert refused.exists()
        assert not refused.exclude(order__isnull=True, applied_amount=0).exists()
        for redemption in refused:
            assert redemption.public_id.startswith("rf_")
            assert (redemption.failure_code == "not_found") == (redemption.voucher_id is None)
            assert redemption.failure_message


@pytest.mark.usefixtures("everywhere")
class TestCodes:
    def test_are_unique_in_their_project(self):
        for project in Project.objects.all():
            keys = rows(Voucher).filter(project=project).values_list("code_key", flat=True)
            assert len(set(keys)) == len(keys)

    def test_are_counted_by_their_campaign(self):
        wrong = rows(Campaign).annotate(n=Count("vouchers")).exclude(vouchers_count=F("n"))
        assert not wrong.exists()

    def test_that_were_published_have_one_publication_and_its_holder(self):
        published = rows(Voucher).filter(publish_count=1)
        assert published.count() == rows(Publication).count() > 0
        assert not rows(Publication).exclude(voucher__holder=F("customer")).exists()
        assert not rows(Publication).filter(created_at__lt=F("customer__created_at")).exists()

    def test_of_a_campaign_go_to_a_customer_once(self):
        twice = (
            rows(Publication).values("campaign", "customer").annotate(n=Count("pk")).filter(n__gt=1)
        )
        assert not twice.filter(campaign__isnull=False).exists()

    def test_share_the_definition_of_their_campaign(self):
        of_campaigns = rows(Voucher).filter(campaign__isnull=False)
        assert not of_campaigns.exclude(definition=F("campaign__definition")).exists()


@pytest.mark.usefixtures("everywhere")
class TestCampaigns:
    def test_are_in_every_state(self):
        on = rows(Campaign).filter(active=True)
        assert on.filter(starts_at__gt=AT).count() >= 1
        assert on.filter(expires_at__lte=AT).count() >= 2
        assert rows(Campaign).filter(active=False, generation_status="DONE").count() == 1
        assert rows(Campaign).filter(active=False, generation_status="DRAFT").count() == 1
        assert set(rows(Campaign).values_list("type", flat=True)) == {
            "AUTO_UPDATE",
            "STATIC",
            "STANDALONE",
        }

    def test_have_one_that_is_used_up(self):
        voucher = rows(Voucher).get(code="GRIND15")
        assert voucher.redeemed_count == voucher.redemption_limit > 0

    def test_are_answered_for_by_a_marketer_of_their_shop(self):
        for campaign in rows(Campaign).select_related("owner"):
            role = Membership.objects.get(user=campaign.owner, project=campaign.project).group
            assert role.name == "Marketer"

    def test_tell_who_made_them_and_who_switched_one_off(self):
        stopped = rows(Campaign).get(active=False, generation_status="DONE")
        entries = list(stopped.history.order_by("history_date"))
        first, last = entries[0], entries[-1]
        assert (first.history_type, first.active) == ("+", True)
        assert (last.history_type, last.active) == ("~", False)
        assert first.history_user.username == "marketer"
        assert last.history_user.username == "manager"
        for campaign in rows(Campaign):
            newest = campaign.history.order_by("-history_date").first()
            assert (newest.name, newest.active) == (campaign.name, campaign.active)


@pytest.mark.usefixtures("everywhere")
def test_nothing_refers_to_another_project():
    for model in apps.get_models():
        if not issubclass(model, ProjectOwned):
            continue
        for field in model._meta.concrete_fields:
            target = field.related_model
            if isinstance(target, type) and issubclass(target, ProjectOwned):
                strays = model._base_manager.filter(**{f"{field.name}__isnull": False}).exclude(
                    **{f"{field.name}__project": F("project")}
                )
                assert not strays.exists(), f"{model.__name__}.{field.name}"


@pytest.mark.usefixtures("everywhere")
class TestAccess:
    def test_has_a_login_for_each_role(self, said):
        assert {login["role"] for login in said["logins"]} == ROLES
        for login in said["logins"]:
            user = authenticate(username=login["username"], password=login["password"])
            found = Membership.objects.filter(user=user, group__name=login["role"])
            slugs = found.order_by("project__slug").values_list("project__slug", flat=True)
            assert ", ".join(slugs) == login["project"]
            assert not user.is_superuser

    def test_has_a_server_and_a_client_key_for_each_shop(self, said):
        kinds = [(key["project"], key["kind"]) for key in said["api_keys"]]
        assert kinds == [
            ("roastery", "server"),
            ("roastery", "client"),
            ("tehran-mode", "server"),
            ("tehran-mode", "client"),
        ]
        for key in said["api_keys"]:
            row = rows(ApiKey).get(app_id=key["app_id"])
            assert row.matches(key["app_token"])
            assert row.project.slug == key["project"]
            assert row.is_client == (key["kind"] == "client")


class TestWork:
    """The shops can be gone on with by the services that everybody uses."""

    @pytest.fixture(autouse=True)
    def shop(self, said):
        shop = Project.objects.get(slug="roastery")
        with transaction.atomic(), tenancy.scope(shop):
            yield shop
            transaction.set_rollback(True)

    def test_takes_a_redemption_back(self, shop):
        used = successes().filter(rolled_back_at__isnull=True).latest("redeemed_at")
        before = used.voucher.redeemed_count
        rollbacks.roll_back(
            project=shop, reference=used.public_id, wish=rollbacks.Wish(reason="test"), at=AT
        )
        order = Order.objects.get(pk=used.order_id)
        assert (order.status, order.discount_amount) == (OrderStatus.CANCELED, 0)
        assert order.total_amount == order.amount
        assert queries.get_voucher(reference=used.code).redeemed_count == before - 1

    def test_redeems_a_code_that_a_customer_holds(self, shop):
        voucher = queries.vouchers().filter(
            campaign__name="Welcome to the roastery", redeemed_count=0, expires_at__gt=AT
        )[0]
        request = context.Request(
            redeemables=(context.Wanted("voucher", voucher.code),),
            order={"amount": 10_000},
            customer={"id": voucher.holder.public_id},
        )
        done = redemptions.redeem(project=shop, request=request, at=AT)
        assert done.order.total_amount == 9_000
        assert done.redemptions[0].customer == voucher.holder

"""A shop of django-oscar that places orders; run by the Python of its own environment.

`python oscar_site.py HOST DATABASE OFFERS ORDERS` prints a line of JSON. It needs nothing of ours.
"""

import json
import os
import statistics
import sys
import time
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import django
from django.conf import settings

APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.sites",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.flatpages",
    "oscar.config.Shop",
    "oscar.apps.analytics.apps.AnalyticsConfig",
    "oscar.apps.checkout.apps.CheckoutConfig",
    "oscar.apps.address.apps.AddressConfig",
    "oscar.apps.shipping.apps.ShippingConfig",
    "oscar.apps.catalogue.apps.CatalogueConfig",
    "oscar.apps.catalogue.reviews.apps.CatalogueReviewsConfig",
    "oscar.apps.communication.apps.CommunicationConfig",
    "oscar.apps.partner.apps.PartnerConfig",
    "oscar.apps.basket.apps.BasketConfig",
    "oscar.apps.payment.apps.PaymentConfig",
    "oscar.apps.offer.apps.OfferConfig",
    "oscar.apps.order.apps.OrderConfig",
    "oscar.apps.customer.apps.CustomerConfig",
    "oscar.apps.search.apps.SearchConfig",
    "oscar.apps.voucher.apps.VoucherConfig",
    "oscar.apps.wishlists.apps.WishlistsConfig",
    "oscar.apps.dashboard.apps.DashboardConfig",
    "oscar.apps.dashboard.reports.apps.ReportsDashboardConfig",
    "oscar.apps.dashboard.users.apps.UsersDashboardConfig",
    "oscar.apps.dashboard.orders.apps.OrdersDashboardConfig",
    "oscar.apps.dashboard.catalogue.apps.CatalogueDashboardConfig",
    "oscar.apps.dashboard.offers.apps.OffersDashboardConfig",
    "oscar.apps.dashboard.partners.apps.PartnersDashboardConfig",
    "oscar.apps.dashboard.pages.apps.PagesDashboardConfig",
    "oscar.apps.dashboard.ranges.apps.RangesDashboardConfig",
    "oscar.apps.dashboard.reviews.apps.ReviewsDashboardConfig",
    "oscar.apps.dashboard.vouchers.apps.VouchersDashboardConfig",
    "oscar.apps.dashboard.communications.apps.CommunicationsDashboardConfig",
    "oscar.apps.dashboard.shipping.apps.ShippingDashboardConfig",
    "widget_tweaks",
    "haystack",
    "treebeard",
    "sorl.thumbnail",
    "django_tables2",
]
SEARCH = "haystack.backends.simple_backend.SimpleEngine"
LINES, QUANTITY, PRICE = 5, 2, Decimal("25.00")


def configure(host, database):
    from oscar import defaults

    values = {name: getattr(defaults, name) for name in dir(defaults) if name.isupper()}
    server = {"ENGINE": "django.db.backends.postgresql", "HOST": host, "USER": "wafa"}
    settings.configure(
        **values,
        SECRET_KEY="benchmark",
        SITE_ID=1,
        INSTALLED_APPS=APPS,
        DATABASES={"default": {**server, "NAME": database, "CONN_MAX_AGE": None}},
        HAYSTACK_CONNECTIONS={
            "default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}
        },
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
    )
    django.setup()


class Shop:
    """Goods, a voucher of 10 % from 50.00 on, and offers for goods that nobody buys."""

    def __init__(self):
        from django.contrib.auth.models import User
        from django.utils import timezone
        from oscar.core.loading import get_model

        self.user, _new = User.objects.get_or_create(username="ada")
        self.model = get_model
        self.now = timezone.now()
        kind = get_model("catalogue", "ProductClass").objects.get_or_create(
            name="Goods", track_stock=False
        )[0]
        partner = get_model("partner", "Partner").objects.get_or_create(name="We")[0]
        self.products = [self.product(kind, partner, number) for number in range(LINES)]
        self.others = [self.product(kind, partner, 100 + number) for number in range(10)]

    def product(self, kind, partner, number):
        product, new = self.model("catalogue", "Product").objects.get_or_create(
            upc=f"p{number}", defaults={"title": f"Product {number}", "product_class": kind}
        )
        if new:
            product.stockrecords.create(partner=partner, partner_sku=product.upc, price=PRICE)
        return product

    def voucher(self):
        every = self.model("offer", "Range").objects.create(
            name=f"All {time.time()}", includes_all_products=True
        )
        offer = self.offer("Voucher", "Voucher", every, ("Value", 50))
        voucher = self.model("voucher", "Voucher").objects.create(
            name=f"Ten {time.time()}",
            code=f"TEN{time.time_ns()}",
            usage="Multi-use",
            start_datetime=self.now - timedelta(days=1),
            end_datetime=self.now + timedelta(days=9),
        )
        voucher.offers.add(offer)
        return voucher

    def offers(self, count):
        """As many offers for all visitors as that, and no more."""
        there = self.model("offer", "ConditionalOffer").objects.filter(offer_type="Site").count()
        for number in range(there, count):
            range_ = self.model("offer", "Range").objects.create(name=f"Range {number}")
            for product in self.others:
                range_.add_product(product)
            self.offer(f"Offer {number}", "Site", range_, ("Count", 2))

    def offer(self, name, kind, range_, condition):
        return self.model("offer", "ConditionalOffer").objects.create(
            name=f"{name} {time.time_ns()}",
            offer_type=kind,
            condition=self.model("offer", "Condition").objects.create(
                range=range_, type=condition[0], value=condition[1]
            ),
            benefit=self.model("offer", "Benefit").objects.create(
                range=range_, type="Percentage", value=10
            ),
        )

    def order(self, voucher, number):
        """From an empty basket to an order with its voucher."""
        from oscar.apps.checkout.calculators import OrderTotalCalculator
        from oscar.apps.offer.applicator import Applicator
        from oscar.apps.order.utils import OrderCreator
        from oscar.apps.partner.strategy import Selector
        from oscar.apps.shipping.methods import Free

        basket = self.model("basket", "Basket").objects.create(owner=self.user)
        basket.strategy = Selector().strategy()
        for product in self.products:
            basket.add_product(product, quantity=QUANTITY)
        basket.vouchers.add(voucher)
        Applicator().apply(basket, self.user)
        shipping = Free()
        charge = shipping.calculate(basket)
        order = OrderCreator().place_order(
            basket=basket,
            total=OrderTotalCalculator().calculate(basket, charge),
            shipping_method=shipping,
            shipping_charge=charge,
            user=self.user,
            order_number=number,
        )
        basket.submit()
        return order


def main(host, database, offers, orders):
    configure(host, database)
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    shop = Shop()
    shop.offers(offers)
    voucher = shop.voucher()
    for number in range(2):
        order = shop.order(voucher, f"warm{time.time_ns()}-{number}")
    assert order.total_discount_incl_tax == LINES * QUANTITY * PRICE / 10
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    ours, theirs, waits = time.process_time(), spent_by(backend), []
    for number in range(orders):
        began = time.perf_counter()
        shop.order(voucher, f"{time.time_ns()}-{number}")
        waits.append((time.perf_counter() - began) * 1000)
    client, server = time.process_time() - ours, spent_by(backend) - theirs
    sys.stdout.write(json.dumps({
        "cpu_ms": round((client + server) / orders * 1000, 1),
        "python_ms": round(client / orders * 1000, 1),
        "postgres_ms": round(server / orders * 1000, 1),
        "p50_ms": round(statistics.median(waits), 1),
    }) + "\n")  # fmt: skip


def spent_by(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))

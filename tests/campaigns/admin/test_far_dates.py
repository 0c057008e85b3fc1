"""Dates at the ends of the calendar, as shops write "never": the pages show them all the same."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from campaigns.models import Campaign, Voucher
from loyalty_project.core.admin.fields import MomentField
from tests.factories.limit import LimitFactory
from tests.factories.promotion import PromotionTierFactory

pytestmark = pytest.mark.usefixtures("in_project")
ENDS = {"start_date": "0001-01-01T00:00:00Z", "expiration_date": "9999-12-31T23:59:59.999Z"}
ZONES = ["Asia/Tehran", "Pacific/Honolulu"]


@pytest.mark.parametrize("zone", ZONES)
def test_pages_show_what_never_ends(staff, in_project, api, work, zone):
    in_project.timezone, in_project.week_start = zone, 6
    in_project.save()
    voucher = {"type": "DISCOUNT_VOUCHER", "discount": {"type": "AMOUNT", "amount_off": 100}}
    body = {"name": "Never", "type": "STANDALONE", "voucher": {**voucher, "code": "NEVER"}}
    assert api.post("/v1/campaigns", {**body, **ENDS}).json()["expiration_date"] == (
        "9999-12-31T23:59:59.999Z"
    )
    work()
    campaign, code = Campaign.objects.get(), Voucher.objects.get()
    assert api.put("/v1/vouchers/NEVER", ENDS).status_code == 200
    LimitFactory(campaign=campaign, measure="discount", period="week", value=1000)
    tier = PromotionTierFactory(starts_at=campaign.starts_at, expires_at=campaign.expires_at)
    http = staff("Marketer", timezone=zone)

    pages = [reverse("admin:campaigns_campaign_calendar")]
    for row in (campaign, code, tier):
        pages.append(reverse(f"admin:campaigns_{row._meta.model_name}_changelist"))
        pages.append(reverse(f"admin:campaigns_{row._meta.model_name}_change", args=[row.pk]))
    assert [http.get(page).status_code for page in pages] == [200] * 7


@pytest.mark.parametrize(
    ("zone", "typed"),
    [("Asia/Tehran", "0001-01-01T00:00"), ("Pacific/Honolulu", "9999-12-31T23:59")],
)
def test_a_moment_that_cannot_be_stored_is_refused(zone, typed):
    """It would lie in a year that nobody can read again."""
    with timezone.override(zone), pytest.raises(ValidationError, match="has no such day"):
        MomentField().clean(typed)

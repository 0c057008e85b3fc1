"""What a campaign has given, or its gift cards hold, among the key figures of its page."""

from django.utils.translation import gettext as _

from campaigns.admin import figures
from campaigns.models import Campaign, CampaignType
from loyalty_project.core.admin import display
from reporting.reports import campaign_summary, gift_cards


def given(campaign: Campaign) -> figures.Figures:
    if campaign.campaign_type == CampaignType.GIFT_VOUCHERS:
        found = gift_cards.of_campaign(campaign=campaign)
        return [
            (_("Sold"), display.money_of(found.sold)),
            (_("Paid with cards"), display.money_of(found.spent)),
            (_("Outstanding"), display.money_of(found.outstanding)),
        ]
    return [(_("Discount given"), display.money_of(campaign_summary.discount_given(campaign)))]


figures.MORE.append(given)

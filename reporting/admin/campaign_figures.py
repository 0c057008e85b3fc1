"""The discount that a campaign has given, among the key figures of its page."""

from django.utils.translation import gettext as _

from campaigns.admin import figures
from campaigns.models import Campaign
from loyalty_project.core.admin import display
from reporting.reports import campaign_summary


def discount_given(campaign: Campaign) -> figures.Figures:
    return [(_("Discount given"), display.money_of(campaign_summary.discount_given(campaign)))]


figures.MORE.append(discount_given)

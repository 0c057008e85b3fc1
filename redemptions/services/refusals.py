"""Why a redemption cannot be taken back."""

from django.utils.translation import gettext_lazy as _

from loyalty_project.core.errors import Invalid

CANCELED = _("The order is canceled; nothing of it can be returned any more.")


class AlreadyRolledBack(Invalid):
    key = "already_rolled_back"
    message = "Already rolled back"
    explanation = _("This redemption has already been taken back.")


class InvalidRedemption(Invalid):
    key = "invalid_redemption"
    message = "Invalid redemption"
    explanation = _("This redemption cannot be taken back here.")


class InvalidRedemptionParent(Invalid):
    key = "invalid_redemption_parent"
    message = "Invalid redemption parent"
    explanation = _("It is part of a redemption of several codes; take back the whole.")


class InvalidCustomer(Invalid):
    key = "invalid_customer"
    message = "Invalid customer"
    explanation = _("Another customer used the code.")


class InvalidOrder(Invalid):
    key = "invalid_order"
    message = "Invalid order"
    explanation = _("The redemption belongs to another order.")

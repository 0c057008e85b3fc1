"""Bodies about publications. `campaign` and `customer` are objects or references."""

from loyalty_project.core.api import inputs


class PublicationInput(inputs.Input):
    """Gives a customer a code by name, or codes of a campaign."""

    voucher = inputs.Text(required=False, max_length=255)
    campaign = inputs.Anything(required=False)
    customer = inputs.Anything(required=False)
    source_id = inputs.Text(required=False, allow_null=True, max_length=255)
    channel = inputs.Text(required=False, allow_null=True, max_length=60)
    metadata = inputs.Metadata(required=False)

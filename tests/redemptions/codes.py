"""Codes with a discount, as a marketer would have made them."""

from loyalty_project.core import codes
from tests.factories.campaign import DefinitionVersionFactory
from tests.factories.voucher import VoucherFactory

AMOUNT = {"type": "AMOUNT", "amount_off": 500}


def make_code(project, name, discount=AMOUNT, *, limit=None, **values):
    """`make_code(project, "TEN", {"type": …}, limit=1)`; without a limit for everybody."""
    definition = DefinitionVersionFactory(
        project=project, data={"type": "DISCOUNT_VOUCHER", "discount": discount}
    )
    return VoucherFactory(
        project=project,
        code=name,
        code_key=codes.normalize(name, case_sensitive=project.case_sensitive_codes),
        definition=definition,
        redemption_limit=limit,
        **values,
    )

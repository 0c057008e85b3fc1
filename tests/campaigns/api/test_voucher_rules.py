"""Rules of codes that come from files and lists."""

import pytest

from campaigns.models import RuleAssignment, Voucher
from loyalty_project.core.models import OutboxEvent
from tests.factories.validation_rule import ValidationRuleFactory

pytestmark = pytest.mark.usefixtures("in_project")
HEADERS = "Code,Voucher Type,Value,Discount Type,Validation rule ID\n"


def ruled():
    pairs = RuleAssignment.objects.values_list("voucher__code", "rule__public_id")
    return dict(pairs.order_by("voucher__code"))


def test_a_file_assigns_a_rule_to_each_code(api, work):
    first, second = ValidationRuleFactory().public_id, ValidationRuleFactory().public_id
    line = "DISCOUNT_VOUCHER,10,AMOUNT"
    rows = f"A,{line},{first}\nB,{line},\nC,{line},{second}\nD,{line},val_x\n"
    started = api.upload("/v1/vouchers/importCSV", HEADERS + rows).json()
    work()

    assert ruled() == {"A": first, "C": second}
    assert sorted(Voucher.objects.values_list("code", flat=True)) == ["A", "B", "C"]
    result = api.get(f"/v1/async-actions/{started['async_action_id']}").json()["result"]
    assert [row["reason"] for row in result["failed"]] == [
        "Cannot find validation_rules with id val_x"
    ]
    assert not OutboxEvent.objects.filter(type__contains="assignment").exists()

    api.upload("/v1/vouchers/importCSV", HEADERS + f"A,{line},{second}\nC,{line},\n")
    work()

    assert ruled() == {"A": second, "C": second}


def test_a_list_assigns_a_rule_to_each_code_and_announces_it_where_asked(api, work):
    rule = ValidationRuleFactory().public_id
    code = {"type": "DISCOUNT_VOUCHER", "discount": {"type": "AMOUNT", "amount_off": 500}}
    body = [{**code, "code": name, "validation_rules": [rule]} for name in ("A", "B")]

    api.post("/v1/vouchers/import?webhooks_enable=true", body)
    work()

    assert ruled() == {"A": rule, "B": rule}
    announced = OutboxEvent.objects.filter(type="business_validation_rule.assignment.created")
    assert sorted(event.data["voucher"]["code"] for event in announced) == ["A", "B"]

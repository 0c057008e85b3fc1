"""Every reason that the engine gives has published words."""

import ast
import inspect

import pytest

from campaigns.engine import checks, evaluate, stacking
from campaigns.engine.redeemable import Kind, Redeemable
from campaigns.engine.results import Reason
from redemptions.serializers import reasons


def keys_in(module):
    """Texts that look like keys and are given to a Reason or a refusal."""
    called = ast.walk(ast.parse(inspect.getsource(module)))
    calls = [node for node in called if isinstance(node, ast.Call)]
    return {
        argument.value
        for call in calls
        if getattr(call.func, "id", "") in {"Reason", "_refuse", "_skip_by_category"}
        for argument in [*call.args, *(keyword.value for keyword in call.keywords)]
        if isinstance(argument, ast.Constant) and "_" in str(argument.value)
    }


@pytest.mark.parametrize("module", [checks, evaluate, stacking])
def test_knows_each_key_of_the_engine(module):
    assert keys_in(module) <= set(reasons.REFUSALS) | set(reasons.SKIPS)


def test_a_key_without_words_is_still_an_answer():
    stranger = Redeemable(Kind.VOUCHER, "v_1", facts={"reference": "FIVE"})

    body = reasons.error_json(stranger, Reason("order_too_blue"))

    assert (body["code"], body["key"], body["message"]) == (400, "order_too_blue", "order too blue")
    assert body["details"] == "FIVE"

from campaigns.engine.counters import Measure, Scope
from campaigns.engine.facts import Caller
from campaigns.engine.rules.counted import USER, Counted, counter
from tests.campaigns.engine.build import context, voucher


def test_a_long_login_is_counted_by_as_much_as_redemptions_keep():
    login = "ada.lovelace" * 8 + "@example.com"
    asked = Counted(Measure.REDEMPTIONS, Scope.REDEEMABLE, per=USER)

    found = counter(asked, voucher("A"), context(caller=Caller(user=login)))

    assert found.per == f"user:{login[:64]}"

"""Rules that count, at their boundaries: also where they hold because something is not so."""

import pytest

from tests.factories.campaign import CampaignFactory
from tests.redemptions.terms import redeem, ruled, undo, why

COUNT = "campaign.redemptions.count"


@pytest.fixture
def tried(in_project, code, at):
    """`tried({"$is_not": [3]}, 5)`: of five tries, which redeem."""

    def run(conditions, tries, *, logic=None):
        campaign = CampaignFactory()
        code("FIVE", campaign=campaign)
        ruled(campaign, (COUNT, conditions), logic=logic)
        found = []
        for _ in range(tries):
            valid = why(in_project, at, "FIVE") is None
            found.append(valid)
            if valid:
                redeem(in_project, at, "FIVE")
        return found

    return run


@pytest.mark.requirement(52)
@pytest.mark.parametrize(
    ("conditions", "logic", "redeems"),
    [
        ({"$is_not": [3]}, None, [True, True, False, False]),
        ({"$not_in": [2, 5]}, None, [True, False, False]),
        ({"$in": [1, 2, 4]}, None, [True, True, False, False]),
        ({"$in": [3, 4]}, "not 1", [True, True, False]),
        ({"$more_than": [2]}, "not 1", [True, True, False]),
    ],
)
def test_holds_up_to_the_first_number_that_does_not(tried, conditions, logic, redeems):
    assert tried(conditions, len(redeems), logic=logic) == redeems


def test_codes_of_one_request_each_look_at_what_they_would_leave(in_project, code, at):
    """The first is for the first use, the second for up to three; both are used at once."""
    campaign = CampaignFactory()
    for name, most in (("ONE", 1), ("TWO", 3)):
        ruled(code(name, campaign=campaign), (COUNT, {"$less_than_or_equal": [most]}))

    both = redeem(in_project, at, "ONE", "TWO")

    assert len(both.redemptions) == 2
    assert why(in_project, at, "ONE") == "redemption_rules_violated"
    redeem(in_project, at, "TWO")
    assert why(in_project, at, "TWO") == "redemption_rules_violated"


def test_from_the_second_on_means_as_long_as_there_is_a_first(in_project, code, at):
    campaign = CampaignFactory()
    code("FIRST", campaign=campaign)
    ruled(code("LATER", campaign=campaign), (COUNT, {"$more_than_or_equal": [2]}))
    assert why(in_project, at, "LATER") == "redemption_rules_violated"
    first = redeem(in_project, at, "FIRST")
    later = redeem(in_project, at, "LATER")

    undo(in_project, at, first.redemptions[0])
    undo(in_project, at, later.redemptions[0])

    assert why(in_project, at, "LATER") == "redemption_rules_violated"

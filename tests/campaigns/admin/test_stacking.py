"""The page of the stacking rules, and what it shows before anything is saved."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from campaigns.models import Category, StackingRules
from campaigns.services import stacking_rules
from loyalty_project.core import tenancy
from tests.factories.campaign import CampaignFactory
from tests.factories.category import CategoryFactory

pytestmark = pytest.mark.usefixtures("in_project")
PAGE = "admin:campaigns_stackingrules_changelist"
PREVIEW = "admin:campaigns_stackingrules_preview"


def filled(http, **changes):
    """What the form of the page would send, with changes: `stacks={category: "JOINT"}`."""
    sheet = http.get(reverse(PAGE)).context["sheet"]
    values = {bound.html_name: bound.value() for bound in sheet.form}
    for row in sheet.rows:
        values |= {bound.html_name: bound.value() for bound in row}
    for name, value in changes.items():
        if isinstance(value, dict):
            values |= {f"{row.public_id}-{name}": given for row, given in value.items()}
        else:
            values[name] = value
    return {name: "" if value is None else value for name, value in values.items()}


def looked_at(http, *keys, amount="100", **changes):
    """The preview of two as text, and the one of all categories."""
    chosen = dict(zip(("first", "second"), keys, strict=False))
    answer = http.post(
        reverse(PREVIEW), {**filled(http, **changes), **chosen, "amount": amount}
    ).json()
    return {name: " ".join(plain(html).split()) for name, html in answer.items()}


def plain(html):
    parts = (part.rpartition(">")[2] for part in html.split("<"))
    return " ".join(parts)


def campaign(name, discount, **values):
    template = {"type": "DISCOUNT_VOUCHER", "discount": discount}
    return CampaignFactory(name=name, voucher_template=template, **values)


@pytest.fixture
def tea():
    return CategoryFactory(name="Tea", hierarchy=1)


@pytest.fixture
def coffee():
    return CategoryFactory(name="Coffee", hierarchy=2)


def test_saves_rules_and_categories_together(person, project, tea, coffee):
    http = person("Marketer")
    before = project.version
    data = filled(
        http,
        redeemables_limit="40",
        redeemables_sorting_rule="CATEGORY_HIERARCHY",
        applicable_redeemables_per_category_limit="2",
        hierarchy={tea: "5"},
        stacks={tea: "EXCLUSIVE", coffee: "JOINT"},
        limit={coffee: "3"},
        base={tea: "initial_amount_mode_categories"},
        no_effect={tea: "no_effect_skip_categories"},
    )

    answer = http.post(reverse(PAGE), data)

    rules = StackingRules.objects.get()
    assert answer["Location"] == reverse(PAGE)
    assert rules.redeemables_limit == 40
    assert rules.redeemables_sorting_rule == "CATEGORY_HIERARCHY"
    assert rules.applicable_redeemables_per_category_limit == 2
    assert rules.applicable_redeemables_category_limits == {coffee.public_id: 3}
    assert rules.initial_amount_mode_categories == [tea.public_id]
    assert rules.no_effect_skip_categories == [tea.public_id]
    assert rules.history.get().history_user.memberships.get().group.name == "Marketer"
    found = Category.objects.order_by("hierarchy").values_list("name", "stacking_rules_type")
    assert list(found) == [("Coffee", "JOINT"), ("Tea", "EXCLUSIVE")]
    project.refresh_from_db()
    assert project.version == before + 1


def test_takes_back_what_was_set(person, tea):
    http = person("Marketer")
    http.post(reverse(PAGE), filled(http, stacks={tea: "JOINT"}, limit={tea: "3"}))

    http.post(reverse(PAGE), filled(http, stacks={tea: ""}, limit={tea: ""}))

    rules = StackingRules.objects.get()
    tea.refresh_from_db()
    assert (tea.stacking_rules_type, rules.applicable_redeemables_category_limits) == ("", {})


def test_says_at_the_field_what_is_wrong_and_saves_nothing(person, tea):
    http = person("Marketer")
    data = filled(http, redeemables_limit="4", hierarchy={tea: "-1"}, limit={tea: "101"})

    answer = http.post(reverse(PAGE), data)

    sheet = answer.context["sheet"]
    assert sheet.form.errors == {
        "applicable_redeemables_limit": ["At most 4, which is “Incentives per request”."]
    }
    assert set(sheet.rows[0].errors) == {"hierarchy", "limit"}
    assert "Please correct the errors below." in answer.content.decode()
    assert not StackingRules.objects.exists()
    tea.refresh_from_db()
    assert tea.hierarchy == 1


def test_leaves_a_category_alone_that_was_made_meanwhile(person, tea):
    http = person("Marketer")
    data = filled(http, redeemables_limit="40")
    late = CategoryFactory(name="Late", hierarchy=9, stacking_rules_type="JOINT")

    http.post(reverse(PAGE), data)

    late.refresh_from_db()
    assert (late.hierarchy, late.stacking_rules_type) == (9, "JOINT")
    assert StackingRules.objects.get().redeemables_limit == 40


def test_a_viewer_sees_the_defaults_and_changes_nothing(person, tea):
    http = person("Viewer")

    page = http.get(reverse(PAGE)).content.decode()

    assert 'value="30"' in page
    assert '<fieldset class="bare" disabled>' in page
    assert 'name="_save"' not in page
    assert http.post(reverse(PAGE), filled(http)).status_code == 403
    assert looked_at(http, f"category:{tea.public_id}", "category:")["pair"].startswith(
        "They go together"
    )
    assert not StackingRules.objects.exists()


@pytest.mark.parametrize(("role", "status"), [("Marketer", 302), ("Junior marketer", 403)])
def test_goes_back_to_the_defaults(person, project, at, tea, role, status):
    data = {"redeemables_limit": 40, "joint_categories": [tea.public_id]}
    rules = stacking_rules.create(project=project, data=data, at=at)
    reset = reverse("admin:campaigns_stackingrules_do", args=[rules.pk, "reset"])
    http = person(role)

    assert http.post(reset, {"confirmed": "yes"}).status_code == status

    tea.refresh_from_db()
    assert StackingRules.objects.exists() is (status == 403)
    assert tea.stacking_rules_type == ("JOINT" if status == 403 else "")


def test_knows_no_category_or_campaign_of_another_project(person, other_project, tea):
    with tenancy.scope(other_project):
        theirs = CategoryFactory(name="Theirs", hierarchy=3)
        spring = campaign("Their spring", {"type": "PERCENT", "percent_off": 50})
    http = person("Marketer")

    page = http.get(reverse(PAGE)).content.decode()
    shown = looked_at(http, f"campaign:{spring.public_id}", f"category:{theirs.public_id}")
    http.post(reverse(PAGE), filled(http, hierarchy={theirs: "0"}, stacks={theirs: "JOINT"}))

    assert "Theirs" not in page + str(shown)
    assert "Their spring" not in page + str(shown)
    theirs.refresh_from_db()
    assert (theirs.hierarchy, theirs.stacking_rules_type) == (3, "")


class TestPreview:
    @pytest.fixture
    def http(self, person):
        return person("Marketer")

    @pytest.fixture
    def keys(self, tea, coffee):
        ten = campaign("Ten", {"type": "PERCENT", "percent_off": 10}, category=tea)
        five = campaign("Five", {"type": "AMOUNT", "amount_off": 500}, category=coffee)
        return f"campaign:{ten.public_id}", f"campaign:{five.public_id}"

    @pytest.mark.requirement(252)
    def test_shows_both_sequences_with_their_totals(self, http, keys):
        found = looked_at(http, *keys)["pair"]

        assert found == (
            "They go together The request decides the sequence; it makes a difference of 0.50 EUR."
            " Ten is asked for first Before discounts 100.00 EUR Ten 10 % off 90.00 EUR"
            " Five 5.00 EUR off 85.00 EUR To pay 85.00 EUR"
            " Five is asked for first Before discounts 100.00 EUR Five 5.00 EUR off 95.00 EUR"
            " Ten 10 % off 85.50 EUR To pay 85.50 EUR"
        )

    def test_follows_what_is_not_saved_yet(self, http, keys, tea, coffee):
        by_hierarchy = {"redeemables_sorting_rule": "CATEGORY_HIERARCHY"}

        first = looked_at(http, *keys, **by_hierarchy)["pair"]
        second = looked_at(http, *keys, hierarchy={tea: "7"}, **by_hierarchy)["pair"]

        assert first.startswith("They go together The hierarchy decides: Ten, then Five.")
        assert first.count("To pay 85.00 EUR") == 2
        assert second.startswith("They go together The hierarchy decides: Five, then Ten.")
        assert second.count("To pay 85.50 EUR") == 2
        assert not StackingRules.objects.exists()
        tea.refresh_from_db()
        assert tea.hierarchy == 1

    @pytest.mark.requirement(250, 253)
    def test_says_who_keeps_whom_out(self, http, keys, tea):
        found = looked_at(http, *keys, stacks={tea: "EXCLUSIVE"})["pair"]

        assert found.startswith("Only one: Ten")
        assert found.count("Five Left out: Ten never goes with ordinary incentives.") == 2
        assert found.count("To pay 90.00 EUR") == 2

    def test_says_that_one_that_always_stacks_comes_last(self, http, keys, tea):
        found = looked_at(http, *keys, stacks={tea: "JOINT"})["pair"]

        assert found.startswith("They go together Ten always stacks, and comes last.")

    def test_says_that_the_limit_of_a_category_is_reached(self, http, tea):
        category = f"category:{tea.public_id}"

        found = looked_at(http, category, category, limit={tea: "1"})["pair"]

        assert found.startswith("Only one: Tea")
        assert "Tea (2) Left out: The limit of its category, 1 per request, is reached." in found

    def test_follows_the_amount(self, http, keys):
        assert "Before discounts 40.00 EUR" in looked_at(http, *keys, amount="40")["pair"]
        assert "Before discounts 100.00 EUR" in looked_at(http, *keys, amount="x")["pair"]

    @pytest.mark.requirement(248)
    def test_compares_every_category_with_every_other(self, http, tea, coffee):
        found = looked_at(http, stacks={tea: "EXCLUSIVE", coffee: "JOINT"})["matrix"]

        assert "Tea One of both" in found
        assert "Coffee Together Together Together" in found
        assert "Without category Only Tea" in found

    def test_shows_the_first_categories_of_many(self, http):
        for number in range(30):
            CategoryFactory(name=f"C{number:02}", hierarchy=number)

        found = looked_at(http)["matrix"]

        assert ("C23" in found, "C24" in found) == (True, False)
        assert "6 categories further down the hierarchy are not shown." in found

    def test_waits_until_the_form_is_right(self, http, tea):
        answer = http.post(reverse(PREVIEW), filled(http, redeemables_limit="0"))

        assert answer.json() == {"problem": "Correct the fields; then this shows what they change."}

    def test_is_asked_by_post_by_people_who_see_the_rules(self, http, person):
        Group.objects.create(name="Allowed nothing")

        assert http.get(reverse(PREVIEW)).status_code == 405
        assert person("Allowed nothing").post(reverse(PREVIEW), {}).status_code == 403

"""Every page of every admin, opened by every built-in role."""

import pytest

from loyalty_project.core import access, tenancy
from loyalty_project.core.models import User
from loyalty_project.roles import ROLES
from tests.core.admin import pages
from tests.core.admin.conftest import choose

VERBS = {
    "list": ("view", "change"),
    "add": ("add",),
    "change": ("view", "change"),
    "POST change": ("change",),
    "delete": ("delete",),
    "history": ("view", "change"),
    "export": ("export",),
    "import": ("import",),
}
PROMOTIONS = {
    "campaigns.Campaign", "campaigns.Voucher", "campaigns.Category", "campaigns.StackingRules",
    "campaigns.HolidayCalendar", "campaigns.PromotionTier", "campaigns.PromotionStack",
    "campaigns.ValidationRule",
}  # fmt: skip
BUDGETS = {"campaigns.Budget", "campaigns.Jurisdiction"}
CATALOG = {"rewards.Product", "rewards.ProductCollection", "rewards.Sku"}
PEOPLE = {"customers.Customer", "customers.Segment"}
FACTS = {
    "redemptions.Order", "redemptions.Redemption", "redemptions.RedemptionRollback",
    "campaigns.Apology", "campaigns.Publication", "rewards.LedgerEntry",
}  # fmt: skip
GROUPS = {"customers.Segment", "rewards.ProductCollection"}
HOLDS = {"redemptions.Hold"}
BUSINESS = PEOPLE | PROMOTIONS | BUDGETS | CATALOG | FACTS | HOLDS
WATCH = {"core.AsyncAction", "core.Project"}
SENT = {"core.WebhookDelivery"}
CALLS = {"core.ApiCall"}
INSIDE = SENT | CALLS | {
    "core.ApiKey", "core.MetadataSchema", "core.Job", "core.OutboxEvent", "core.Membership",
    "core.WebhookEndpoint",
}  # fmt: skip
PLATFORM = {"core.User", "core.ManagementKey", "core.Currency", "auth.Group", "admin.LogEntry"}
# What each role may see, write and carry out, written out apart from loyalty_project/roles.py.
# Records of fact are never written here, whoever asks.
LISTS = {
    "Administrator": BUSINESS | WATCH | INSIDE,
    "Marketer": BUSINESS | WATCH,
    "Junior marketer": BUSINESS | WATCH,
    "Support agent": BUSINESS | WATCH,
    "Manager": BUSINESS | WATCH | INSIDE - CALLS,
    "Developer": BUSINESS | WATCH | INSIDE,
    "Viewer": BUSINESS | WATCH,
}
CONFIGURED = PEOPLE | PROMOTIONS | BUDGETS | CATALOG
KEYS = {"core.ApiKey", "core.MetadataSchema", "core.WebhookEndpoint"}
WRITES = {
    "Administrator": CONFIGURED | KEYS | {"core.Membership", "core.Project"},
    "Marketer": CONFIGURED,
    "Junior marketer": CONFIGURED - BUDGETS,
    "Support agent": {"customers.Customer"},
    "Manager": set(),
    "Developer": KEYS,
    "Viewer": set(),
}
NONE = {role: frozenset() for role in ROLES}
DELETES = {
    **NONE,
    "Administrator": CONFIGURED | KEYS | {"core.Membership"},
    "Marketer": CONFIGURED,
    "Developer": KEYS,
}
ORDERS = {"redemptions.Order"}
IMPORTS = {**NONE, "Administrator": CONFIGURED | ORDERS, "Marketer": CONFIGURED}
EXPORTS = {
    **NONE,
    **dict.fromkeys(("Administrator", "Marketer", "Manager"), BUSINESS),
}
ADDS = {**WRITES, "Junior marketer": PROMOTIONS | CATALOG}
FACTS_OF = {
    "list": LISTS,
    "change": LISTS,
    "history": LISTS,
    "add": ADDS,
    "POST change": WRITES,
    "delete": DELETES,
    "import": IMPORTS,
    "export": EXPORTS,
}
# Pages that no role has: keys are revoked, superusers make projects, records have no history.
LACKING = {
    "add": {"core.Project"},
    "delete": {"core.ApiKey"},
    "history": FACTS | SENT | CALLS | {"core.AsyncAction", "core.Job", "core.OutboxEvent"},
    "import": PROMOTIONS | BUDGETS | GROUPS,
    "export": PROMOTIONS - {"campaigns.Voucher"} | BUDGETS | GROUPS,
}


@pytest.fixture
def rows(project):
    return {model: pages.make(model, project) for model in pages.MODELS}


@pytest.fixture
def opened(project, rows):
    """`opened(http)`: `{(model, page): status}` of every page, asked once each."""

    def ask(http):
        found = {}
        for model, row in rows.items():
            addresses = pages.addresses(model, row)
            for page in VERBS:
                address = addresses.get(page.removeprefix("POST "))
                if address is None:
                    continue
                data = {"_project": project.public_id}
                answer = http.post(address, data) if " " in page else http.get(address)
                found[model, page] = answer.status_code
        return found

    return ask


def is_open(status):
    return status not in {403, 404}


def opened_of(answers):
    return {
        page: {
            pages.label(model)
            for (model, each), status in answers.items()
            if each == page and is_open(status)
        }
        for page in VERBS
    }


@pytest.mark.requirement(181)
@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_what_it_may_and_nothing_more(role, opened, staff, project):
    http = choose(staff(role), project)
    user = User.objects.get(pk=http.session["_auth_user_id"])

    answers = opened(http)

    with tenancy.scope(project):
        beyond_its_permissions = [
            (pages.label(model), page)
            for (model, page), status in answers.items()
            if is_open(status) and not any(access.can(user, verb, model) for verb in VERBS[page])
        ]
    assert beyond_its_permissions == []
    assert opened_of(answers) == {
        page: FACTS_OF[page][role] - LACKING.get(page, set()) for page in VERBS
    }
    assert {status for status in answers.values() if status >= 500} == set()


def test_every_admin_has_its_place_in_the_table():
    assert {pages.label(model) for model in pages.MODELS} == BUSINESS | WATCH | INSIDE | PLATFORM


def test_every_built_in_role_has_its_place_in_the_table():
    assert all(set(table) == set(ROLES) for table in FACTS_OF.values())


MUST_NOT = [
    ("Support agent", "campaigns.Campaign", "POST change"),
    ("Support agent", "campaigns.Voucher", "delete"),
    ("Support agent", "core.ApiKey", "list"),
    ("Support agent", "customers.Customer", "export"),
    ("Junior marketer", "campaigns.Campaign", "delete"),
    ("Marketer", "core.ApiKey", "list"),
    ("Marketer", "core.Membership", "list"),
    ("Manager", "core.ApiKey", "add"),
    ("Manager", "core.ApiCall", "list"),
    ("Developer", "customers.Customer", "POST change"),
    ("Developer", "core.Membership", "add"),
    ("Administrator", "core.User", "list"),
    ("Administrator", "core.ManagementKey", "list"),
]


@pytest.mark.parametrize(("role", "name", "page"), MUST_NOT)
def test_the_table_itself_says(role, name, page):
    """So that nobody widens the table above without seeing what they give away."""
    assert name not in FACTS_OF[page][role]

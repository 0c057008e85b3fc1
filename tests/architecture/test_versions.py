"""Configuration with versions is written by the services of its own app, and by nobody else."""

import ast

import pytest

from tests.architecture import source

CORE = source.ROOT / "loyalty_project" / "core"
HOMES = {
    "Campaign": source.ROOT / "campaigns",
    "Voucher": source.ROOT / "campaigns",
    "Category": source.ROOT / "campaigns",
    "DefinitionVersion": source.ROOT / "campaigns",
    "HolidayCalendar": source.ROOT / "campaigns",
    "Limit": source.ROOT / "campaigns",
    "PromotionTier": source.ROOT / "campaigns",
    "StackingRules": source.ROOT / "campaigns",
    "ValidationRule": source.ROOT / "campaigns",
    "Project": CORE,
}
WRITES = {"save", "update", "bulk_update", "bulk_create", "update_or_create"}
# Names of variables that may hold such a row or rows; of others nobody can tell what they hold.
NOUNS = {
    "campaign",
    "voucher",
    "category",
    "categorie",
    "definition",
    "project",
    "limit",
    "tier",
    "rule",
}
VAGUE = {"obj", "row", "instance", "model", "manager", "locked", "saved", "object"}
# `place function` of the writes outside, each with its reason.
ALLOWED = {
    "reporting/services/demo/__init__.py _open": (
        "Moves the birth of a demo shop into the past, which no service offers on purpose"
    ),
}


class Writes(ast.NodeVisitor):
    """`found`: `(name of the function, line)` of each write of a versioned model."""

    def __init__(self, tree):
        self.found, self.scopes = [], []
        self.modules = imported_modules(tree)
        self.holders = [{}]
        self.visit(tree)

    def visit_ClassDef(self, node):
        self.scopes.append(node.name)
        self.generic_visit(node)
        self.scopes.pop()

    def visit_FunctionDef(self, node):
        self.scopes.append(node.name)
        held = {
            argument.arg: root(argument.annotation)
            for argument in [*node.args.args, *node.args.kwonlyargs]
            if argument.annotation is not None
        }
        self.holders.append({**self.holders[-1], **held})
        self.generic_visit(node)
        self.holders.pop()
        self.scopes.pop()

    def visit_Assign(self, node):
        for target in node.targets:
            if isinstance(target, ast.Name):
                name = root(node.value)
                self.holders[-1][target.id] = self.holders[-1].get(name, name)
        self.generic_visit(node)

    def visit_Call(self, node):
        match node.func:
            case ast.Attribute(attr=attribute, value=value) if attribute in WRITES:
                last = value.attr if isinstance(value, ast.Attribute) else ""
                if self.is_versioned(root(value)) or source.words(last) & NOUNS:
                    self.found.append((".".join(self.scopes), node.lineno))
        self.generic_visit(node)

    def is_versioned(self, name):
        held = self.holders[-1].get(name, name)
        if held in HOMES:
            return True
        if name in self.modules or held[:1].isupper():
            return False
        return bool(source.words(name) & (NOUNS | VAGUE))


def imported_modules(tree):
    """Lower-case names that were imported: modules, whose functions are services."""
    return {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
        if (alias.asname or alias.name).islower()
    }


def root(node):
    """The first name of a chain: `Voucher` of `Voucher.objects.filter(…).exclude(…)`."""
    while True:
        match node:
            case ast.Attribute(attr=attribute, value=ast.Name(id="self" | "cls")):
                return attribute
            case ast.Attribute(value=value) | ast.Subscript(value=value):
                node = value
            case ast.Call(func=func):
                node = func
            case ast.Name(id=name):
                return name
            case ast.Constant(value=str(name)):
                return name
            case ast.BinOp(left=left):
                node = left
            case _:
                return ""


def is_at_home(path):
    """Whether `path` is a service of an app that owns versioned models."""
    return any(path.is_relative_to(home / "services") for home in set(HOMES.values()))


def outside():
    return [
        path for path in source.modules() if not is_at_home(path) and "migrations" not in path.parts
    ]


@pytest.mark.parametrize("path", outside(), ids=source.place)
def test_is_not_written_outside_the_services_of_its_app(path):
    found = Writes(source.parsed(path)).found

    assert [
        (name, line) for name, line in found if f"{source.place(path)} {name}" not in ALLOWED
    ] == []


@pytest.mark.parametrize("allowed", ALLOWED)
def test_every_exception_is_still_needed(allowed):
    path, name = allowed.split(" ")

    assert name in {found for found, _ in Writes(source.parsed(source.ROOT / path)).found}
    assert ALLOWED[allowed]


@pytest.mark.parametrize("model", HOMES)
def test_every_model_in_the_table_exists(model):
    folder = HOMES[model] / "models"

    assert any(
        isinstance(node, ast.ClassDef) and node.name == model
        for path in folder.glob("*.py")
        for node in source.parsed(path).body
    )


def test_every_model_with_a_version_is_in_the_table():
    counted = {
        node.name
        for path in source.modules()
        if path.parent.name == "models"
        for node in source.parsed(path).body
        if isinstance(node, ast.ClassDef)
        for line in node.body
        if isinstance(line, ast.Assign) and source.dotted(line.targets[0]) == "version"
    }

    assert counted == {"Campaign", "Project", "PromotionTier"}
    assert counted <= set(HOMES)


@pytest.mark.parametrize(
    "text",
    [
        "Campaign.objects.filter(pk=1).update(active=False)",
        "models.Voucher.objects.bulk_create(rows)",
        "Voucher.objects.bulk_create(rows)",
        "def f(*, campaign): campaign.save()",
        "def f(*, thing: Campaign): thing.save()",
        "def f():\n    rows = Voucher.objects.filter(a=1)\n    rows.exclude(b=2).update(c=3)",
        "def f(request, obj): obj.save()",
        "def f(request): request.project.save()",
        "Category.objects.update_or_create(name='x')",
    ],
)
def test_sees_a_write(text):
    assert len(Writes(ast.parse(text)).found) == 1


@pytest.mark.parametrize(
    "text",
    [
        "from campaigns.services import vouchers\nvouchers.update(voucher=1)",
        "def f(job: Job): job.save()",
        "digest.update(b'x')",
        "def f(values: dict): values.update(a=1)",
        "OutboxEvent.objects.bulk_create(events)",
    ],
)
def test_lets_other_calls_pass(text):
    assert Writes(ast.parse(text)).found == []

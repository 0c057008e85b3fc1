"""What lies at the top of the repository, and what must not lie anywhere."""

import re

from tests.architecture import source

TOP = {
    "manage.py", "pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", "Makefile",
    "Dockerfile", "compose.yaml", "docs", "tests", "templates", "static", *source.CHAIN,
    "requirements.lock", "requirements-embedded.lock", "requirements-dev.lock",
}  # fmt: skip
APP = {
    "__init__.py", "apps.py", "migrations", "models", "services", "serializers", "queries.py",
    "queries", "events.py", "snapshots.py", "snapshots", "context", "usage", "sentences.py",
    "sentences", "segmentation", "messaging", "ledger", "engine", "reports", "api", "admin",
    "management", "tasks.py", "subscribers.py",
}  # fmt: skip
# Spelt so that this file does not find itself.
SILENCERS = re.compile("no[q]a|type: ignor[e]|pylint: disabl[e]|TOD[O]|FIXM[E]")


def stray(names, allowed):
    return {name for name in names if name not in allowed and not name.startswith(".")}


def test_the_top_level_is_the_agreed_one():
    names = {path.relative_to(source.ROOT).parts[0] for path in source.tracked()}

    assert stray(names, TOP) == set()
    assert stray({"utils.py", "Makefile", ".ci"}, TOP) == {"utils.py"}


def test_an_app_has_no_other_kinds_of_module():
    for app in source.CHAIN[:-1]:
        names = {path.relative_to(source.ROOT / app).parts[0] for path in source.tracked(app)}
        assert stray(names, APP) == set(), app


def test_nothing_is_silenced_or_put_off():
    found = [
        f"{source.place(path)}:{number}"
        for path in [*source.modules(), *source.tracked("tests/*.py", "manage.py")]
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if SILENCERS.search(line)
    ]

    assert found == []
    assert SILENCERS.search("# NOQA".lower())

"""The alert rules that are shipped speak of figures that are exported."""

import re

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from loyalty_project.core import clock, jobs
from tests.architecture import source

RULES = yaml.safe_load((source.ROOT / "docs" / "alerts.yml").read_text())["groups"][0]["rules"]
NAME = re.compile(r"\bwafa_\w+")
SELECTED = re.compile(r"\b(wafa_\w+){([^}]*)}")
LABEL = re.compile(r"(\w+)[=!]~?\"")


@pytest.fixture
def exported(client, db):
    """`{name of a sample: names of its labels}` of an installation that lives."""
    for process in ("worker", "beat"):
        jobs.beat(process, at=clock.now())
    client.get("/healthz")
    found = {}
    for family in text_string_to_metric_families(client.get("/metrics").content.decode()):
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


@pytest.mark.requirement(214)
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_asks_for_figures_that_exist(rule, exported):
    names = set(NAME.findall(rule["expr"]))

    assert names - set(exported) == set()
    assert names or rule["expr"].startswith("up{")
    for name, selection in SELECTED.findall(rule["expr"]):
        assert set(LABEL.findall(selection)) <= exported[name]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_says_how_bad_it_is_and_what_to_do(rule):
    assert rule["labels"]["severity"] in {"critical", "warning"}
    assert rule["annotations"]["summary"]
    assert rule["annotations"]["description"].endswith(".")
    assert re.fullmatch(r"\d+m", rule["for"])


def test_every_process_with_a_heartbeat_is_watched(exported):
    assert exported["wafa_heartbeat_age_seconds"] == {"process"}
    assert len({rule["alert"] for rule in RULES}) == len(RULES) == 10

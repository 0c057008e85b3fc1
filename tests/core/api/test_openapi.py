"""The schema that we publish is the one that the code has."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import get_resolver

PUBLISHED = Path(__file__).parents[3] / "docs" / "openapi.yaml"
COMMAND = "manage.py spectacular --validate --fail-on-warn --file docs/openapi.yaml"


@pytest.mark.requirement(191)
def test_the_committed_schema_is_current_and_valid(tmp_path):
    current = tmp_path / "openapi.yaml"
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(current))
    message = f"docs/openapi.yaml is not what the code says; run: {COMMAND}"
    assert current.read_text() == PUBLISHED.read_text(), message


@pytest.mark.requirement(191)
def test_every_route_of_the_api_is_in_the_schema():
    text = PUBLISHED.read_text()
    missing = []
    for prefix in get_resolver().url_patterns:
        if str(prefix.pattern) in {"v1/", "client/v1/", "management/v1/"}:
            for route in prefix.url_patterns:
                path = f"/{prefix.pattern}{route.pattern}".replace("<raw:", "{").replace(">", "}")
                if f"\n  {path}:\n" not in text:
                    missing.append(path)
    assert missing == []


def test_the_viewer_needs_no_inline_script_and_no_other_host(client, db):
    page = client.get("/api/docs")
    html = page.content.decode()
    assert page.status_code == 200
    assert "<script>" not in html
    assert "<style" not in html
    assert "https://" not in html.replace("https://www.w3.org", "")
    assert "default-src 'self'" in page["Content-Security-Policy"]
    assert client.get("/api/schema").status_code == 200
    assert client.get("/api/docs?script=").headers["Content-Type"] == "application/javascript"

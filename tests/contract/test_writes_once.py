"""An Idempotency-Key on every route that writes: one effect, and its answer as often as asked."""

import json
import threading

import pytest
from django.db import connection

from loyalty_project.core import clock
from loyalty_project.core.api import views
from loyalty_project.core.api.idempotency import HEADER
from loyalty_project.core.services import projects
from tests.client import ApiClient
from tests.contract import routes, writes
from tests.contract.world import World
from tests.factories.api_key import client_headers, management_headers, server_headers

ROUTES = [
    route
    for route in routes.every()
    if route.method != "GET" or route.action in route.view.writes_by_get
]
# Logs, counts of calls and answers themselves.
ASIDE = {"core_idempotencyrecord", "core_apicall", "core_apikey", "core_managementkey"}


class Killed(BaseException):
    """The process dies."""


class Shop:
    """A world with what the routes of a project's management need beside, and calls to it."""

    def __init__(self, api, work, project):
        self.world = World.build(api, work, project)
        self.apis = {
            "/v1": ApiClient(server_headers(project, scopes=["api", "publications"])),
            "/client/v1": ApiClient(client_headers(project)),
            "/management/v1": ApiClient(management_headers()),
        }
        self.requests = {}
        self.manage = path = f"/management/v1/projects/{project.public_id}"
        projects.update(
            project=project, at=clock.now(), client_options={"client_redeem_enabled": True}
        )
        manage = self.apis["/management/v1"]
        schema = {"related_object": "order", "properties": {"note": writes.META}}
        self.names = {
            **self.world.parameters(),
            "project_id": project.public_id,
            "session_key": "session",
            "schema_id": manage.post(f"{path}/metadata-schemas", schema).json()["id"],
            "webhook_id": manage.post(f"{path}/webhooks", writes.HOOK).json()["id"],
        }

    def call(self, route, key, *, other=False):
        """`other` sends what is not the same request."""
        path, body = self.requests[str(route)]
        api = self.apis[f"/{route.path.split('v1')[0].strip('/')}/v1".replace("//", "/")]
        headers = {HEADER: key}
        if other:
            path = f"{path}{'&' if '?' in path else '?'}other=1"
        if isinstance(body, str):
            return api.upload(path, body, headers=headers)
        return api.call(route.method, path, body, headers=headers)

    def made(self, path, body):
        return self.apis["/v1"].post(path, body).json()["id"]

    def prepare(self, route):
        """The address and body of a route, with objects that have not been used yet."""
        world = self.world
        path = route.filled(self.of(route))
        if str(route) == "GET /v1/publications/create":
            path += f"?voucher={world.codes.pop(1)}&customer=anna"
        if str(route) == "POST /client/v1/redeem":
            path += f"?code={world.codes.pop(1)}"
        text = json.dumps(writes.BODIES.get(str(route)))
        for place, value in (
            ("{codes}", lambda: world.codes.pop(1)),
            ("{tier}", lambda: world.tiers[0]),
            ("{product}", lambda: world.ids["prod_"]),
        ):
            if place in text:
                text = text.replace(place, value())
        self.requests[str(route)] = path, json.loads(text)

    def of(self, route):
        """What stands for the parameters of a route."""
        names, name = dict(self.names), str(route)
        if route.path.startswith("/v1/promotions/{campaign_id}"):
            names["campaign_id"] = self.world.promotion
        elif "rules_id" in route.parameters:
            listed = self.apis["/management/v1"].get(f"{self.manage}/stacking-rules").json()
            names["rules_id"] = listed["data"][0]["id"]
        elif name == "POST /v1/redemptions/{redemption_id}/rollbacks":
            names["redemption_id"] = self.world.parent
        elif name == "DELETE /v1/validation-rules/{rule_id}":
            names["rule_id"] = self.made("/v1/validation-rules", {"name": "Alone"})
        elif route.path.endswith("/permanent-deletion"):
            names["customer_id"] = self.made("/v1/customers", {"source_id": "gone"})
        elif name in CARDS:
            names["code"] = self.world.card()
        elif name in NAMED:
            names["code"] = f"NAMED-{len(route.path)}"
        return names


CARDS = {
    "POST /v1/vouchers/{code}/balance",
    "POST /v1/vouchers/{code}/transactions/export",
    "DELETE /v1/vouchers/{code}",
}
NAMED = {"POST /v1/vouchers/{code}", "POST /v1/campaigns/{campaign_id}/vouchers/{code}"}


def in_order():
    """What is switched off is switched on again; deletions come last, the deepest first."""
    known = [route for route in ROUTES if str(route) not in writes.TOKENS]
    plain = [route for route in known if route.method != "DELETE"]
    gone = [route for route in known if route.method == "DELETE"]
    switches = ("/disable", "/enable")
    return [
        *(route for end in switches for route in plain if route.path.endswith(end)),
        *(route for route in plain if not route.path.endswith(switches)),
        *sorted(gone, key=lambda route: (route.path.startswith("/man"), -len(route.path))),
    ]


def rows():
    """The number of rows of each table."""
    tables = [name for name in connection.introspection.table_names() if name not in ASIDE]
    parts = [f"SELECT '{name}', count(*) FROM \"{name}\"" for name in sorted(tables)]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return dict(cursor.fetchall())


def test_every_route_that_writes_is_known():
    names = {str(route) for route in ROUTES}
    deleting = {name for name in names if name.startswith("DELETE ")}

    assert set(writes.BODIES) | deleting | writes.TOKENS == names
    assert names >= writes.REFUSED


def same(first, second):
    hidden = ("secret",)
    bodies = [json.loads(each.content) if each.content else None for each in (first, second)]
    for body in bodies:
        if isinstance(body, dict):
            for name in hidden:
                body.pop(name, None)
    return first.status_code == second.status_code and bodies[0] == bodies[1]


@pytest.mark.requirement(254)
@pytest.mark.django_db
def test_after_a_crash_between_commit_and_answer_the_answer_is_still_there(
    api, work, project, monkeypatch
):
    """The process dies when the effect is committed; the second try finds the first's answer."""
    shop, problems = Shop(api, work, project), []
    send, answers = views.ApiView.finalize_response, []

    def die(view, request, response, *args, **kwargs):
        answers.append(response)
        raise Killed

    for number, route in enumerate(in_order()):
        shop.prepare(route)
        monkeypatch.setattr(views.ApiView, "finalize_response", die)
        with pytest.raises(Killed):
            shop.call(route, f"key-{number}")
        monkeypatch.setattr(views.ApiView, "finalize_response", send)
        after = rows()

        again = [shop.call(route, f"key-{number}") for _ in range(2)]
        other = shop.call(route, f"key-{number}", other=True)

        status = again[0].status_code
        worked = status < 300
        if worked is (str(route) in writes.REFUSED) or status != answers[-1].status_code:
            problems.append((str(route), status, again[0].content[:300]))
        if not same(*again) or any("Idempotent-Replayed" not in each for each in again):
            problems.append((str(route), "is not given again", again[1].content[:300]))
        if other.status_code != 400 or other.json()["key"] != "idempotency_key_reuse":
            problems.append((str(route), "takes another request", other.content[:300]))
        if rows() != after:
            problems.append((str(route), "does it twice"))
    assert not problems, "\n".join(map(str, problems))


@pytest.mark.requirement(254)
@pytest.mark.django_db(transaction=True)
def test_two_at_once_have_one_effect_and_one_answer(api, work, project):
    """One of both may be told that the first is still at work; it finds the answer afterwards."""
    shop, problems = Shop(api, work, project), []
    for number, route in enumerate(in_order()):
        shop.prepare(route)
        start, answers = threading.Barrier(2), []

        def send(route=route, number=number, start=start, answers=answers):
            start.wait(10)
            try:
                answers.append(shop.call(route, f"key-{number}"))
            finally:
                connection.close()

        threads = [threading.Thread(target=send) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        after = rows()
        kept = shop.call(route, f"key-{number}")

        own = [each for each in answers if "Idempotent-Replayed" not in each]
        own = [each for each in own if each.status_code != 409]
        if len(own) != 1 or not all(
            same(each, kept) for each in answers if each.status_code != 409
        ):
            problems.append((str(route), [each.content[:200] for each in answers]))
        if "Idempotent-Replayed" not in kept or rows() != after:
            problems.append((str(route), "does it twice"))
    assert not problems, "\n".join(map(str, problems))

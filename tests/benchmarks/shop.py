"""A client of an installation, as a shop would be."""

import json
import sys
from http.client import HTTPConnection


class Shop:
    """One client with a connection of its own."""

    def __init__(self, port, key):
        self.key = key
        self.line = HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {"X-App-Id": key["app_id"], "X-App-Token": key["app_token"]}
        self.headers["Content-Type"] = "application/json"

    def call(self, method, path, body=None):
        self.line.request(method, path, body and json.dumps(body), self.headers)
        answer = self.line.getresponse()
        told = answer.read()
        if answer.status >= 300:
            sys.exit(f"{method} {path}: {answer.status} {told.decode()[:500]}")
        return json.loads(told) if told else None


def opened(installation, clients):
    """Start an installation with one project and key; so many clients of it."""
    installation.start()
    project = _answered(installation, "create_project", "--name", "Bench", "--slug", "bench")
    key = shop_of(installation, project["slug"]).key
    return [Shop(installation.port, key) for _ in range(clients)]


def shop_of(installation, slug):
    """A client of a project, with a key of its own."""
    arguments = ("--project", slug, "--name", "bench", "--rate-limit", "10000000")
    return Shop(installation.port, _answered(installation, "create_api_key", *arguments))


def _answered(installation, *arguments):
    done = installation.run(*arguments, "--json")
    if done.returncode:
        sys.exit(done.stderr)
    return json.loads(done.stdout.strip().rsplit("\n", 1)[-1])

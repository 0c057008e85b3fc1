"""One keep-alive connection of a client, and what an answer means for a write."""

import json
from collections import Counter
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from threading import Lock
from time import monotonic

from tests.faults import journal

PATIENCE_SECONDS = 60
_AGAIN = frozenset({409, 429})


@dataclass(frozen=True, slots=True)
class Answer:
    """`state` is one of the journal's, or "" for who shall try again."""

    state: str
    made: str = ""
    replayed: bool = False
    said: str = ""


class Seen:
    """What all clients saw, and when last: answers, and errors by kind."""

    def __init__(self):
        self.lock = Lock()
        self.errors, self.refusals, self.busy, self.answers = Counter(), Counter(), 0, 0
        self.last_error, self.good_since = 0.0, None

    def add(self, answer):
        now = monotonic()
        with self.lock:
            if answer.state == journal.UNKNOWN:
                self.errors[answer.said] += 1
                self.last_error, self.good_since = now, None
                return
            self.answers += 1
            self.good_since = self.good_since or now
            self.busy += not answer.state
            if answer.state == journal.REFUSED:
                self.refusals[answer.said] += 1


class Line:
    """Sends requests one after the other; connects again after an error."""

    def __init__(self, port, headers):
        self.http = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
        self.headers = {**headers, "Content-Type": "application/json"}

    def send(self, path, body, key=None):
        """The answer to a POST. Whatever is lost on the way is an answer that is not known."""
        headers = self.headers | ({"Idempotency-Key": key} if key else {})
        try:
            self.http.request("POST", path, json.dumps(body), headers)
            answer = self.http.getresponse()
            told = answer.read()
        except (OSError, HTTPException) as error:
            self.http.close()
            return Answer(journal.UNKNOWN, said=type(error).__name__)
        return _meaning(answer.status, told, answer.headers.get("Idempotent-Replayed") == "true")

    def close(self):
        self.http.close()


def _meaning(status, told, replayed):
    if status >= 500:
        return Answer(journal.UNKNOWN, said=str(status))
    document = json.loads(told)
    if status == 200:
        made = document["redemptions"][0] if "redemptions" in document else document
        return Answer(journal.OK, made.get("id", ""), replayed)
    said = f"{status} {document.get('key', '')}"
    return Answer("" if status in _AGAIN else journal.REFUSED, "", replayed, said)

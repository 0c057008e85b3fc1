"""Clients of a shop: each asks one thing after the other over a connection of its own."""

import random
import threading
import time
from queue import Empty, SimpleQueue

from tests.faults import journal
from tests.faults.journal import Write
from tests.faults.line import Line, Seen
from tests.faults.shop import ORDER, SPENT

_RESOLVERS, _TRIES = 8, 20
BUYERS = 300


class Crowd:
    """So many clients, until `stop`; what they saw is in `seen`, what they wrote in the journal."""

    def __init__(self, shop, port, book, *, count, seed):
        self.shop, self.port, self.book = shop, port, book
        self.seen, self.over, self.validations = Seen(), threading.Event(), 0
        self.threads = [
            threading.Thread(target=self._live, args=[number, random.Random(f"{seed}-{number}")])
            for number in range(count)
        ]
        for thread in self.threads:
            thread.daemon = True

    def start(self):
        for thread in self.threads:
            thread.start()

    def stop(self):
        """Let everybody finish the request that is under way."""
        self.over.set()
        for thread in self.threads:
            if thread.ident:
                thread.join()

    def _live(self, number, rng):
        line, bought, count = Line(self.port, self.shop.headers), [], 0
        while not self.over.is_set():
            count += 1
            chance = rng.random()
            if chance < 0.15:
                self._validate(line, rng)
            elif chance < 0.4 and bought:
                self._write(line, _return(f"{number}-{count}", bought.pop()))
            else:
                write = self._write(line, self._purchase(f"{number}-{count}", rng))
                if write.state == journal.OK:
                    bought.append(write.made)
        line.close()

    def _validate(self, line, rng):
        body = {"redeemables": [_wanted(rng.choice(self.shop.codes))], "order": {"amount": ORDER}}
        answer = line.send("/v1/validations", body)
        self.seen.add(answer)
        self.validations += answer.state == journal.OK
        self._breathe(answer)

    def _write(self, line, write):
        """Journal, send, journal; who is told to try again does so under the same key."""
        self.book.note(write, journal.INVOKE)
        for _ in range(_TRIES):
            answer = line.send(write.path, write.body, write.key)
            self.seen.add(answer)
            self._breathe(answer)
            if answer.state:
                break
        return self.book.note(write, answer.state or journal.UNKNOWN, answer.made)

    def _breathe(self, answer):
        """Nobody hammers at a door that was just shut."""
        if answer.state in {journal.UNKNOWN, ""}:
            self.over.wait(0.3)

    def _purchase(self, key, rng):
        card = rng.random() < 0.2
        code = rng.choice(self.shop.cards if card else self.shop.codes)
        body = {
            "redeemables": [_wanted(code, **({"gift": {"credits": SPENT}} if card else {}))],
            "order": {"amount": ORDER},
            "metadata": {"key": key},
        }
        if rng.random() < 0.3:
            body["customer"] = {"source_id": f"buyer-{rng.randrange(BUYERS)}"}
        return Write(key, "redeem", code, "/v1/redemptions", body)


def resolve(shop, port, book, writes):
    """Send each of these again under its key until there is an answer; `(key, answer)` of each.

    What nobody answers in the end stays unknown.
    """
    waiting, answers = SimpleQueue(), []
    for write in writes:
        waiting.put(write)

    def work():
        line = Line(port, shop.headers)
        while True:
            try:
                write = waiting.get_nowait()
            except Empty:
                break
            answers.append((write, _insist(line, write)))
        line.close()

    threads = [threading.Thread(target=work, daemon=True) for _ in range(_RESOLVERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for write, answer in answers:
        book.note(write, answer.state or journal.UNKNOWN, answer.made)
    return answers


def _insist(line, write):
    for _ in range(_TRIES):
        answer = line.send(write.path, write.body, write.key)
        if answer.state not in {journal.UNKNOWN, ""}:
            break
        time.sleep(0.5)
    return answer


def _wanted(code, **more):
    return {"object": "voucher", "id": code, **more}


def _return(key, redemption):
    path = f"/v1/redemptions/{redemption}/rollback"
    return Write(key, "rollback", redemption, path, {"reason": "Returned"})

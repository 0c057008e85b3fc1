"""The clients' journal against the database: each finding says what must be true, and what is."""

from collections import Counter, defaultdict

from django.db import connection

from loyalty_project.core import tenancy
from redemptions.management.proving import invariants
from redemptions.management.proving.findings import Finding
from tests.faults import journal

_REDEMPTIONS = """
SELECT metadata ->> 'key', public_id FROM redemptions_redemption
WHERE project_id = %s AND result = 'SUCCESS' AND voucher_id IS NOT NULL
"""
_ROLLBACKS = """
SELECT r.public_id, b.public_id FROM redemptions_redemptionrollback b
JOIN redemptions_redemption r ON r.id = b.redemption_id
WHERE b.project_id = %s AND b.result = 'SUCCESS'
"""
_CARDS = """
SELECT v.code || ' has ' || a.balance || ', its entries ' || e.sum || ', unspent is '
    || e.issued - spent.sum
FROM campaigns_voucher v JOIN rewards_ledgeraccount a ON a.id = v.account_id
CROSS JOIN LATERAL (SELECT coalesce(sum(amount), 0) AS sum,
    coalesce(sum(amount) FILTER (WHERE kind = 'issue'), 0) AS issued
    FROM rewards_ledgerentry WHERE account_id = a.id) AS e
CROSS JOIN LATERAL (SELECT coalesce(sum(credits_amount), 0) AS sum FROM redemptions_redemption
    WHERE voucher_id = v.id AND result = 'SUCCESS' AND rolled_back_at IS NULL) AS spent
WHERE v.project_id = %s
    AND (a.balance < 0 OR a.balance <> e.sum OR a.balance <> e.issued - spent.sum)
"""
_UNTOLD = """
SELECT e.public_id, d.public_id FROM core_outboxevent e
LEFT JOIN core_webhookdelivery d ON d.event_id = e.id
WHERE e.project_id = %s AND e.type = ANY(%s)
"""


def reconcile(project, writes):
    """Findings about every write of the journal, and about what nobody wrote."""
    with tenancy.scope(project):
        yield _resolved(writes)
        made = _read(_REDEMPTIONS, project.pk), _read(_ROLLBACKS, project.pk)
        for do, rows in zip(("redeem", "rollback"), made, strict=True):
            yield from _compared(do, [write for write in writes if write.do == do], rows)
        yield _none("every gift card holds what its entries and redemptions say", _CARDS, project)
        yield from invariants.check(project)


def told(project, events, calls):
    """Findings about the calls of webhooks, which are `(webhook-id, id of the event)`."""
    wanted = _read(_UNTOLD, project.pk, list(events))
    ids = defaultdict(set)
    for webhook, event in calls:
        ids[event].add(webhook)
    yield _empty("every event was received", [event for event, _ in wanted if event not in ids])
    known = set(wanted)
    other = [f"{event} as {id_}" for event, many in ids.items() for id_ in many
             if (event, id_) not in known]  # fmt: skip
    yield _empty("each under the one webhook-id of its delivery, also twice", other)


def _resolved(writes):
    open_ = [write.key for write in writes if write.state in {journal.INVOKE, journal.UNKNOWN}]
    return _empty("every write has an answer in the end", open_)


def _compared(do, writes, rows):
    """A redemption is found by the key in its metadata, a rollback by what it takes back."""
    there = defaultdict(list)
    for name, made in rows:
        there[name].append(made)
    acknowledged = {}
    for write in writes:
        if write.state == journal.OK:
            acknowledged[_name(write)] = write.made
    lost = [name for name, made in acknowledged.items() if made not in there[name]]
    yield _empty(f"every acknowledged {do} is there", lost)
    twice = [name for name, made in there.items() if len(made) > 1]
    shared = Counter(write.made for write in writes if write.state == journal.OK)
    twice += [made for made, times in shared.items() if times > 1]
    yield _empty(f"and once, each {do} for one key", twice)
    nobody = [str(name) for name, made in there.items() if made and name not in acknowledged]
    yield _empty(f"there is no {do} that no client was told of", nobody)


def _name(write):
    return write.key if write.do == "redeem" else write.of


def _read(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def _none(said, sql, project):
    return _empty(said, [text for (text,) in _read(sql, project.pk)])


def _empty(said, wrong):
    return Finding(
        said, not wrong, f"{len(wrong)} rows" + "".join(f"; {text}" for text in wrong[:3])
    )

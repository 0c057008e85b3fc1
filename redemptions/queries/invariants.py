"""What must be true of a project whatever happened to it, each as a query for what is wrong.

They say in SQL of their own what the services keep, so that a mistake there is not made here too.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from loyalty_project.core import outbox
from loyalty_project.core.models import OutboxEvent, Project

# A redemption that stands, with the names under which it is counted, and its local time.
_STANDING = """
WITH r AS (
    SELECT r.*, coalesce(v.public_id, t.public_id) AS mine,
        coalesce(k.public_id, v.public_id, t.public_id) AS campaign_name,
        coalesce(r.decision ->> 'guest', c.public_id) AS buyer, c.public_id AS customer_name,
        r.decision ->> 'guest' AS guest, r.decision ->> 'budget' AS budget_name,
        lower(CASE r.channel_type WHEN 'API' THEN 'api_key' ELSE 'user' END) || ':' || r.channel_id
            AS channel_name,
        (r.redeemed_at AT TIME ZONE p.timezone)::date AS day, p.week_start
    FROM redemptions_redemption r JOIN core_project p ON p.id = r.project_id
    LEFT JOIN campaigns_voucher v ON v.id = r.voucher_id
    LEFT JOIN campaigns_promotiontier t ON t.id = r.promotion_tier_id
    LEFT JOIN campaigns_campaign k ON k.id = r.campaign_id
    LEFT JOIN customers_customer c ON c.id = r.customer_id
    WHERE r.project_id = %(project)s AND r.result = 'SUCCESS' AND r.rolled_back_at IS NULL
        AND coalesce(v.id, t.id) IS NOT NULL
)
"""
_BEGINS = """
CASE <row>.period WHEN 'day' THEN r.day WHEN 'month' THEN date_trunc('month', r.day)::date
    WHEN 'year' THEN date_trunc('year', r.day)::date
    WHEN 'week' THEN r.day - (extract(isodow FROM r.day)::int - r.week_start + 7) %% 7 END
"""
_USED = """
CASE <row>.measure WHEN 'redemptions' THEN count(r.id) WHEN 'customers' THEN count(DISTINCT r.buyer)
    WHEN 'discount' THEN coalesce(sum(r.applied_amount - r.returned_discount), 0)
    ELSE coalesce(sum((r.order_json ->> 'total_amount')::bigint - r.returned_total), 0) END
"""
_COUNTERS = """
<standing>, c AS (
    SELECT key, used, split_part(key, ':', 1) AS measure, split_part(key, ':', 2) AS scope,
        split_part(key, ':', 3) AS scope_name, split_part(key, ':', 4) AS period,
        split_part(key, ':', 5) AS begins,
        array_to_string((string_to_array(key, ':'))[6:], ':') AS per
    FROM redemptions_usagecounter WHERE project_id = %(project)s AND key NOT LIKE 'reached:%%'
), shapes AS (
    SELECT DISTINCT scope, period,
        CASE WHEN per LIKE 'customer:%%' THEN 'customer' WHEN per <> '' THEN 'channel' END AS whose
    FROM c
), facts AS (
    SELECT shapes.scope, name AS scope_name, shapes.period, begins, per, count(*) AS redemptions,
        count(DISTINCT r.buyer) AS customers, sum(r.applied_amount) AS discount,
        sum((r.order_json ->> 'total_amount')::bigint) AS orders
    FROM r CROSS JOIN shapes
    CROSS JOIN LATERAL (SELECT CASE shapes.scope WHEN 'redeemable' THEN r.mine
        WHEN 'campaign' THEN r.campaign_name WHEN 'budget' THEN r.budget_name ELSE '' END AS name,
        coalesce((<begins shapes>)::text, '') AS begins) AS l
    CROSS JOIN LATERAL (SELECT DISTINCT per FROM unnest(CASE shapes.whose
        WHEN 'customer' THEN ARRAY['customer:' || r.customer_name, 'customer:' || r.guest]
        WHEN 'channel' THEN ARRAY[r.channel_name] ELSE ARRAY[''] END) AS per
        WHERE per IS NOT NULL) AS w
    GROUP BY 1, 2, 3, 4, 5
)
SELECT c.key || ' says ' || c.used || ', the redemptions ' || x.used
FROM c LEFT JOIN facts USING (scope, scope_name, period, begins, per)
CROSS JOIN LATERAL (SELECT coalesce(CASE c.measure WHEN 'redemptions' THEN facts.redemptions
    WHEN 'customers' THEN facts.customers WHEN 'discount' THEN facts.discount
    ELSE facts.orders END, 0) AS used) AS x WHERE c.used <> x.used
"""
_LIMITS = """
<standing>
SELECT 'a limit of ' || l.value || ' ' || l.measure || ' was used ' || <used l>
FROM campaigns_limit l LEFT JOIN campaigns_budget b ON b.id = l.budget_id
JOIN r ON CASE WHEN l.campaign_id IS NOT NULL THEN r.campaign_id = l.campaign_id
    WHEN l.voucher_id IS NOT NULL THEN r.voucher_id = l.voucher_id
    WHEN l.promotion_tier_id IS NOT NULL THEN r.promotion_tier_id = l.promotion_tier_id
    WHEN b.id IS NOT NULL THEN r.budget_name = b.public_id ELSE true END
WHERE l.project_id = %(project)s
GROUP BY l.id, <begins l>, CASE WHEN l.per_customer THEN r.buyer END,
    CASE WHEN l.per_redeemable THEN r.mine END
HAVING <used l> > l.value
"""
_CODES = """
<standing>, n AS (
    SELECT v.code, v.redemption_limit AS most,
        v.redeemed_count + coalesce((SELECT sum(count) FROM campaigns_usagedelta d
            WHERE d.voucher_id = v.id), 0) AS used,
        (SELECT count(*) FROM r WHERE r.voucher_id = v.id) AS standing
    FROM campaigns_voucher v WHERE v.project_id = %(project)s
)
SELECT code || ' says ' || used || ', the redemptions ' || standing || ', the limit '
    || coalesce(most::text, 'nothing') FROM n WHERE used <> standing OR standing > most
"""
_ROLLBACKS = """
SELECT r.public_id || ' has ' || count(b.id) || ' rollbacks' FROM redemptions_redemption r
LEFT JOIN redemptions_redemptionrollback b ON b.redemption_id = r.id AND b.result = 'SUCCESS'
WHERE r.project_id = %(project)s GROUP BY r.id
HAVING count(b.id) <> CASE WHEN r.rolled_back_at IS NULL THEN 0 ELSE 1 END
"""
_WHOLE = """
SELECT p.public_id || ' is taken back in part' FROM redemptions_redemption p
JOIN redemptions_redemption c ON c.parent_id = p.id WHERE p.project_id = %(project)s
GROUP BY p.id HAVING bool_or((c.rolled_back_at IS NULL) <> (p.rolled_back_at IS NULL))
"""
_BALANCES = """
SELECT 'account ' || a.id || ' has ' || a.balance || ', its entries ' || e.sum
FROM rewards_ledgeraccount a CROSS JOIN LATERAL (SELECT coalesce(sum(amount), 0) AS sum
    FROM rewards_ledgerentry WHERE account_id = a.id) AS e
WHERE a.project_id = %(project)s
    AND (a.balance <> e.sum OR a.balance < -a.overdraft OR a.held NOT BETWEEN 0 AND a.balance)
"""
_PAID = """
<standing>
SELECT v.code || ' paid ' || e.sum || ', the redemptions ' || p.sum FROM campaigns_voucher v
CROSS JOIN LATERAL (SELECT coalesce(-sum(amount), 0) AS sum FROM rewards_ledgerentry
    WHERE account_id = v.account_id AND source LIKE ANY(ARRAY['redemption:%%', 'return:%%'])) AS e
CROSS JOIN LATERAL (SELECT coalesce(sum(r.credits_amount - r.returned_credits), 0) AS sum FROM r
    WHERE r.voucher_id = v.id) AS p
WHERE v.project_id = %(project)s AND v.account_id IS NOT NULL AND e.sum <> p.sum
"""
_EVENTS = """
WITH facts AS (
    SELECT r.public_id AS subject, 'redemption.succeeded' AS type FROM redemptions_redemption r
    WHERE r.project_id = %(project)s AND r.result = 'SUCCESS' AND r.redeemed_at >= %(since)s
        AND coalesce(r.voucher_id, r.promotion_tier_id) IS NOT NULL
    UNION ALL SELECT r.public_id, 'redemption.rollback.succeeded' FROM redemptions_redemption r
    WHERE r.project_id = %(project)s AND r.rolled_back_at >= %(since)s
        AND coalesce(r.voucher_id, r.promotion_tier_id) IS NOT NULL
), told AS (
    SELECT subject, type, count(*) AS times FROM core_outboxevent WHERE project_id = %(project)s
        AND type IN ('redemption.succeeded', 'redemption.rollback.succeeded')
        AND occurred_at >= %(since)s GROUP BY 1, 2
)
SELECT coalesce(facts.subject, told.subject) || ' was told ' || coalesce(times, 0) || ' times'
FROM facts FULL JOIN told USING (subject, type) WHERE times IS DISTINCT FROM 1
    OR facts.subject IS NULL
"""
_DISPATCHED = """
SELECT public_id || ' waits' FROM core_outboxevent
WHERE project_id = %(project)s AND (dispatched_at IS NULL OR position IS NULL)
    AND created_at < %(settled)s
"""
_DELIVERED = """
SELECT e.public_id || ' has no delivery for ' || s.subscriber FROM core_outboxevent e
JOIN unnest(%(types)s::text[], %(subscribers)s::text[]) AS s (type, subscriber) ON s.type = e.type
LEFT JOIN core_eventdelivery d ON d.event_id = e.id AND d.subscriber = s.subscriber
WHERE e.project_id = %(project)s AND d.id IS NULL
"""
_ANSWERS = """
SELECT i.key || ' has no answer, or that of another' FROM (
    SELECT key, status, CASE WHEN status = 200 THEN body::jsonb END AS body
    FROM core_idempotencyrecord WHERE project_id = %(project)s
) AS i LEFT JOIN redemptions_redemption r ON r.public_id = i.body -> 'redemptions' -> 0 ->> 'id'
WHERE i.status IS NULL OR (i.status = 200 AND r.metadata ->> 'key' IS DISTINCT FROM i.key
    AND i.body ->> 'object' IS DISTINCT FROM 'redemption_rollback')
"""
_PEOPLE = """
SELECT c.public_id || ' says other sums than orders and redemptions'
FROM customers_customer c LEFT JOIN customers_customersummary s ON s.customer_id = c.id
CROSS JOIN LATERAL (SELECT count(*) AS made, count(rolled_back_at) AS undone
    FROM redemptions_redemption r WHERE r.customer_id = c.id AND r.result = 'SUCCESS'
        AND coalesce(r.voucher_id, r.promotion_tier_id) IS NOT NULL) AS r
CROSS JOIN LATERAL (SELECT count(*) AS orders, coalesce(sum(total_amount), 0) AS spent
    FROM redemptions_order o WHERE o.customer_id = c.id AND o.status IN ('PAID', 'FULFILLED')) AS o
WHERE c.project_id = %(project)s AND c.anonymized_at IS NULL
    AND (coalesce(s.redemptions_succeeded, 0), coalesce(s.rollbacks_succeeded, 0),
        coalesce(s.orders_count, 0), coalesce(s.orders_amount, 0))
    <> (r.made, r.undone, o.orders, o.spent)
"""
_RETURNS = """
SELECT r.public_id || ' says that ' || r.returned_discount + r.returned_credits || ' came back'
FROM redemptions_redemption r LEFT JOIN redemptions_returnshare s ON s.redemption_id = r.id
WHERE r.project_id = %(project)s GROUP BY r.id
HAVING coalesce(sum(s.amount), 0) > r.applied_amount + coalesce(r.credits_amount, 0)
    OR (r.rolled_back_at IS NULL
        AND r.returned_discount + r.returned_credits <> coalesce(sum(s.amount), 0))
"""
_EVER, _FAR = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)
_HELD = """
SELECT v.code || ' says ' || v.held_count || ' are held, its holds ' || coalesce(sum(h.quantity), 0)
FROM campaigns_voucher v LEFT JOIN redemptions_hold h ON h.voucher_id = v.id
WHERE v.project_id = %(project)s GROUP BY v.id
HAVING v.held_count <> coalesce(sum(h.quantity), 0)
UNION ALL SELECT 'a card says ' || a.held || ' are held, its holds ' || coalesce(sum(h.credits), 0)
FROM rewards_ledgeraccount a LEFT JOIN redemptions_hold h ON h.account_id = a.id
WHERE a.project_id = %(project)s GROUP BY a.id HAVING a.held <> coalesce(sum(h.credits), 0)
UNION ALL SELECT c.key || ' says ' || c.held || ' are held, its holds ' || coalesce(h.held, 0)
FROM redemptions_usagecounter c LEFT JOIN (
    SELECT each.key, sum(each.amount::bigint) AS held
    FROM redemptions_hold, jsonb_each_text(uses) AS each (key, amount)
    WHERE project_id = %(project)s GROUP BY 1
) AS h ON h.key = c.key
WHERE c.project_id = %(project)s AND c.held <> coalesce(h.held, 0)
"""
_ROOM = """
SELECT code || ' is used ' || redeemed_count || ' and held ' || held_count || ' times'
FROM campaigns_voucher WHERE project_id = %(project)s
    AND redeemed_count + held_count > redemption_limit
"""


@dataclass(frozen=True, slots=True)
class Invariant:
    """`sql` finds what breaks it.

    `always` says that it holds while others write, too, and where limits have changed since.
    """

    said: str
    sql: str
    always: bool = True


INVARIANTS = (
    Invariant("no limit is exceeded", _LIMITS, always=False),
    Invariant("every counter is the sum of its redemptions without those taken back", _COUNTERS),
    Invariant("every code counts its redemptions, and no more than its limit", _CODES),
    Invariant("what is held is the sum of its holds", _HELD),
    # A limit that was lowered since has no room for what is held.
    Invariant("no code is used and held beyond its limit", _ROOM, always=False),
    Invariant("every redemption is taken back once or never", _ROLLBACKS),
    Invariant("what was redeemed together is taken back together", _WHOLE),
    # The ledger has a nightly audit of its own.
    Invariant(
        "every balance is the sum of its entries, and not below its floor", _BALANCES, always=False
    ),
    Invariant("every gift card paid what its redemptions say", _PAID, always=False),
    Invariant("what came back of a redemption is what its returns say", _RETURNS),
    Invariant("every redemption and rollback is told once", _EVENTS),
    Invariant("every event is dispatched", _DISPATCHED),
    Invariant("every event has a delivery for each subscriber", _DELIVERED, always=False),
    Invariant("every Idempotency-Key has the answer to its own effect", _ANSWERS, always=False),
    Invariant("the sums of customers are those of their orders and redemptions", _PEOPLE),
)


def breaches(
    project: Project,
    invariant: Invariant,
    *,
    most: int,
    since: datetime = _EVER,
    settled: datetime = _FAR,
) -> list[str]:
    """What breaks it, each as a sentence; at most so many.

    Redemptions since then must have been told, and events before `settled` be dispatched.
    """
    types = OutboxEvent.objects.filter(project=project).values_list("type", flat=True).distinct()
    pairs = [(kind, name) for kind in types.order_by("type") for name in outbox.subscribers(kind)]
    values: dict[str, Any] = {
        "project": project.pk,
        "since": since,
        "settled": settled,
        "types": [kind for kind, _ in pairs],
        "subscribers": [name for _, name in pairs],
    }
    with connection.cursor() as cursor:
        cursor.execute(_filled(invariant.sql), values)
        return [text for (text,) in cursor.fetchmany(most)]


def _filled(sql: str) -> str:
    """With the parts that several have."""
    sql = sql.replace("<standing>", _STANDING)
    for row in ("shapes", "l"):
        for name, part in (("used", _USED), ("begins", _BEGINS)):
            sql = sql.replace(f"<{name} {row}>", part.replace("<row>", row))
    return sql

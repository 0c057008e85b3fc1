"""Reading customers: by reference, by words, in lists."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import OuterRef, Q, QuerySet

from customers.models import Customer, CustomerSummary, Segment, SegmentMembership
from loyalty_project.core import search
from loyalty_project.core.errors import NotFound

MAX_REFERENCE = 255
PREFIX = "cust_"
# What customers paid with gift cards, and what is left on those they hold, by primary key; apps
# above know it. Minor units; who has neither is left out.
GIFTS: list[Callable[[Sequence[int]], Mapping[int, tuple[int, int]]]] = []


def all_customers() -> QuerySet[Customer]:
    """Customers with their summary, in one query; without those who were forgotten."""
    return Customer.objects.filter(anonymized_at=None).select_related("summary")


def with_segments(rows: QuerySet[Customer]) -> QuerySet[Customer]:
    """Customers that know their segments, so that `segments_of` asks no more."""
    mine = SegmentMembership.objects.filter(customer=OuterRef("pk"))
    return rows.annotate(segment_ids=ArraySubquery(mine.values("segment__public_id")))


def find(*, reference: str, rows: QuerySet[Customer] | None = None) -> Customer | None:
    """By public id, else by source id, among `rows` of `all_customers()`."""
    if not reference or len(reference) > MAX_REFERENCE:
        return None
    known = all_customers() if rows is None else rows
    found = list(known.filter(Q(public_id=reference) | Q(source_id=reference))[:2])
    return next((c for c in found if c.public_id == reference), found[0] if found else None)


def get(*, reference: str) -> Customer:
    """As `find`; raises NotFound."""
    customer = find(reference=reference)
    if customer is None:
        raise NotFound.of("customer", reference)
    return customer


def find_tracked(*, tracking_id: str, rows: QuerySet[Customer] | None = None) -> Customer | None:
    """The customer behind a tracking id, raw (then it is the source id) or as we gave it out."""
    known = all_customers() if rows is None else rows
    return known.filter(Q(source_id=tracking_id) | Q(tracking_id=tracking_id)).first()


def by_references(*, references: Collection[str], lock: bool = False) -> dict[str, Customer]:
    """Customers by each of their references that is asked for, in one query.

    With a `lock` they come without their summary.
    """
    wanted = Q(source_id__among=references)
    ours = [reference for reference in references if reference.startswith(PREFIX)]
    if ours:
        wanted |= Q(public_id__among=ours)
    rows = all_customers().filter(wanted)
    if lock:
        rows = rows.select_related(None)
        rows = rows.select_for_update(of=("self",)).order_by("pk")
    found: dict[str, Customer] = {}
    for customer in rows:
        if customer.source_id in references and customer.source_id is not None:
            found.setdefault(customer.source_id, customer)
        if customer.public_id in references:
            found[customer.public_id] = customer
    return found


def matching(customers: QuerySet[Customer], text: str) -> QuerySet[Customer]:
    """Those in which every word of `text` begins a word of name, e-mail, phone or source id."""
    query = search.prefix_query(text)
    if not query:
        return customers.none() if text.strip() else customers
    vector = SearchVector("search_name", config="simple")
    return customers.annotate(words=vector).filter(
        words=SearchQuery(query, config="simple", search_type="raw")
    )


def segments_of(*, customer: Customer) -> frozenset[str]:
    """Public ids of the segments that the customer is in; one query, or none `with_segments`."""
    if "segment_ids" in vars(customer):
        return frozenset(vars(customer)["segment_ids"])
    rows = SegmentMembership.objects.filter(customer=customer)
    return frozenset(rows.values_list("segment__public_id", flat=True))


def segments() -> QuerySet[Segment]:
    found: QuerySet[Segment] = Segment.objects.all()
    return found


def get_segment(*, reference: str) -> Segment:
    """By public id. Raises NotFound."""
    segment = segments().filter(public_id=reference).first()
    if segment is None:
        raise NotFound.of("segment", reference)
    return segment


def members_of(*, segment: Segment) -> QuerySet[Customer]:
    """The customers of a segment, with their summary."""
    return all_customers().filter(segment_memberships__segment=segment)


def summary_of(customer: Customer) -> CustomerSummary:
    """Counts and totals; zeros for a customer who has none yet."""
    found = getattr(customer, "summary", None)
    return found if found is not None else CustomerSummary(customer=customer)


def note_gifts(rows: Iterable[Customer]) -> None:
    """Let customers know what they paid with gift cards and have left, all at once."""
    customers = list(rows)
    keys = [customer.pk for customer in customers]
    found = {pk: gifts for read in GIFTS for pk, gifts in read(keys).items()} if keys else {}
    for customer in customers:
        vars(customer)["gifts"] = found.get(customer.pk, (0, 0))


def gifts_of(customer: Customer) -> tuple[int, int]:
    """Paid with gift cards, and left on those that the customer holds; minor units."""
    if "gifts" not in vars(customer):
        note_gifts([customer])
    found: tuple[int, int] = vars(customer)["gifts"]
    return found

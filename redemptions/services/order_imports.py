"""Orders from a CSV file: quiet, as of the past, with the dates that they name."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.files.base import File
from django.db.models import Prefetch

from campaigns.engine import pricing
from campaigns.engine.facts import Order as Facts
from customers import queries as customer_queries
from customers.models import Customer
from customers.services import profile, totals
from loyalty_project.core import batches, bulk, clock, guarded, metadata
from loyalty_project.core.errors import Busy, Invalid, LoyaltyError, NotFound
from loyalty_project.core.models import AsyncAction, Project
from redemptions import context, snapshots
from redemptions.models import Order, OrderItem
from redemptions.services import order_rows, orders, recording
from redemptions.services.order_rows import Data, WrongLine
from rewards import queries as reward_queries

CSV_JOB = "redemptions.import_orders_csv"


class ChangedSince(Invalid):
    """The file is older than what it would write."""


def start_csv(*, project: Project, upload: File, at: datetime) -> AsyncAction:
    """Import a CSV file with a row for each line of an order, those of an order together.

    Orders are matched by source id. Raises uploads.UnreadableFile.
    """
    return bulk.start_csv(
        "ORDERS.IMPORT_CSV",
        project=project,
        job=CSV_JOB,
        upload=upload,
        at=at,
        params={"together": order_rows.KEY},
        required=[order_rows.KEY],
    )


def write_csv(*, action: AsyncAction, lines: list[bulk.Line]) -> list[bulk.Failure]:
    """Write the orders of one chunk; what was refused. May raise bulk.Fewer."""
    return _Chunk(action).write(lines)


@dataclass(frozen=True, slots=True)
class _Given:
    """An order of the file and its rows."""

    lines: Sequence[bulk.Line]
    data: Data


class _Chunk:
    """Orders of one transaction: new ones are written together, those that change one by one."""

    def __init__(self, action: AsyncAction) -> None:
        self.action, self.project, self.at = action, action.project, clock.now()
        self.schema = metadata.schema_of(project=self.project, resource="order")
        self.refused: list[bulk.Failure] = []
        self.fresh: dict[str, tuple[Order, pricing.PricedOrder]] = {}
        self.people: dict[str, Customer] = {}
        self.new_people: dict[str, Customer] = {}
        make = batches.maker
        self._order = make(Order(project=self.project, updated_at=self.at), project=self.project)
        item = OrderItem(project=self.project, created_at=self.at)
        self._item = make(item, project=self.project)
        person = Customer(project=self.project, created_at=self.at, updated_at=self.at)
        self._person = make(person, project=self.project)

    def write(self, lines: list[bulk.Line]) -> list[bulk.Failure]:
        """What was refused. Raises Busy, and Fewer where rows of many take locks of their own."""
        given = list(self._read(lines))
        self._look_up([each.data for each in given])
        later = [each for each in given if self._tried(each)]
        if later and len(lines) > bulk.SMALL_CHUNK:
            raise bulk.Fewer
        self._save()
        for each in later:
            self._change(each)
        return self.refused

    def _read(self, lines: list[bulk.Line]) -> "list[_Given]":
        reader = order_rows.Reader(project=self.project, at=self.at)
        found = []
        for rows in order_rows.orders(lines=lines):
            try:
                found.append(_Given(rows, reader.read(lines=rows)))
            except WrongLine as wrong:
                self._refuse(rows, wrong.error, at=wrong.line)
        return found

    def _look_up(self, given: Sequence[Data]) -> None:
        names = {data[order_rows.KEY] for data in given}
        rows = Order.objects.filter(source_id__among=names).select_related("customer", "referrer")
        rows = rows.prefetch_related(Prefetch("items", OrderItem.objects.order_by("position")))
        self.known = {str(order.source_id): order for order in rows}
        people = {data["customer"] for data in given if "customer" in data}
        self.people = customer_queries.by_references(references=people) if people else {}
        items = [item for data in given for item in data.get("items", ())]
        references = snapshots.references(items)
        self.goods = reward_queries.find_items(references=references)

    def _tried(self, given: _Given) -> bool:
        try:
            return self._is_for_later(given)
        except (Invalid, NotFound) as error:
            self._refuse(given.lines, error)
            return False

    def _is_for_later(self, given: _Given) -> bool:
        """Keep a new order; whether it is there and differs."""
        data, name = given.data, given.data[order_rows.KEY]
        if name in self.fresh:
            raise _changed_since(name)
        context.check_currency(self.project, data)
        stored = self.known.get(name)
        if stored is not None:
            if self._leaves(stored, data):
                return False
            if stored.updated_at > self.action.created_at:
                raise _changed_since(name)
            return True
        priced = self._priced(data, None)
        metadata.check_against(self.schema, priced.order.metadata, project=self.project)
        made = data.get("created_at") or self.at
        order: Order = self._order()
        status = data.get("status") or order.status
        values = recording.values(
            priced=priced, status=status, customer=self._customer(data), referrer=None
        )
        if (values["amount"] or 0) > order_rows.MAX_AMOUNT:
            raise Invalid(f"An order must NOT cost more than {order_rows.MAX_AMOUNT}")
        for column, value in values.items():
            setattr(order, column, value)
        order.source_id, order.created_at = name, made
        order.paid_at = made if status in recording.COUNTED else None
        self.fresh[name] = (order, priced)
        return False

    def _customer(self, data: Data) -> Customer | None:
        reference = data.get("customer")
        if reference is None:
            return None
        found = self.people.get(reference) or self.new_people.get(reference)
        if found is not None:
            return found
        if reference.startswith(customer_queries.PREFIX):
            raise NotFound.of("customer", reference)
        person: Customer = self._person()
        profile.apply(customer=person, values={"source_id": reference})
        self.new_people[reference] = person
        return person

    def _priced(self, data: Data, base: Facts | None) -> pricing.PricedOrder:
        order = snapshots.order(data, base, self.goods)
        return pricing.begin(snapshots.recorded(data, order))

    def _leaves(self, stored: Order, data: Data) -> bool:
        """Whether the file says of an order only what is so already."""
        items = list(stored.items.all())
        priced = self._priced(data, snapshots.stored_order(stored, items))
        customer = data.get("customer")
        person = stored.customer
        if customer and (person is None or customer not in {person.source_id, person.public_id}):
            return False
        values = recording.values(
            priced=priced,
            status=data.get("status") or stored.status,
            customer=person,
            referrer=stored.referrer,
        )
        if any(getattr(stored, name) != value for name, value in values.items()):
            return False
        return len(items) == len(priced.lines) and all(
            _is_like(item, recording.line_values(place=place, priced=line))
            for place, (item, line) in enumerate(zip(items, priced.lines, strict=True))
        )

    def _save(self) -> None:
        """Write what is new, each kind in the order in which everybody writes it."""
        people = batches.Batch(Customer, at=self.at)
        for name in sorted(self.new_people):
            people.add(self.new_people[name], ())
        people.save()
        made = [self.fresh[name] for name in sorted(self.fresh)]
        for order, _priced in made:
            # The key of a customer who has just been written.
            order.customer = order.customer
        batches.insert([order for order, _priced in made], at=self.at)
        batches.insert(self._lines(made), at=self.at)
        guarded.run(self._totals([order for order, _priced in made]))

    def _lines(self, made: Sequence[tuple[Order, pricing.PricedOrder]]) -> list[OrderItem]:
        found = []
        for order, priced in made:
            for place, line in enumerate(priced.lines):
                item: OrderItem = self._item()
                vars(item).update(
                    recording.line_values(place=place, priced=line), order_id=order.pk
                )
                found.append(item)
        return found

    def _totals(self, made: Sequence[Order]) -> list[guarded.Statement]:
        of: dict[int, list[totals.Counted]] = defaultdict(list)
        for order in made:
            if order.customer_id is not None and order.status in recording.COUNTED:
                counted = totals.Counted(order.total_amount or 0, order.created_at)
                of[order.customer_id].append(counted)
        return totals.orders(project=self.project, of=of, at=self.at) if of else []

    def _change(self, given: _Given) -> None:
        try:
            orders.write_past(project=self.project, data=given.data, at=self.at)
        except Busy:
            raise
        except LoyaltyError as error:
            self._refuse(given.lines, error)

    def _refuse(
        self, rows: Sequence[bulk.Line], error: LoyaltyError, *, at: bulk.Line | None = None
    ) -> None:
        """All rows of an order; the others name the one that is wrong."""
        first = at or rows[0]
        name = order_rows.name_of(line=rows[0])
        other = Invalid(f"Its order is refused because of row {first.number}")
        self.refused += [
            bulk.failure(line, error if line is first else other, source_id=name) for line in rows
        ]


def _changed_since(name: str) -> ChangedSince:
    return ChangedSince(
        f"Order {name} was changed after the file was sent; the rows of an order must follow"
        " one another",
        extra={"field": order_rows.KEY},
    )


def _is_like(item: OrderItem, columns: Mapping[str, object]) -> bool:
    stored = vars(item)
    return all(stored[name] == value for name, value in columns.items())

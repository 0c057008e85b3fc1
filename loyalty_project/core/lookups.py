"""Lookups that Django does not have."""

from typing import Any

from django.db.models import Lookup


class Among(Lookup):
    """`name__among=texts`: as `in`, with one parameter for all of them, however many they are."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, values = self.process_lhs(compiler, connection)
        return f"{left} = ANY(%s)", (*values, list(self.rhs))

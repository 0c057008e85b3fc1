"""What a process keeps of the configuration of a project until the next change of it.

Each request reads its project, and with it `Project.version`, in its first query; services bump the
version in the transaction of their change. So a kept value costs no query and is never older than
the request that uses it.
"""

from collections.abc import Callable, Hashable, Mapping
from threading import Lock
from typing import Generic, TypeVar

from loyalty_project.core import tenancy
from loyalty_project.core.models import Project

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Kept(Generic[Value]):
    """One value per project: `_rules = Kept(load)`, then `_rules.of(project)`.

    `load` runs in the scope of the project. Threads share what it returns: it must not change
    afterwards, and must follow from configuration alone, not from the clock or the request.
    """

    def __init__(self, load: Callable[[Project], Value]) -> None:
        self._load = load
        self._lock = Lock()
        self._kept: dict[str, tuple[int, Value]] = {}

    def of(self, project: Project) -> Value:
        """The value as of the version that `project` was read with, or a newer one.

        Where `project` itself carried a change, the value is loaded and not kept: the transaction
        may not commit.
        """
        if project.carries_a_change:
            return self._loaded(project)
        kept = self._kept.get(project.public_id)
        if kept is not None and kept[0] == project.version:
            return kept[1]
        value = self._loaded(project)
        with self._lock:
            kept = self._kept.get(project.public_id)
            if kept is None or kept[0] < project.version:
                self._kept[project.public_id] = (project.version, value)
        return value

    def _loaded(self, project: Project) -> Value:
        with tenancy.scope(project):
            return self._load(project)


class KeptRows(Generic[Key, Value]):
    """At most `size` values by key; another version of a key takes the place of the one before.

    A version must never name two contents, not even after a rollback: take `updated_at` into it.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._values: dict[Key, tuple[Hashable, Value]] = {}
        self._lock = Lock()

    def get_many(
        self,
        versions: Mapping[Key, Hashable],
        load: Callable[[list[Key]], Mapping[Key, Value]],
    ) -> dict[Key, Value]:
        """Values of several keys at their versions; the new ones are loaded together."""
        found: dict[Key, Value] = {}
        for key, version in versions.items():
            kept = self._values.get(key)
            if kept is not None and kept[0] == version:
                found[key] = kept[1]
        missing = [key for key in versions if key not in found]
        if missing:
            loaded = load(missing)
            found.update(loaded)
            self._keep({key: (versions[key], value) for key, value in loaded.items()})
        return found

    def _keep(self, values: Mapping[Key, tuple[Hashable, Value]]) -> None:
        with self._lock:
            for key, value in values.items():
                self._values.pop(key, None)
                self._values[key] = value
            for key in list(self._values)[: max(0, len(self._values) - self._size)]:
                del self._values[key]

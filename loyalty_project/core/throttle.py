"""Calls per key and minute, exact across processes where CACHE_URL is set, else per process."""

import ipaddress
import math
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from redis.exceptions import RedisError

MANAGEMENT_LIMIT = 600
_WINDOW_SECONDS = 60
_FAILURES = (RedisError, OSError, ValueError)


@dataclass(frozen=True, slots=True)
class State:
    """How many of `limit` calls are left in the window that ends at `resets_at` (epoch seconds)."""

    limit: int
    used: int
    resets_at: int
    retry_after: int

    @property
    def exceeded(self) -> bool:
        return self.used > self.limit

    @property
    def headers(self) -> dict[str, str]:
        """The published headers; `Retry-After` and the type only when nothing is left."""
        found = {
            "X-Rate-Limit-Limit": str(self.limit),
            "X-Rate-Limit-Remaining": str(max(0, self.limit - self.used)),
            "X-Rate-Limit-Retry": str(self.resets_at),
        }
        if self.exceeded:
            found |= {"Retry-After": str(self.retry_after), "X-Rate-Limit-Type": "api_calls"}
        return found


def count(identity: str, *, limit: int, at: datetime) -> State:
    """Count one call of `identity` in the minute of `at`. A cache that is down counts nothing."""
    key, resets_at, seconds = _window(identity, at)
    try:
        cache.add(key, 0, timeout=_WINDOW_SECONDS * 2)
        used = cache.incr(key)
    except _FAILURES:
        used = 0
    return State(limit, used, resets_at, seconds)


def peek(identity: str, *, limit: int, at: datetime) -> State:
    """As `count`, without counting."""
    key, resets_at, seconds = _window(identity, at)
    try:
        used = int(cache.get(key, 0))
    except _FAILURES:
        used = 0
    return State(limit, used, resets_at, seconds)


def place(ip: str | None) -> str:
    """What counts as one address: of IPv6 the 64 bits that one household may fill as it likes."""
    if ip is None or ":" not in ip:
        return ip or ""
    found = ipaddress.IPv6Address(ip.partition("%")[0])
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.IPv6Network((found, 64), strict=False).network_address)


def _window(identity: str, at: datetime) -> tuple[str, int, int]:
    """The key of the minute, when it ends, and in how many seconds."""
    epoch = at.timestamp()
    window = int(epoch // _WINDOW_SECONDS)
    resets_at = (window + 1) * _WINDOW_SECONDS
    return f"throttle:{identity}:{window}", resets_at, max(1, math.ceil(resets_at - epoch))

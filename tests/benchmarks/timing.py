"""How times are taken. That of the processor is disturbed least by neighbours on the machine."""

import statistics
import time


def least(call, times=7):
    """The fewest milliseconds of the processor that a call took."""
    return min(spent(call) for _ in range(times))


def interleaved(one, other, times):
    """The fewest milliseconds of each, measured in turns, so that both meet the same machine."""
    pairs = [(spent(one), spent(other)) for _ in range(times)]
    return tuple(min(each) for each in zip(*pairs, strict=True))


def spent(call):
    """Milliseconds of the processor."""
    began = time.process_time()
    call()
    return (time.process_time() - began) * 1000


def waited(call, times):
    """Milliseconds by the clock that each call took."""
    found = []
    for _ in range(times):
        began = time.perf_counter()
        call()
        found.append((time.perf_counter() - began) * 1000)
    return found


def spread(times):
    """Median, 95th percentile and maximum of milliseconds."""
    ranked = sorted(times)
    return {
        "p50_ms": round(statistics.median(ranked), 1),
        "p95_ms": round(ranked[int(len(ranked) * 0.95)], 1),
        "max_ms": round(ranked[-1], 1),
    }

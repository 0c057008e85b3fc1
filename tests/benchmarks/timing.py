"""Time of the processor, which neighbours on the same machine disturb the least."""

import time


def least(call, times=7):
    """The fewest milliseconds that a call took."""
    return min(each for each in (_once(call) for _ in range(times)))


def _once(call):
    began = time.process_time()
    call()
    return (time.process_time() - began) * 1000


def spread(times):
    """Median, 95th percentile and maximum of milliseconds."""
    ranked = sorted(times)
    places = (len(ranked) // 2, int(len(ranked) * 0.95), len(ranked) - 1)
    return tuple(round(ranked[place], 1) for place in places)

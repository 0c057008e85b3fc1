"""`make bench`: how fast things are, as ratios to a baseline of the same run; no time fails it.

`python -m tests.benchmarks promotions best` measures some alone. The last line is JSON.
"""

import json
import sys
from functools import partial

from tests.benchmarks import (
    against_oscar,
    best_use,
    burst,
    codes,
    files,
    grown,
    promotions,
    redeeming,
    replay,
    scale,
    webhooks,
    wire,
)
from tests.benchmarks.shop import opened
from tests.installation import installed

PURE = {"promotions": promotions.measure, "best": best_use.measure}
ALONE = {
    "million": scale.codes,
    "webhooks": webhooks.measure,
    "grown": grown.measure,
    **{kind: partial(files.measure, kind=kind) for kind in files.KINDS},
}
OVER_HTTP = {
    "redeem": lambda installation, shops: redeeming.cost(installation, shops[0]),
    "hot": lambda installation, shops: redeeming.hot(installation, shops[0]),
    "burst": lambda installation, shops: burst.measure(installation, shops[0]),
    "oscar": lambda installation, shops: against_oscar.measure(installation, shops[0]),
    "codes": lambda _installation, shops: codes.measure(shops),
    "wire": lambda installation, shops: wire.measure(installation, shops[0]),
    "replay": lambda installation, _shops: replay.measure(installation),
}
# What takes gigabytes and many minutes is measured where it is named.
AT_WISH = {"grown"}
ALL = [*PURE, *ALONE, *OVER_HTTP]


def main():
    wanted = sys.argv[1:] or [name for name in ALL if name not in AT_WISH]
    unknown = set(wanted) - {*ALL}
    if unknown:
        sys.exit(f"Choose among {', '.join(ALL)}")
    found = {}
    for name in wanted:
        if name in PURE:
            found |= shown(PURE[name]())
            continue
        with installed() as installation:
            if name in ALONE:
                found |= shown(ALONE[name](installation))
                continue
            found |= shown(OVER_HTTP[name](installation, opened(installation, codes.CLIENTS)))
    sys.stdout.write(json.dumps(found) + "\n")


def shown(found):
    """A line for each figure, as soon as it is there."""
    for name, figures in found.items():
        told = "  ".join(f"{key} {value}" for key, value in figures.items())
        sys.stdout.write(f"{name:34}{told}\n")
    sys.stdout.flush()
    return found


if __name__ == "__main__":
    main()

"""Limits after 10,000 requests of which three in ten go wrong, and processes that are killed now and then: `python -m tests.bench.limits [requests]`.

It asserts what `tests/e2e/test_fleet_limits_trouble.py` asserts of fewer requests, and prints what it saw. It takes minutes.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.e2e.limits_room import fleet_in, limits_room
from tests.e2e.limits_trouble import accounts, trouble

REQUESTS = 10_000
EACH = 250
"""Requests between two kills."""


def main() -> None:
    """Run it."""
    requests = int(sys.argv[1]) if len(sys.argv) > 1 else REQUESTS
    with (
        tempfile.TemporaryDirectory() as folder,
        limits_room(Path(folder)) as room,
        fleet_in(room, warm=["much"]) as fleet,
    ):
        report = trouble(fleet, "much", requests, requests // EACH)
        found = accounts(fleet, "key#much")
    if report.statuses[429] or found.share >= 0.9:
        raise AssertionError("refused although there was room, or too much was spent for this to be a proof")
    print(f"{report}\n{found}")


if __name__ == "__main__":
    main()

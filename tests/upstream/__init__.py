"""The byte-exact fault upstream: see `server.py` for its use, `steps.py` for what it can do, `faults.py` for the catalogue."""

from tests.upstream.journal import Recorded
from tests.upstream.server import ClosedPort, FullPort, Upstream
from tests.upstream.steps import (
    Close,
    Gate,
    Reset,
    Send,
    Stall,
    Steps,
    cut,
    events,
    gated,
    head,
    pieces,
    reply,
    split_events,
)

__all__ = [
    "Close",
    "ClosedPort",
    "FullPort",
    "Gate",
    "Recorded",
    "Reset",
    "Send",
    "Stall",
    "Steps",
    "Upstream",
    "cut",
    "events",
    "gated",
    "head",
    "pieces",
    "reply",
    "split_events",
]

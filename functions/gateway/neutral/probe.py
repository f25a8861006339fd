"""What the probe says a provider offers: a small JSON document between the function that may open credentials and the one that may not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

MOST_MODELS: Final = 2_000
"""More are not told: nobody reads them, and an invocation's answer has a size."""
LONGEST_NAME: Final = 512


@dataclass(frozen=True, slots=True)
class Offered:
    """A model as its vendor lists it; what the vendor does not say is None. Windows are tokens."""

    id: str
    title: str | None = None
    context_window: int | None = None
    max_output_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """`status` is the HTTP status of the vendor's last answer, None when there was none; `ms` how long it all took. `error` None = a whole list.
    `more`: the vendor has further models that are not told."""

    ms: int
    status: int | None = None
    models: tuple[Offered, ...] = ()
    more: bool = False
    error: str | None = None


def heard_json(heard: Heard) -> dict[str, Any]:
    """As the function answers it."""
    return asdict(heard)


def heard_from_json(data: Mapping[str, Any]) -> Heard:
    """The reverse; KeyError, TypeError or ValueError when it is not such a document."""
    models = tuple(Offered(**model) for model in data["models"])
    return Heard(int(data["ms"]), data["status"], models, bool(data["more"]), data["error"])

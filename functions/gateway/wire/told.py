"""What the gateway knows of an answer that no dialect says: who served it, what it cost, how long it took."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Told:
    """`model` is the name that was asked for, `answered` the model that answers. `input_nano`, `output_nano`, `nano`: nano-dollars, None when the
    price is not known. `cached`: the answer was given before.

    `latency_ms` counts from the request's arrival; `time_ms` is Unix milliseconds.
    """

    request_id: str
    model: str
    provider: str | None = None
    answered: str | None = None
    input_nano: int | None = None
    output_nano: int | None = None
    nano: int | None = None
    cached: bool = False
    latency_ms: float = 0.0
    time_ms: int = 0

"""What a translation could not carry as it was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Action = Literal["dropped", "approximated", "defaulted"]
"""`dropped`: not sent. `approximated`: sent in the nearest form. `defaulted`: the target demands a value that the client left open."""


@dataclass(frozen=True, slots=True)
class Loss:
    """One field, named as the client wrote it, what became of it, and why (one clause, lower case, no client data)."""

    field: str
    action: Action
    reason: str

    def __str__(self) -> str:
        return f"{self.field}: {self.action}: {self.reason}"

"""A user of the control plane, as far as the data plane needs to know."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """`role` is `admin`, `operator` or `user`."""

    id: str
    username: str
    role: str
    active: bool

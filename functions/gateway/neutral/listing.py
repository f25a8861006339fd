"""One line of a model list, whatever dialect it is shown in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Listed:
    """`created` is Unix seconds: when the release that offers the model was published."""

    id: str
    owner: str
    display_name: str
    created: int

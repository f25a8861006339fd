"""One line of a model list, whatever dialect it is shown in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Listed:
    """`created` is Unix seconds: when the release that offers the model was published. `embeds`: it embeds, and does not generate.

    `input_limit` and `output_limit` are in tokens; None = not known, or a route of several models.
    """

    id: str
    owner: str
    display_name: str
    created: int
    input_limit: int | None = None
    output_limit: int | None = None
    embeds: bool = False

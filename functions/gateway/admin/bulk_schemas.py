"""Bodies of one action on many things."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from gateway.admin.fields import Reply, Strict

MOST = 100
BulkNoun = Literal["provider", "model", "guardrail", "route", "agent", "virtual_key", "team", "end_user", "user"]
BulkAction = Literal["activate", "deactivate", "delete"]


def _distinct(value: list[str]) -> list[str]:
    if len(set(value)) < len(value):
        raise ValueError("the same id is given twice")
    return value


class BulkIn(Strict):
    """One action for up to 100 things of a kind."""

    noun: BulkNoun
    ids: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=256)]],
        Field(min_length=1, max_length=MOST),
        AfterValidator(_distinct),
    ]
    action: BulkAction


class BulkResult(Reply):
    """What became of one thing. `error` says why it was left as it is, null = it is as was asked."""

    id: str
    ok: bool
    error: str | None


class BulkOut(Reply):
    """In the order of the ids. `changed` counts things that are different now."""

    results: list[BulkResult]
    changed: int

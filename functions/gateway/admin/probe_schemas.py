"""Bodies of the provider probe and of the import of models it found."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field

from gateway.admin.fields import Id, Reply, Strict, UpstreamName

MOST_IMPORTED = 200


class ProbedModel(Reply):
    """A model that the provider lists. `known`: the catalog knows it; `configured`: the models here that it serves already.

    Windows are the provider's word, else the catalog's; prices are the catalog's list price, USD per million tokens. Null = nobody says.
    """

    id: str
    title: str | None
    known: bool
    configured: list[str]
    context_window: int | None
    max_output_tokens: int | None
    input_price: str | None
    output_price: str | None


class ProbeOut(Reply):
    """What came of asking. `ok` false: `error` says why in words, `status` is the provider's HTTP status if it answered at all; `ms` is how long it
    took. `more`: it lists further models that are not shown."""

    ok: bool
    ms: int
    status: int | None
    error: str | None
    more: bool
    models: list[ProbedModel]


class ImportedModel(Strict):
    """A model to create: `id` is the provider's name of it, `as` what clients shall call it (default: the same)."""

    model_config = ConfigDict(extra="forbid", strict=True, validate_by_name=False, validate_by_alias=True)

    id: UpstreamName
    as_: Annotated[Id | None, Field(alias="as")] = None


class ImportIn(Strict):
    """The models to create. Facts and prices come from the catalog where it knows them."""

    models: Annotated[list[ImportedModel], Field(min_length=1, max_length=MOST_IMPORTED)]


class SkippedModel(Reply):
    """A model that was not created, and why."""

    id: str
    reason: str


class ImportOut(Reply):
    """`created` are ids here; `skipped` are the provider's names."""

    created: list[str]
    skipped: list[SkippedModel]

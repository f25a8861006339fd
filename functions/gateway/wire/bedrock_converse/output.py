"""The form of the answer's text: https://docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html

Bedrock keeps to schemas that keep to Anthropic's rules for them (closed objects, a part of the keywords). Where a model has no such mode it is
told in words, which is an approximation and is reported.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson

from gateway.neutral.request import Request, ResponseFormat
from gateway.wire.anthropic_messages.schema import closed
from gateway.wire.carrying import Carrying
from gateway.wire.codec import Upstream

_ANTHROPIC: Final = "anthropic_messages"
_JSON_ONLY: Final = "Answer with one JSON object and nothing else: no words around it, no code fence."


def enforceable(schema: Mapping[str, Any], request: Request, at: str, carrying: Carrying) -> Mapping[str, Any]:
    """The schema as Bedrock takes it. Anthropic's clients write for the same rules: theirs goes as it is."""
    if request.dialect == _ANTHROPIC:
        return schema
    adapted, changed = closed(schema, at)
    if changed:
        carrying.approximate(at, "rules that the provider cannot enforce are told to the model instead")
    return adapted


class Form:
    """`config` is `outputConfig.textFormat`, `instruction` what the model is told instead; both None for plain text."""

    def __init__(self, request: Request, upstream: Upstream, carrying: Carrying) -> None:
        self.config: dict[str, Any] | None = None
        self.instruction: str | None = None
        wanted = request.format
        if wanted is None or wanted.kind == "text":
            return
        known = upstream.capabilities
        if wanted.kind == "json_object" or wanted.schema is None:
            carrying.approximate("format", "there is no mode for any JSON: the model is told so")
            self.instruction = _JSON_ONLY
        elif known is not None and "json_schema" not in known and request.dialect != _ANTHROPIC:
            carrying.approximate("format", "the model does not enforce schemas: it is told the schema")
            schema = orjson.dumps(wanted.schema).decode()
            self.instruction = f"{_JSON_ONLY} It must conform to this JSON schema:\n{schema}"
        else:
            self.config = _text_format(wanted, enforceable(wanted.schema, request, "format", carrying))


def _text_format(wanted: ResponseFormat, schema: Mapping[str, Any]) -> dict[str, Any]:
    """The schema is a text there."""
    definition: dict[str, Any] = {"schema": orjson.dumps(schema).decode()}
    if wanted.name:
        definition["name"] = wanted.name
    if wanted.description:
        definition["description"] = wanted.description
    return {"type": "json_schema", "structure": {"jsonSchema": definition}}

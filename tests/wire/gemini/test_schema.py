"""Google's Schema as JSON Schema."""

from __future__ import annotations

from typing import Any

import pytest
from google.genai import types
from tests.wire.gemini.cases import case

from gateway.errors import InvalidRequest
from gateway.wire.gemini.schema import to_json_schema


@pytest.mark.parametrize(
    ("google", "plain"),
    [
        ({"type": "STRING"}, {"type": "string"}),
        ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
        ({"type": "STRING", "nullable": False}, {"type": "string"}),
        ({"type": "TYPE_UNSPECIFIED", "description": "any"}, {"description": "any"}),
        (
            {"type": "STRING", "format": "enum", "enum": ["a"], "nullable": True},
            {"type": ["string", "null"], "enum": ["a", None]},
        ),
        ({"type": "INTEGER", "format": "int64", "minimum": 1, "maximum": 2}, {"type": "integer", "format": "int64", "minimum": 1, "maximum": 2}),
        (
            {"type": "ARRAY", "items": {"type": "NUMBER"}, "min_items": "1", "maxItems": 3},
            {"type": "array", "items": {"type": "number"}, "minItems": 1, "maxItems": 3},
        ),
        (
            {"type": "OBJECT", "properties": {"type": {"type": "STRING"}, "any_of": {"type": "BOOLEAN"}}, "propertyOrdering": ["type"]},
            {"type": "object", "properties": {"type": {"type": "string"}, "any_of": {"type": "boolean"}}, "propertyOrdering": ["type"]},
        ),
        (
            {"anyOf": [{"type": "STRING"}, {"type": "INTEGER"}], "nullable": True},
            {"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}]},
        ),
        ({"additionalProperties": False, "example": 1, "default": None}, {"additionalProperties": False, "examples": [1]}),
        ({"additionalProperties": {"type": "STRING"}}, {"additionalProperties": {"type": "string"}}),
        ({"defs": {"a": {"type": "STRING"}}, "ref": "#/defs/a"}, {"$defs": {"a": {"type": "string"}}, "$ref": "#/$defs/a"}),
    ],
)  # fmt: skip
def test_conversion(google: dict[str, Any], plain: dict[str, Any]) -> None:
    assert to_json_schema(google, "at") == plain


def test_every_member_of_googles_schema_is_known_here() -> None:
    """Members that are new to Google's types would be passed on as they are: this says when there is one to look at."""
    known = {
        "additional_properties", "defs", "ref", "any_of", "default", "description", "enum", "example", "format", "items", "max_items",
        "max_length", "max_properties", "maximum", "min_items", "min_length", "min_properties", "minimum", "nullable", "pattern", "properties",
        "property_ordering", "required", "title", "type",
    }  # fmt: skip
    assert set(types.Schema.model_fields) == known


def test_the_fixture_is_googles() -> None:
    declared = case("google_schema").request["tools"][0]["functionDeclarations"][0]["parameters"]
    assert types.Schema.model_validate(declared).type == types.Type.OBJECT


@pytest.mark.parametrize(
    ("google", "param"),
    [
        (1, "at"),
        ({"type": 1}, "at.type"),
        ({"type": "WORD"}, "at.type"),
        ({"properties": []}, "at.properties"),
        ({"properties": {"x": {"items": 3}}}, "at.properties.x.items"),
        ({"anyOf": {}}, "at.anyOf"),
        ({"anyOf": [{"type": "X"}]}, "at.anyOf[0].type"),
        ({"minItems": "many"}, "at.minItems"),
        ({"minItems": -1}, "at.minItems"),
        ({"ref": 1}, "at.ref"),
    ],
)
def test_what_is_no_schema_is_refused(google: Any, param: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        to_json_schema(google, "at")
    assert caught.value.param == param


def test_depth_is_bounded() -> None:
    deep: dict[str, Any] = {"type": "STRING"}
    for _ in range(70):
        deep = {"items": deep}
    with pytest.raises(InvalidRequest, match="64 levels"):
        to_json_schema(deep, "at")

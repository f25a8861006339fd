"""Plain values ⇄ attribute values."""

from __future__ import annotations

from decimal import Decimal

import pytest
from boto3.dynamodb.types import TypeSerializer
from hypothesis import given
from hypothesis import strategies as st

from gateway.aws.attributes import NotStorable, decode, decode_item, encode, encode_item

_leaves = (
    st.none()
    | st.booleans()
    | st.text(max_size=20)
    | st.integers(-(10**37), 10**37)
    | st.decimals(allow_nan=False, allow_infinity=False, min_value=-1000, max_value=1000, places=3)
    | st.binary(max_size=20)
)
_values = st.recursive(
    _leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
)


@given(_values)
def test_there_and_back(value: object) -> None:
    assert decode(encode(value)) == value


@given(_values)
def test_the_same_form_as_boto3(value: object) -> None:
    theirs = TypeSerializer().serialize(value)
    assert decode(encode(value)) == decode(_base64(theirs))


def _base64(attribute: object) -> object:
    """boto3 leaves bytes as they are; the wire has base64."""
    if isinstance(attribute, bytes):
        return encode(attribute)["B"]
    if isinstance(attribute, dict):
        return {name: _base64(value) for name, value in attribute.items()}
    if isinstance(attribute, list):
        return [_base64(value) for value in attribute]
    return getattr(attribute, "value", None) or attribute


@pytest.mark.parametrize(
    ("value", "attribute"),
    [
        (True, {"BOOL": True}),
        (1, {"N": "1"}),
        (10**38 - 1, {"N": "9" * 38}),
        (Decimal("0.075"), {"N": "0.075"}),
        (b"\xff", {"B": "/w=="}),
        (None, {"NULL": True}),
        (("a", 1), {"L": [{"S": "a"}, {"N": "1"}]}),
        ({"a": {}}, {"M": {"a": {"M": {}}}}),
    ],
)
def test_forms(value: object, attribute: dict) -> None:
    assert encode(value) == attribute


@pytest.mark.parametrize(
    "value", [1.5, 10**38, Decimal("NaN"), Decimal("Infinity"), Decimal("1." + "1" * 38), object(), {1}, {"a": [1.0]}]
)
def test_what_cannot_be_exact_is_refused(value: object) -> None:
    with pytest.raises(NotStorable):
        encode(value)


def test_nesting_beyond_reason_is_refused() -> None:
    value: object = 0
    for _ in range(100_000):
        value = [value]
    with pytest.raises(NotStorable):
        encode_item({"a": value})


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ({"N": "1E+3"}, 1000),
        ({"N": "1.0"}, 1),
        ({"N": "-0.5"}, Decimal("-0.5")),
        ({"SS": ["a", "b"]}, frozenset({"a", "b"})),
        ({"NS": ["1", "2.5"]}, frozenset({1, Decimal("2.5")})),
    ],
)
def test_reading_what_others_wrote(attribute: dict, value: object) -> None:
    found = decode(attribute)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("attribute", [{}, {"S": "a", "N": "1"}, {"Q": "x"}])
def test_not_an_attribute_value(attribute: dict) -> None:
    with pytest.raises(ValueError):
        decode_item({"a": attribute})

"""The raw body: only what is named changes, nothing ambiguous passes, and time grows with size alone."""

from __future__ import annotations

import json
import time
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.errors import InvalidRequest
from gateway.wire.json_body import parse
from gateway.wire.openai_chat import request as chat

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
SCALAR = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT
)
VALUE = st.recursive(
    SCALAR, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4), max_leaves=12
)
GAP = st.text(" \t\r\n", max_size=3)


def folds(names: list[str]) -> bool:
    """Whether the gateway takes these names as they are."""
    try:
        parse(json.dumps(dict.fromkeys(names, 1)).encode())
    except InvalidRequest:
        return False
    return True


@st.composite
def written(draw: st.DrawFn) -> tuple[list[tuple[str, Any]], list[bytes], bytes]:
    """Members, the text around their values (one more than there are values), and the whole body, in any formatting."""
    data = draw(st.dictionaries(TEXT, VALUE, max_size=6).filter(lambda found: folds(list(found))))
    around, current, body = [], draw(GAP) + "{" + draw(GAP), ""
    for number, (name, value) in enumerate(data.items()):
        key = json.dumps(name, ensure_ascii=draw(st.booleans()))
        current += ("," + draw(GAP) if number else "") + key + draw(GAP) + ":" + draw(GAP)
        around.append(current.encode())
        text = json.dumps(value, ensure_ascii=draw(st.booleans()), indent=draw(st.sampled_from([None, 1])))
        body += current + text
        current = draw(GAP)
    current += "}" + draw(GAP)
    return list(data.items()), [*around, current.encode()], (body + current).encode()


@settings(max_examples=100, deadline=None)
@given(written(), st.data())
def test_replacing_changes_the_named_spans_and_no_other_byte(
    case: tuple[list[tuple[str, Any]], list[bytes], bytes], data: st.DataObject
) -> None:
    members, around, raw = case
    body = parse(raw)
    values = {name: data.draw(VALUE) for name, _ in members if data.draw(st.booleans())}
    result = body.replace(values)
    assert json.loads(result) == dict(members) | values
    position = 0
    for piece, (name, _) in zip(around, members, strict=False):
        assert result.startswith(piece, position), "bytes around the values stay"
        position += len(piece)
        span = body.spans[name]
        here = orjson.dumps(values[name]) if name in values else raw[span.start : span.end]
        assert result.startswith(here, position), "a named value is replaced, any other stays"
        position += len(here)
    assert result[position:] == around[-1]


@settings(max_examples=100, deadline=None)
@given(written(), VALUE)
def test_adding_puts_a_member_before_the_last_brace(
    case: tuple[list[tuple[str, Any]], list[bytes], bytes], value: Any
) -> None:
    members, _, raw = case
    name = "~added~"
    result = parse(raw).replace({name: value})
    assert json.loads(result) == dict(members) | {name: value}
    cut = raw.rindex(b"}")
    assert result.startswith(raw[:cut])
    assert result.endswith(raw[cut:])


@pytest.mark.parametrize(
    ("raw", "gone", "left"),
    [
        (b'{"a":1,"b":2,"c":3}', "a", b'{"b":2,"c":3}'),
        (b'{"a":1,"b":2,"c":3}', "b", b'{"a":1,"c":3}'),
        (b'{"a":1,"b":2,"c":3}', "c", b'{"a":1,"b":2}'),
        (b'{"a":1,"b":2,"c":3}', "ab", b'{"c":3}'),
        (b'{"a":1,"b":2,"c":3}', "ac", b'{"b":2}'),
        (b'{"a":1,"b":2,"c":3}', "bc", b'{"a":1}'),
        (b'{"a":1,"b":2,"c":3}', "abc", b"{}"),
        (b'{ "a" : 1 }\n', "a", b"{  }\n"),
        (b' {\n  "a" : [1, {"b": 2}] ,\n  "b": 2 ,\n "c":3\n}', "a", b' {\n  "b": 2 ,\n "c":3\n}'),
        (b' {\n  "a" : 1 ,\n  "b": "\\"}," ,\n "c":3\n}', "b", b' {\n  "a" : 1 ,\n "c":3\n}'),
        (b' {\n  "a" : 1 ,\n  "b": 2 ,\n "c":3 \n}', "c", b' {\n  "a" : 1 ,\n  "b": 2 \n}'),
        (b'{"\\u0061":1,"b":2}', "a", b'{"b":2}'),
        (b'{"b":2}', "a", b'{"b":2}'),
        (b"{}", "a", b"{}"),
    ],
)
def test_taking_out_leaves_every_other_byte(raw: bytes, gone: str, left: bytes) -> None:
    assert parse(raw).without(gone) == left


@settings(max_examples=200, deadline=None)
@given(written(), st.data())
def test_taking_out_replacing_and_adding_go_together(
    case: tuple[list[tuple[str, Any]], list[bytes], bytes], data: st.DataObject
) -> None:
    members, _, raw = case
    fate = {name: data.draw(st.sampled_from(["stays", "goes", "changes"])) for name, _ in members}
    values: dict[str, Any] = {name: data.draw(VALUE) for name in fate if fate[name] == "changes"}
    if data.draw(st.booleans()):
        values["~added~"] = data.draw(VALUE)
    gone = [name for name in fate if fate[name] == "goes"]
    result = parse(parse(raw).replace(values, gone))
    wanted = {name: value for name, value in members if name not in gone} | values
    assert result.data == wanted
    assert list(result.spans) == list(wanted), "in the same order"
    for name, span in parse(raw).spans.items():
        if fate[name] == "stays":
            here = result.spans[name]
            assert result.raw[here.start : here.end] == raw[span.start : span.end]


@pytest.mark.parametrize("depth", [1, 2, 14, 15, 16, 17, 18, 19, 40, 200, 1000])
@pytest.mark.parametrize("ends", [("[", "]"), ('{"a":', "}")])
def test_spans_hold_around_the_depth_the_pattern_reaches(depth: int, ends: tuple[str, str]) -> None:
    deep = ends[0] * depth + '"]}{[\\"\\\\"' + ends[1] * depth
    raw = f'{{"x":{deep},"model":"a","y":[{deep} , {deep}]}}'.encode()
    assert parse(raw).replace({"model": "b"}) == raw.replace(b'"model":"a"', b'"model":"b"')


@pytest.mark.parametrize(
    "raw",
    [
        b'{"model":"a","model":"b"}',
        b'{"model":"a","mod\\u0065l":"b"}',
        b'{"Model":"a","model":"b"}',
        b'{"model":"a","MODEL":"b"}',
        b'{"Model":"a"}',
        b'{"\\u004dodel":"a"}',
        b'{"me\\u017f\\u017fages":[],"model":"a"}',
        '{"me\u017fsages":1}'.encode(),
        b'{"x":1,"x":1}',
        b'{"x":1,"X":1}',
        '{"\u212a":1,"k":1}'.encode(),
        b'{"":1,"":2}',
        b'{"stream":true,"\\u0053tream":false}',
    ],
)
def test_bodies_that_can_be_read_in_two_ways_are_refused(raw: bytes) -> None:
    with pytest.raises(InvalidRequest):
        parse(raw)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b" ",
        b"null",
        b"[]",
        b'"x"',
        b"1",
        b"{",
        b"{}}",
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":-Infinity}',
        b'{"a":1E400}',
        b'{"a":01}',
        b'{"a":1,}',
        b"{'a':1}",
        b'{"a":1} x',
        b'{"a":"\n"}',
        b'{"a":"\x00"}',
        b'{"a":"\\x"}',
        b'{"a":"\\ud800"}',
        b'\xef\xbb\xbf{"a":1}',
        b'{"a":"\xff"}',
        b'{"a":"\xed\xa0\x80"}',
        b'{"a":"\xc0\xaf"}',
        b'{"a":/**/1}',
        b'{"a":' + b"[" * 1100 + b"]" * 1100 + b"}",
        "{}".encode("utf-16"),
    ],
)
def test_what_is_not_strict_json_is_refused_in_words(raw: bytes) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        parse(raw)
    assert refusal.value.status == 400
    assert len(refusal.value.message) < 200


def test_numbers_keep_their_form() -> None:
    raw = b'{"model":"a","n":1.0,"e":1E300,"big":123456789012345678901234567890,"z":-0,"f":1e-7}'
    assert parse(raw).replace({"model": "b"}) == raw.replace(b'"a"', b'"b"')


@pytest.mark.parametrize("run", range(8))
def test_runs_of_backslashes_do_not_hide_the_end_of_a_string(run: int) -> None:
    text = b'"' + b"\\\\" * run + b'\\",\\"model\\":\\"evil' + b"\\\\" * run + b'"'
    raw = b'{"a":' + text + b',"model":"x",' + b'"b' + b"\\\\" * run + b'":[' + text + b"]}"
    assert parse(raw).replace({"model": "y"}) == raw.replace(b'"model":"x"', b'"model":"y"')


def test_other_stream_options_keep_their_bytes() -> None:
    options = b'{ "x" : 12345678901234567890123, "y":1.0 }'
    raw = b'{"model":"m","messages":[1],"stream":true,"stream_options":' + options + b"}"
    sent = chat.relay_body(chat.peek(raw), "m", ask_usage=True)
    assert sent == raw.replace(options, options[:-1] + b',"include_usage":true}')
    off = raw.replace(options, b'{"include_usage": false}')
    assert chat.relay_body(chat.peek(off), "m", ask_usage=True) == off.replace(b"false", b"true")


SIZE = 1_500_000
DEEP = b"[" * 1000 + b"]" * 1000
ADVERSARIES = {
    "deep arrays": b'{"a":[' + b",".join([DEEP] * (SIZE // 2001)) + b"]}",
    "just too deep": b'{"a":[' + b",".join([b"[" * 18 + b"]" * 18] * (SIZE // 37)) + b"]}",
    "deep at the end": b'{"a":[' + b"1," * (SIZE // 2) + b"[" * 900 + b"]" * 900 + b"]}",
    "deep members": b"{" + b",".join(b'"%d":' % n + b"[" * 18 + b"]" * 18 for n in range(SIZE // 45)) + b"}",
    "escaped quotes": b'{"a":"' + b'\\"' * (SIZE // 2) + b'"}',
    "backslashes": b'{"a":"' + b"\\\\" * (SIZE // 2) + b'"}',
    "empty strings": b'{"a":[' + b",".join([b'""'] * (SIZE // 3)) + b"]}",
    "spaces": b'{"a"' + b" " * SIZE + b":1" + b" " * SIZE + b"}",
    "members": b"{" + b",".join(b'"%d":1' % n for n in range(SIZE // 10)) + b"}",
}


@pytest.mark.parametrize("name", ADVERSARIES)
def test_time_grows_with_size_alone(name: str) -> None:
    raw = ADVERSARIES[name]
    began = time.process_time()
    parse(raw)
    # Linear is below a second and a half even on a slow, shared machine; anything quadratic takes minutes.
    assert time.process_time() - began < 6

"""What a rule can read of a request, and names that are refused."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.neutral.config import VirtualKey
from gateway.routing.features import Features
from gateway.routing.fields import field
from gateway.routing.rule_error import RuleError

NOON = 1_795_262_400_000  # 2026-11-21T12:00:00Z, a Saturday
KEY = VirtualKey("key_1", "Build", "d", "h", user_id="u_1", team_id="t_1")
FEATURES = Features(
    model="fast",
    key=KEY,
    now_ms=NOON,
    headers={"x-team": "blue", "x.dotted.name": "yes"},
    body={
        "temperature": 0,
        "n": None,
        "messages": [{"role": "system"}, {"role": "user", "parts": [[1, 2], "text"]}],
        "a b": {"ü": 1},
        "text": "abc",
    },
    input_tokens=12,
)

READ = [
    ("model", "fast"),
    ("headers.x-team", "blue"),
    ("headers.X-Team", "blue"),
    ("headers.x.Dotted.name", "yes"),
    ("headers.x-other", None),
    ("tokens.input", 12),
    ("key.id", "key_1"),
    ("key.name", "Build"),
    ("key.team_id", "t_1"),
    ("key.user_id", "u_1"),
    ("user.id", "u_1"),
    ("stream", False),
    ("time.hour", 12),
    ("time.minute", 0),
    ("time.weekday", 6),
    ("time.date", "2026-11-21"),
    ("body.temperature", 0),
    ("body.n", None),
    ("body.missing", None),
    ("body.messages[1].role", "user"),
    ("body.messages[1].parts[0][1]", 2),
    ("body.messages[2].role", None),
    ("body.messages[999999999]", None),
    ("body.messages.role", None),
    ("body.text[0]", None),
    ("body.text.length", None),
    ("body.temperature.x", None),
    ("body.a b.ü", 1),
]


@pytest.mark.parametrize(("name", "value"), READ)
def test_what_is_read(name: str, value: Any) -> None:
    found = field(name, None, "").read(FEATURES)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("body", [[], "text", None, 5])
def test_a_body_that_is_no_object_has_no_members(body: Any) -> None:
    for name in ("body.a", "body.a.b", "stream"):
        assert not field(name, None, "").read(Features("m", KEY, 0, body=body))


@pytest.mark.parametrize(
    ("known", "body", "streams"),
    [
        (None, {"stream": True}, True),
        (None, {"stream": "true"}, False),
        (None, {}, False),
        (True, {}, True),
        (False, {"stream": True}, False),
    ],
)
def test_whether_it_is_a_stream(known: bool | None, body: Any, streams: bool) -> None:
    assert field("stream", None, "").read(Features("m", KEY, 0, body=body, stream=known)) is streams


@pytest.mark.parametrize(
    ("name", "zone", "value"),
    [
        ("time.hour", "Europe/Berlin", 13),
        ("time.hour", "America/New_York", 7),
        ("time.minute", "Asia/Kolkata", 30),
        ("time.date", "Pacific/Kiritimati", "2026-11-22"),
        ("time.weekday", "Pacific/Kiritimati", 7),
        ("time.hour", "UTC", 12),
    ],
)
def test_time_in_a_zone(name: str, zone: str, value: Any) -> None:
    assert field(name, zone, "").read(FEATURES) == value


def test_summer_time() -> None:
    berlin = field("time.hour", "Europe/Berlin", "")
    assert [berlin.read(Features("m", KEY, ms)) for ms in (1_774_745_999_000, 1_774_746_000_000)] == [1, 3]


REFUSED = [
    ("", "there are model"),
    ("Model", "no such field"),
    ("colour", "no such field"),
    ("headers", "no such field"),
    ("body", "no such field"),
    ("key.digest", "no such field"),
    ("key", "no such field"),
    ("time.second", "no such field"),
    ("tokens.output", "no such field"),
    ("headers.", "name of a header"),
    ("headers.x y", "name of a header"),
    ("headers.ü", "name of a header"),
    ("headers.x\n", "name of a header"),
    ("body.", "1 to 32 steps"),
    ("body..a", "messages[0].role"),
    ("body.a.", "messages[0].role"),
    ("body.a[", "messages[0].role"),
    ("body.a[x]", "messages[0].role"),
    ("body.a[]", "messages[0].role"),
    ("body.a]", "messages[0].role"),
    ("body.a[0]b", "messages[0].role"),
    ("body.[0]", "messages[0].role"),
    ("body.a[1234567890]", "messages[0].role"),
    ("body.a[-1]", "count from 0"),
    ("body." + ".".join("a" * 33), "1 to 32 steps"),
    ("body.\ud800", "surrogate"),
    ("body." + "a" * 4096, "4,096"),
]


@pytest.mark.parametrize(("name", "says"), REFUSED, ids=lambda part: ascii(part)[:30])
def test_names_that_are_refused(name: str, says: str) -> None:
    with pytest.raises(RuleError) as caught:
        field(name, None, "all[0].")
    assert caught.value.path == "all[0].field"
    assert says in caught.value.message


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("time.hour", "Europe/Atlantis"),
        ("time.hour", "../../etc/passwd"),
        ("time.hour", "/etc/localtime"),
        ("time.hour", "Europe"),
        ("time.hour", "a\0b"),
        ("time.hour", "\ud800"),
        ("time.hour", ""),
        ("time.hour", "x" * 65),
        ("time.hour", 1),
        ("model", "UTC"),
        ("body.time.hour", "UTC"),
    ],
    ids=ascii,
)
def test_zones_that_are_refused(name: str, zone: Any) -> None:
    with pytest.raises(RuleError) as caught:
        field(name, zone, "")
    assert caught.value.path == "zone"


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("headers.x-api-key", True),
        ("headers.X-Internal-Token", True),
        ("headers.x-team", False),
        ("body.metadata.api_key", True),
        ("body.password[0]", True),
        ("body.max_tokens", False),
        ("body.messages[0].content", False),
    ],
)
def test_what_is_not_to_be_shown(name: str, secret: bool) -> None:
    assert field(name, None, "").secret is secret

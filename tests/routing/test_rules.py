"""Rules as a whole: what is refused and where, what they come to, how they explain themselves, and the older shape."""

from __future__ import annotations

import dataclasses
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.neutral.config import VirtualKey, to_json
from gateway.routing.features import Features
from gateway.routing.operators import OPERATORS
from gateway.routing.rules import RuleError, Verdict, compile_rule, normalise

KEY = VirtualKey("key_1", "Build", "d", "h", team_id="t_1")
BLUE = {"field": "headers.x-team", "op": "eq", "value": "blue"}
SMALL = {"field": "tokens.input", "op": "lt", "value": 100}


def request(**changes: Any) -> Features:
    return dataclasses.replace(Features("fast", KEY, 1_795_262_400_000), **changes)


def nested(levels: int) -> dict[str, Any]:
    rule: dict[str, Any] = BLUE
    for _ in range(levels - 1):
        rule = {"not": rule}
    return rule


REFUSED = [
    (None, "", "an object"),
    ("model", "", "an object"),
    ([], "", "an object"),
    ({}, "", "`field` is missing"),
    ({"all": [BLUE], "any": [BLUE]}, "any", "unknown member"),
    ({"any": [BLUE], "note": 1}, "note", "unknown member; here may be any"),
    ({"not": BLUE, "field": "model"}, "field", "unknown member"),
    ({**BLUE, "comment": ""}, "comment", "here may be field, op, value, zone"),
    ({"all": BLUE}, "all", "a list"),
    ({"all": None}, "all", "a list"),
    ({"any": []}, "any", "not be empty"),
    ({"not": None}, "not", "an object"),
    ({"not": [BLUE]}, "not", "an object"),
    ({"all": [BLUE, {"not": {"any": [{**BLUE, "op": "like"}]}}]}, "all[1].not.any[0].op", "no such operator"),
    ({"all": [BLUE, {"not": {**BLUE, "value": 1}}]}, "all[1].not.value", "compared with a text"),
    ({"all": [BLUE, {"not": {"field": "x", "op": "eq", "value": 1}}]}, "all[1].not.field", "no such field"),
    ({"any": [{"op": "eq", "value": 1}]}, "any[0]", "`field` is missing"),
    ({"any": [{"field": "model", "value": 1}]}, "any[0]", "`op` is missing"),
    ({"any": [{"field": "model", "op": "eq"}]}, "any[0]", "`value` is missing"),
    ({**BLUE, "field": 5}, "field", "a text is needed"),
    ({**BLUE, "op": ["eq"]}, "op", "a text is needed"),
    ({**BLUE, "op": "EQ"}, "op", "no such operator"),
    ({**BLUE, "zone": "UTC"}, "zone", "time.*"),
    ({"field": "time.hour", "op": "lt", "value": 8, "zone": None}, "zone", "Europe/Berlin"),
    ({"not": {"field": "time.hour", "op": "lt", "value": 8, "zone": "X/Y"}}, "not.zone", "time zone database"),
    (nested(9), ".".join(["not"] * 8), "8 levels"),
    ({"all": [BLUE] * 200}, "all[199]", "200 parts"),
    ({"rules": [BLUE]}, "rules", "unknown member"),
]


@pytest.mark.parametrize(("rule", "path", "says"), REFUSED, ids=lambda part: str(part)[:40])
def test_a_rule_that_is_wrong_is_refused_and_says_where(rule: Any, path: str, says: str) -> None:
    with pytest.raises(RuleError) as caught:
        compile_rule(rule)
    assert caught.value.path == path
    assert says in caught.value.message
    assert str(caught.value) == (f"{path}: {caught.value.message}" if path else caught.value.message)


def test_a_rule_deeper_than_the_stack_is_refused() -> None:
    for read in (compile_rule, lambda rule: compile_rule(normalise(rule))):
        with pytest.raises(RuleError, match="8 levels"):
            read(nested(100_000))


def test_a_rule_at_its_limits_is_taken() -> None:
    assert compile_rule(nested(8)).matches(request())
    assert compile_rule({"all": [SMALL] * 199}).matches(request(input_tokens=1))


@pytest.mark.parametrize(
    ("rule", "team", "tokens", "holds"),
    [
        ({"all": []}, None, None, True),
        ({"not": {"all": []}}, None, None, False),
        ({"all": [BLUE, SMALL]}, "blue", 5, True),
        ({"all": [BLUE, SMALL]}, "blue", 500, False),
        ({"all": [BLUE, SMALL]}, "red", 5, False),
        ({"any": [BLUE, SMALL]}, "red", 5, True),
        ({"any": [BLUE, SMALL]}, "blue", None, True),
        ({"any": [BLUE, SMALL]}, "red", None, False),
        ({"not": SMALL}, None, None, True),
        ({"all": [{"not": BLUE}, {"any": [SMALL, {"field": "model", "op": "in", "value": ["fast"]}]}]}, "red", None, True),
    ],
)  # fmt: skip
def test_trees(rule: Any, team: str | None, tokens: int | None, holds: bool) -> None:
    asked = request(headers={"x-team": team} if team else {}, input_tokens=tokens)
    assert compile_rule(rule).matches(asked) is holds
    assert compile_rule(rule).explain(asked).holds is holds


def test_who_needs_tokens() -> None:
    assert compile_rule({"any": [BLUE, {"not": SMALL}]}).needs_tokens
    assert not compile_rule({"any": [BLUE, {"field": "body.tokens.input", "op": "eq", "value": 1}]}).needs_tokens


def test_the_first_that_decides_ends_the_search() -> None:
    class Trap(dict[str, Any]):
        def get(self, *_: Any) -> Any:
            raise AssertionError("asked")

    trapped = {"field": "body.a", "op": "exists", "value": True}
    asked = request(body=Trap(), headers={"x-team": "blue"})
    assert compile_rule({"any": [BLUE, trapped]}).matches(asked)
    assert not compile_rule({"all": [{"not": BLUE}, trapped]}).matches(asked)


def test_an_explanation_shows_every_node_and_what_was_seen() -> None:
    rule = {"any": [BLUE, {"not": SMALL}, {"field": "time.hour", "op": "gte", "value": 18, "zone": "Europe/Berlin"}]}
    assert compile_rule(rule).explain(request(headers={"x-team": "blue"}, input_tokens=7)) == Verdict(
        "",
        "any",
        True,
        children=(
            Verdict("any[0]", "leaf", True, "headers.x-team", "eq", "blue", "blue"),
            Verdict(
                "any[1]",
                "not",
                False,
                children=(Verdict("any[1].not", "leaf", True, "tokens.input", "lt", 100, "7"),),
            ),
            Verdict("any[2]", "leaf", False, "time.hour", "gte", 18, "13"),
        ),
    )


@pytest.mark.parametrize(
    ("value", "seen"),
    [
        (None, None),
        (True, "true"),
        (1.5, "1.5"),
        ("a\nb\x1b[0m", "a b [0m"),
        ("x" * 300, "x" * 200),
        ("say sk-abcdefghijklmnopqrst now", "say [redacted] now"),
        ("y" * 190 + " sk-abcdefghijklmnopqrst", "y" * 190 + " [redacted"),
        ([], "[]"),
        ([1, None, "a", [2], {"k": 3}], "[1, null, a, list of 1, object of 1]"),
        (["AKIAABCDEFGHIJKLMNOP"], "[[redacted]]"),
        ([1] * 1000, f"[{'1, ' * 20}… 1000 in all]"),
        ({"password": "hunter2"}, "object of 1"),
    ],
)
def test_what_was_seen_is_short_and_without_credentials(value: Any, seen: str | None) -> None:
    verdict = compile_rule({"field": "body.a", "op": "exists", "value": True}).explain(request(body={"a": value}))
    assert verdict.seen == seen
    assert verdict.holds is (value is not None)


def test_what_is_a_credential_by_its_name_is_not_shown() -> None:
    for name in ("headers.x-my-token", "body.api_key"):
        asked = request(headers={"x-my-token": "blue"}, body={"api_key": "blue"})
        assert compile_rule({"field": name, "op": "eq", "value": "red"}).explain(asked).seen == "[redacted]"


OLD = [
    (None, {"all": []}),
    ({}, {"all": []}),
    ({"rules": []}, {"all": []}),
    ({"rules": None, "logic": None}, {"all": []}),
    ({"rules": [], "logic": "OR"}, {"all": []}),
    (
        {"rules": [{"field": "headers.X-Team", "operator": "ne", "value": "blue"}], "logic": "or"},
        {"any": [{"field": "headers.x-team", "op": "ne", "value": "blue"}]},
    ),
    (
        {"rules": [{"field": "token_usage.input_tokens", "operator": "gt", "value": 9}, {"field": "MODEL", "value": "m"}]},
        {"all": [{"field": "tokens.input", "op": "gt", "value": 9}, {"field": "model", "op": "eq", "value": "m"}]},
    ),
    (
        {"rules": [{"field": "token_usage.total_tokens", "operator": "lte", "value": 9}], "logic": "AND"},
        {"all": [{"field": "tokens.input", "op": "lte", "value": 9}]},
    ),
    (
        {"not": {"field": "Body.Temperature", "operator": "exists", "value": True}},
        {"not": {"field": "body.Temperature", "op": "exists", "value": True}},
    ),
    ({"all": [BLUE, {"any": [SMALL]}]}, {"all": [BLUE, {"any": [SMALL]}]}),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new"), OLD, ids=lambda part: str(part)[:40])
def test_the_older_shape_is_read(old: Any, new: Any) -> None:
    assert normalise(old) == new == normalise(normalise(old))
    compile_rule(new)


@pytest.mark.parametrize(
    ("old", "path"),
    [
        ({"rules": [BLUE], "logic": "XOR"}, "logic"),
        ({"logic": 1}, "logic"),
        ({"rules": BLUE}, "rules"),
        ({"rules": [BLUE], "name": "x"}, "name"),
    ],
)
def test_a_flat_list_that_is_none_is_refused(old: Any, path: str) -> None:
    with pytest.raises(RuleError) as caught:
        normalise(old)
    assert caught.value.path == path


@pytest.mark.parametrize(
    ("old", "path"),
    [
        ({"rules": [{"field": "token_usage.output_tokens", "value": 1}]}, "all[0].field"),
        ({"rules": ["x"]}, "all[0]"),
        ({"rules": [{"field": "model", "op": "eq", "operator": "ne", "value": "x"}]}, "all[0].operator"),
    ],
)
def test_what_the_older_shape_cannot_mean_is_refused(old: Any, path: str) -> None:
    with pytest.raises(RuleError) as caught:
        compile_rule(normalise(old))
    assert caught.value.path == path


SCALARS = st.none() | st.booleans() | st.integers(-3, 3) | st.floats(-3, 3) | st.sampled_from(["", "a", "ab", "1"])
JSON = st.recursive(
    SCALARS | st.floats() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b"]), inner, max_size=2),
    max_leaves=12,
)
BODIES = st.dictionaries(st.sampled_from(["a", "b", "stream"]), JSON, max_size=3) | JSON
BODY_FIELDS = st.sampled_from(["body.a", "body.b", "body.a.b", "body.a[0]", "body.a[1].a", "body.b[0][0]"])


def _leaf(name: str, op: str, value: Any) -> dict[str, Any]:
    return {"field": name, "op": op, "value": value}


LEAVES = (
    st.builds(_leaf, BODY_FIELDS, st.sampled_from(["eq", "ne"]), SCALARS)
    | st.builds(
        _leaf, BODY_FIELDS, st.sampled_from(["gt", "gte", "lt", "lte"]), st.integers(-3, 3) | st.sampled_from("ab")
    )
    | st.builds(
        _leaf, BODY_FIELDS, st.sampled_from(["contains", "not_contains"]), SCALARS.filter(lambda v: v is not None)
    )
    | st.builds(_leaf, BODY_FIELDS, st.just("regex"), st.sampled_from(["a", "^$", "b+"]))
    | st.builds(_leaf, BODY_FIELDS, st.sampled_from(["in", "not_in"]), st.lists(SCALARS, max_size=3))
    | st.builds(_leaf, BODY_FIELDS | st.just("model"), st.just("exists"), st.booleans())
    | st.builds(_leaf, st.just("stream"), st.just("eq"), st.booleans())
)
RULES = st.recursive(
    LEAVES,
    lambda inner: (
        st.builds(lambda items: {"all": items}, st.lists(inner, max_size=3))
        | st.builds(lambda items: {"any": items}, st.lists(inner, min_size=1, max_size=3))
        | st.builds(lambda item: {"not": item}, inner)
    ),
    max_leaves=6,
).filter(lambda rule: _depth(rule) <= 6)


def _depth(rule: dict[str, Any]) -> int:
    below = [*rule.get("all", []), *rule.get("any", []), *([rule["not"]] if "not" in rule else [])]
    return 1 + max(map(_depth, below), default=0)


@given(RULES, BODIES)
@settings(deadline=None)
def test_an_explanation_and_a_match_agree_for_any_body(rule: Any, body: Any) -> None:
    compiled = compile_rule(rule)
    verdict = compiled.explain(request(body=body))
    assert verdict.holds is compiled.matches(request(body=body))
    to_json(verdict)


@given(st.lists(RULES, min_size=1, max_size=3), BODIES)
@settings(deadline=None)
def test_de_morgan(rules: Any, body: Any) -> None:
    asked = request(body=body)
    denied = [{"not": rule} for rule in rules]
    for inner, outer in (("all", "any"), ("any", "all")):
        left, right = {"not": {inner: rules}}, {outer: denied}
        assert compile_rule(left).matches(asked) is compile_rule(right).matches(asked)


@given(LEAVES, BODIES)
@settings(deadline=None)
def test_opposites(leaf: Any, body: Any) -> None:
    opposite = {"eq": "ne", "contains": "not_contains", "in": "not_in"}
    if leaf["op"] in opposite:
        asked = request(body=body)
        other = {**leaf, "op": opposite[leaf["op"]]}
        assert compile_rule(leaf).matches(asked) is not compile_rule(other).matches(asked)


@given(RULES, BODIES)
@settings(deadline=None)
def test_normalising_a_rule_changes_nothing(rule: Any, body: Any) -> None:
    assert normalise(rule) == rule
    flat = {"rules": [rule, {"field": "MODEL", "operator": "eq", "value": "fast"}]}
    once = normalise(flat)
    assert normalise(once) == once
    assert compile_rule(once).matches(request(body=body)) is compile_rule(rule).matches(request(body=body))


MEMBERS = st.sampled_from(["all", "any", "not", "field", "op", "value", "zone", "rules", "logic", "operator", "x"])
WORDS = st.sampled_from([*OPERATORS, "model", "body.a", "headers.a", "time.hour", "tokens.input", "UTC", "AND", "("])
ANYTHING = st.recursive(
    SCALARS | WORDS | st.floats() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(MEMBERS, inner, max_size=4),
    max_leaves=12,
)


@given(ANYTHING | st.fixed_dictionaries({"field": WORDS, "op": WORDS, "value": ANYTHING}), BODIES)
@settings(deadline=None)
def test_anything_is_refused_or_can_be_asked(data: Any, body: Any) -> None:
    try:
        rule = compile_rule(normalise(data))
    except RuleError:
        return
    assert rule.matches(request(body=body)) in {True, False}


def test_twenty_conditions_take_twenty_microseconds() -> None:
    conditions = [
        BLUE,
        SMALL,
        _leaf("model", "eq", "fast"),
        _leaf("key.team_id", "in", ["t_1", "t_2"]),
        _leaf("body.temperature", "lte", 1),
        _leaf("body.messages[0].role", "eq", "user"),
        _leaf("body.messages[0].content", "contains", "needle"),
        _leaf("body.tools", "exists", False),
        _leaf("stream", "eq", True),
        _leaf("time.hour", "lt", 24),
    ]
    rule = compile_rule({"all": conditions * 2})
    body = {"temperature": 0.5, "messages": [{"role": "user", "content": "a needle"}], "stream": True}
    asked = request(headers={"x-team": "blue"}, input_tokens=5, body=body)
    assert rule.matches(asked)
    best = min(_microseconds(rule.matches, asked) for _ in range(20))
    print(f"20 conditions: {best:.1f} µs")
    assert best < 20


def _microseconds(matches: Any, asked: Features) -> float:
    started = time.perf_counter()
    for _ in range(200):
        matches(asked)
    return (time.perf_counter() - started) / 200 * 1e6

"""A client's wishes: where they may stand, who wins, what is refused, and whose `routing` it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.catalog import traits
from gateway.errors import InvalidRequest
from gateway.neutral.config import Provider, Release, VirtualKey
from gateway.neutral.index import Index
from gateway.routing.called import called
from gateway.routing.features import Hints
from gateway.routing.hints import CAPABILITIES, hints, is_ours

DATA = Path(traits.__file__).parent / "data" / "traits.json"


def of(routing: Any = None, **headers: str) -> Hints:
    return hints({f"x-gateway-{name}": value for name, value in headers.items()}, {"routing": routing})


def test_nothing_said() -> None:
    assert hints({}, {}) == Hints()
    assert of({"strategy": None, "preferred_providers": None, "exclude_providers": None}) == Hints()
    assert of(strategy=" ", prefer="", exclude=" , ,") == Hints()


def test_everything_said_in_the_body() -> None:
    routing = {
        "strategy": "cost",
        "preferred_providers": ["a", "b", "a"],
        "exclude_providers": ["c"],
        "required_capabilities": ["vision", "function_calling"],
    }
    assert of(routing) == Hints("cost", ("a", "b"), ("c",), ("vision", "tools"))


def test_everything_said_in_headers() -> None:
    found = of(strategy=" Cost ", prefer="a, b,,a", exclude="c", require="Vision , json_mode")
    assert found == Hints("cost", ("a", "b"), ("c",), ("vision", "json_schema"))


def test_headers_win_item_by_item() -> None:
    routing = {"strategy": "cost", "preferred_providers": ["a"], "exclude_providers": ["b"]}
    assert of(routing, strategy="latency", exclude="c") == Hints("latency", ("a",), ("c",), ())


def test_one_provider_first() -> None:
    assert of({"first_provider": " a "}).first == ("a",) == of(provider="a").first
    assert of({"first_provider": "b"}, provider="a").first == ("a",)
    for wrong in ({"first_provider": ["a"]}, {"first_provider": ""}, {"first_provider": "a" * 129}):
        with pytest.raises(InvalidRequest) as caught:
            of(wrong)
        assert caught.value.param == "routing.first_provider"


INDEX = Index(
    Release(
        providers=(Provider("berlin", "", "openai"), Provider("paris", "", "openai"), Provider("groq", "", "groq"))
    ),
    "h",
    0,
)


def among(allowed: tuple[str, ...] = (), **routing: Any) -> Hints:
    key = VirtualKey("k", "k", "", "", allowed_providers=allowed)
    return hints({}, {"routing": routing}, lambda: called(INDEX, key, ["openai", "groq", "xai"]))


def test_providers_are_named_by_id_or_by_kind() -> None:
    found = among(preferred_providers=["groq", "openai"], exclude_providers=["paris", "xai"], first_provider="openai")
    assert (found.prefer, found.exclude, found.first) == (("groq", "berlin", "paris"), ("paris",), ("berlin", "paris"))
    assert among(("groq",), preferred_providers=["openai"]).prefer == ()


@pytest.mark.parametrize(
    ("wish", "param"),
    [
        ({"preferred_providers": ["berlin", "canary"]}, "preferred_providers"),
        ({"exclude_providers": ["canary"]}, "exclude_providers"),
        ({"first_provider": "canary"}, "first_provider"),
    ],
)
def test_a_name_that_is_nobodys_is_refused_with_those_there_are(wish: dict[str, Any], param: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        among(**wish)
    assert caught.value.param == f"routing.{param}"
    assert "berlin, groq, openai, paris" in caught.value.message
    assert "canary" not in caught.value.message
    with pytest.raises(InvalidRequest, match="there are groq"):
        among(("groq",), preferred_providers=["berlin"])


@pytest.mark.parametrize(
    ("said", "means"),
    [("fallback", "priority"), ("priority", "priority"), ("weighted_random", "weighted_random"), ("STICKY", "sticky")],
)
def test_strategies(said: str, means: str) -> None:
    assert of({"strategy": said}).strategy == means == of(strategy=said).strategy


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("tools", ("tools",)),
        ("function_calling", ("tools",)),
        ("json_mode", ("json_schema",)),
        ("structured_output", ("json_schema",)),
        ("images", ("vision",)),
        ("streaming", ()),
        ("tools,function_calling,tools", ("tools",)),
    ],
)
def test_capabilities(said: str, means: tuple[str, ...]) -> None:
    assert of(require=said).require == means == of({"required_capabilities": said.split(",")}).require


def test_the_words_are_those_of_the_catalog() -> None:
    """routing must not import the catalog, so it has a list of its own."""
    listed = json.loads(DATA.read_bytes())["capabilities"]
    assert {word for words in listed for word in words} == CAPABILITIES
    assert not [word for word in CAPABILITIES if f"`{word}`" not in (traits.__doc__ or "")]


@pytest.mark.parametrize(
    ("routing", "param", "says"),
    [
        ({"strategy": "fastest"}, "routing.strategy", "fallback, latency, priority"),
        ({"strategy": 5}, "routing.strategy", "no such strategy"),
        ({"strategy": ""}, "routing.strategy", "no such strategy"),
        (
            {"strategy": "cost", "colour": "red"},
            "routing.colour",
            "exclude_providers, first_provider, preferred_providers",
        ),
        ({"strategy": "cost", "x" * 99: 1}, f"routing.{'x' * 64}", "strategy"),
        ({"preferred_providers": "a"}, "routing.preferred_providers", "list of texts"),
        ({"preferred_providers": {"a": 1}}, "routing.preferred_providers", "list of texts"),
        ({"exclude_providers": ["a", 1]}, "routing.exclude_providers", "list of texts"),
        ({"exclude_providers": ["a", ""]}, "routing.exclude_providers", "1 to 128"),
        ({"exclude_providers": ["a" * 129]}, "routing.exclude_providers", "1 to 128"),
        ({"exclude_providers": ["a"] * 21}, "routing.exclude_providers", "20 names"),
        ({"required_capabilities": ["telepathy"]}, "routing.required_capabilities", "function_calling"),
        ({"required_capabilities": [["vision"]]}, "routing.required_capabilities", "list of texts"),
    ],
)
def test_what_the_body_may_not_say(routing: Any, param: str, says: str) -> None:
    with pytest.raises(InvalidRequest, match=says) as caught:
        of(routing)
    assert caught.value.param == param


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("strategy", "sk-secret-secret-secret", "latency"),
        ("prefer", ",".join(map(str, range(21))), "20 names"),
        ("exclude", "a" * 129, "128"),
        ("require", "sk-secret-secret-secret", "vision"),
        ("prefer", "a," * 4096, "4,096"),
    ],
)
def test_what_a_header_may_not_say(name: str, value: str, says: str) -> None:
    with pytest.raises(InvalidRequest, match=says) as caught:
        of(**{name: value})
    assert caught.value.param == f"x-gateway-{name}"
    assert "secret" not in caught.value.message


@pytest.mark.parametrize("routing", [None, "auto", 5, True, [], ["strategy"], {}, {"mode": "x"}, {"Strategy": "cost"}])
def test_what_is_not_ours_is_left_alone(routing: Any) -> None:
    assert not is_ours(routing)
    assert of(routing) == Hints()


def test_one_member_makes_it_ours() -> None:
    for member in ("strategy", "preferred_providers", "exclude_providers", "required_capabilities", "first_provider"):
        assert is_ours({member: None})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["strategy", "a"]), inner, max_size=3),
    max_leaves=8,
)


@given(JSON)
def test_any_body_is_understood_or_refused(routing: Any) -> None:
    try:
        found, param = of(routing), "routing.none"
    except InvalidRequest as fault:
        found, param = Hints(), fault.param or ""
    assert isinstance(found, Hints)
    assert param.startswith("routing.")

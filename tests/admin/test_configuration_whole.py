"""An export holds every field of everything, and applied where it comes from it changes nothing."""

from __future__ import annotations

import json
from dataclasses import MISSING, Field, fields, is_dataclass, replace
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.admin.configurations import applied, editors, stored, text, values

from gateway.admin.account_schemas import EndUserIn, TeamIn
from gateway.admin.cache_schemas import CacheRuleIO
from gateway.admin.document import Document
from gateway.admin.document_export import exported
from gateway.admin.draft import Draft
from gateway.admin.route_schemas import RouteIn
from gateway.admin.schemas import KeyIn, ModelIn, ProviderIn
from gateway.admin.shapes import provider_value
from gateway.neutral.caching import CacheRule
from gateway.neutral.config import (
    Model,
    PicturePrice,
    Price,
    PriceOverride,
    PriceTier,
    Provider,
    Retry,
    Route,
    Sealed,
    Share,
    Target,
    Timeouts,
    UpstreamKey,
    VirtualKey,
)
from gateway.neutral.dialogs import Agent
from gateway.neutral.guardrails import Guardrail
from gateway.neutral.limits import Account, Budget, Limits
from gateway.stores.entities import OwnedKey

SEALED = Sealed("data", "nonce", "ciphertext")
TIER = PriceTier(200_000, 1, 2, 3, 4, 5, 6)
SERVED = Price(1, 2, 3, 4, 5, 6, tiers=(TIER,))
DRAWN = (PicturePrice(23, "hd", "1024x1024"),)
PRICE = Price(
    7, 8, 9, 10, 11, 12, 13, (TIER,), 14, 15, 16, 17, 18, 19, 20, 21, 22, SERVED, replace(SERVED, input=3), DRAWN
)
LIMITS = Limits(60, 1000, 3, (Budget("month", 1_500_000_001, "Europe/Berlin", "06:30", 15),))
NAMES = {"allowed_models": ("gpt-*",), "allowed_providers": ("house",), "valid_until": 1_900_000_000, "limits": LIMITS}
HOUSE = Provider(
    id="house",
    name="The house",
    kind="openai_compatible",
    base_url="https://93.184.216.34/v1",
    active=False,
    allow_private=True,
    extra_headers={"x-team": "a", "x-tenant-token": "canary-header"},
    timeouts=Timeouts(1.5, 2.0, 3.0, 4.0),
    default_parameters={"temperature": 0.5, "deep": {"list": [1, "1", None, True, 1e20]}},
    paused_until=1_900_000_001,
    denied_betas=("mcp-*",),
    prices=(PriceOverride("qwen*", PRICE),),
    price_factor_ppm=900_000,
)
REFERENCE = "arn:aws:ssm:eu-central-1:123456789012:parameter/house"
SECRET_KEY = UpstreamKey("house:main", "sk-****1", SEALED, None, False, 7, 1000, "The main one")
REFERRED = UpstreamKey("uk_0199", "parameter/house", None, REFERENCE, False, 0, 5)
MODEL = Model("gpt-4o", "house", "qwen", "embedding", "Cheap", 1000, 500, PRICE, False, "catalog")
JUDGE = Model("judge", "house", "judge", "moderation")
RULE = {"field": "headers.x-a", "op": "eq", "value": "1e5"}
TARGET = Target("house", "qwen", 3, 0, RULE, 1_900_000_002)
SHARE = Share("house", "qwen", 12.5, "key")
ROUTE = Route(
    "smart",
    (TARGET,),
    "cost",
    False,
    "key",
    Retry(1, 0.25, 4.0, 2.5, 3),
    "drain",
    1.5,
    SHARE,
    replace(SHARE, percent=1.0),
    CacheRule("semantic", 60, "key", 0.9, "gpt-4o"),
    ("words",),
)
WORDS_GUARD = Guardrail(
    "words", "deny", ("output",), "mask", ("secret",), ("a+b",), everywhere=True, active=False,
    message="No.", name="Words", notes="Why", roles=("user",),
)  # fmt: skip
PII_GUARD = Guardrail("pii", "pii", pii=("iban",))
LONG_GUARD = Guardrail("long", "max_input", max_characters=9, max_tokens=8)
JUDGED = Guardrail("judged", "moderation", action="annotate", model="judge", categories=("hate",), threshold=0.5)
AGENT = Agent("coder", "Coder", "Writes code", "Be brief.", "smart", 0.1, 0.2, -1.0, 1.0, 100, ("stop",))
RULE_OF_THE_REST = CacheRule("semantic", 61, "user", 0.91, "gpt-4o")
KEY = VirtualKey(
    "key_" + "0" * 32,
    "A key",
    "d" * 64,
    "sk-****",
    False,
    "ada",
    "red",
    ip_allow=("10.0.0.0/8",),
    record_bodies=True,
    durable=True,
    log_ttl_days=3,
    **NAMES,
)  # type: ignore[arg-type]
TEAM = Account("team", "red", "Red", False, **NAMES)  # type: ignore[arg-type]
USER = Account("user", "ada", "Ada", False, token_balance=True, **NAMES)  # type: ignore[arg-type]
KEYS = (OwnedKey("house", SECRET_KEY, "print"), OwnedKey("house", REFERRED))
GUARDS = (WORDS_GUARD, PII_GUARD, LONG_GUARD, JUDGED)
EVERYTHING = (HOUSE, *KEYS, MODEL, JUDGE, *GUARDS, ROUTE, AGENT, RULE_OF_THE_REST, KEY, TEAM, USER)

# A provider's credentials are things of their own.
ELSEWHERE = {("Provider", "keys")}


def _default(field: Field[Any]) -> Any:
    return field.default_factory() if field.default_factory is not MISSING else field.default


def _parts(value: Any) -> list[Any]:
    if isinstance(value, tuple | list):
        return [part for item in value for part in _parts(item)]
    if not is_dataclass(value):
        return []
    inner = [part for field in fields(value) for part in _parts(getattr(value, field.name))]
    return [value, *inner]


def test_the_example_has_every_field() -> None:
    """A new field must be said here: then the next test says whether an export holds it."""
    parts = _parts(EVERYTHING)
    lacking = set()
    for kind in {type(part) for part in parts}:
        for field in fields(kind):
            found = [getattr(part, field.name) for part in parts if type(part) is kind]
            if all(one == _default(field) for one in found):
                lacking.add((kind.__name__, field.name))
    assert lacking == ELSEWHERE


def _bare(value: Any) -> Any:
    """What is left of a thing when everything is as if it had not been said, but for its secrets."""
    if isinstance(value, OwnedKey):
        key = UpstreamKey(value.key.id, value.key.hint, value.key.sealed)
        return replace(
            value,
            key=replace(key, reference="arn:aws:ssm:eu-central-1:123456789012:parameter/x")
            if key.sealed is None
            else key,
        )
    if isinstance(value, Provider):
        return Provider(value.id, value.id, "openai", extra_headers={"x-tenant-token": "canary-header"})
    if isinstance(value, Model):
        return Model(value.id, value.provider, value.id)
    if isinstance(value, Route):
        return Route(value.id, (Target("house", "m"),))
    if isinstance(value, Guardrail):
        return replace(PII_GUARD, id=value.id, pii=("email",))
    if isinstance(value, Agent):
        return Agent(value.id, value.id)
    if isinstance(value, CacheRule):
        return CacheRule()
    if isinstance(value, VirtualKey):
        return VirtualKey(value.id, value.name, value.digest, value.hint)
    return Account(value.kind, value.id, value.id)


def _named(value: Any) -> tuple[str, str]:
    return type(value).__name__, getattr(value, "id", "the one")


@pytest.mark.parametrize("kind", ["yaml", "json"])
def test_an_export_makes_everything_what_it_was(kind: Any) -> None:
    document = text(stored(*EVERYTHING), kind)
    worked = applied(document, stored(*(_bare(one) for one in EVERYTHING)), kind)
    assert worked.missing == ()
    found = {_named(one): one for one in values(worked.draft)}
    for one in EVERYTHING:
        assert found[_named(one)] == one
    assert applied(document, stored(*EVERYTHING), kind).edits == []
    assert applied(document, stored(*EVERYTHING), kind, prune=True).edits == []


def test_an_export_holds_no_secret_and_is_always_the_same() -> None:
    document = text(stored(*EVERYTHING), "yaml")
    for secret in ("canary-header", *vars_of(SEALED), KEY.digest, "sk-****", "print", KEY.id):
        assert secret not in document
    assert "stored_headers:\n  - x-tenant-token" in document
    assert document == text(stored(*reversed(EVERYTHING)), "yaml")
    assert yaml.safe_load(document) == json.loads(text(stored(*EVERYTHING), "json"))
    assert text(stored(), "json") == '{\n  "version": 1\n}\n'


def vars_of(value: Sealed) -> tuple[str, ...]:
    return (f": {value.data_key}\n", f": {value.nonce}\n", f": {value.ciphertext}\n")


def test_every_list_of_the_document_is_exported() -> None:
    assert set(exported(stored(*EVERYTHING))) == set(Document.model_fields)


def test_a_credential_of_another_deployment_is_missed_by_name() -> None:
    document = text(stored(*EVERYTHING), "yaml")
    worked = applied(document, stored())
    assert [(one.path, one.provider) for one in worked.missing] == [
        ("providers[0].stored_headers[0]", "house"),
        ("providers[0].keys[0]", "house"),
    ]
    assert "`env: NAME`" in worked.missing[1].message
    assert "'main'" in worked.missing[1].message


def test_keys_that_share_a_name_are_told_apart() -> None:
    twin = replace(KEY, id="key_" + "1" * 32, digest="e" * 64, active=True)
    both = stored(*EVERYTHING, twin)
    assert applied(text(both, "yaml"), both).edits == []
    assert [one["id"] for one in exported(both)["keys"]] == [KEY.id, twin.id]
    fresh = applied(text(stored(KEY, twin), "yaml"), stored())
    assert sorted(edit.id for edit in fresh.edits) == [KEY.id, twin.id], "made once, and found again by their ids"


NAME = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=12
).filter(lambda one: one.strip())
SCALAR = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False, allow_infinity=False), NAME
)
TREE = st.recursive(
    SCALAR,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("a b yes 1 ~ <<".split()), inner, max_size=3)
    ),
    max_leaves=6,
)
USD = st.decimals(0, 999, places=6).map(lambda one: f"{one:f}")
PRICES = st.fixed_dictionaries(
    {"input": USD, "output": USD},
    optional={"cache_read": USD, "request": USD, "flex": st.fixed_dictionaries({"input": USD, "output": USD})},
)
MOMENT = st.integers(1_000_000_000_000, 253_402_300_799_000)
WORDS = st.lists(st.sampled_from(["gpt-*", "yes", "1", "1e5", "a/b"]), max_size=3, unique=True)
LIMITED = st.none() | st.fixed_dictionaries(
    {},
    optional={
        "concurrent": st.integers(1, 9),
        "budgets": st.lists(
            st.fixed_dictionaries(
                {"period": st.sampled_from(["day", "total"]), "usd": USD}, optional={"reset_time": st.just("10:30")}
            ),
            max_size=2,
            unique_by=lambda one: one["period"],
        ),
    },
)
LEAF = st.fixed_dictionaries(
    {
        "field": st.sampled_from(["body.a", "body.b[0]"]),
        "op": st.just("eq"),
        "value": SCALAR.filter(lambda one: one is not None),
    }
)
RULES = st.none() | st.recursive(
    LEAF,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=2).map(lambda some: {"any": some}), inner.map(lambda one: {"not": one})
    ),
    max_leaves=4,
)
TARGETS = st.lists(
    st.fixed_dictionaries(
        {"provider": st.just("p"), "model": NAME, "rules": RULES},
        optional={"paused_until": MOMENT, "weight": st.integers(0, 9)},
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda one: str(one["model"]).strip(),
)
SHARES = st.none() | st.fixed_dictionaries({"provider": st.just("p"), "model": NAME, "percent": st.floats(0.001, 100)})
RULE_BODIES = st.none() | st.fixed_dictionaries(
    {},
    optional={
        "mode": st.sampled_from(["exact", "semantic"]),
        "ttl_seconds": st.integers(1, 604_800),
        "threshold": st.floats(0.5, 1),
        "embedding_model": st.sampled_from([None, "p/e"]),
    },
)
BODIES = st.fixed_dictionaries(
    {
        "provider": st.fixed_dictionaries(
            {"id": st.just("p"), "kind": st.sampled_from(["openai", "anthropic"])},
            optional={
                "name": NAME,
                "extra_headers": st.dictionaries(
                    st.sampled_from(["x-a", "X-B", "x-my-secret"]), st.sampled_from(["1", "no", "bearer abcdefgh12345"])
                ),
                "default_parameters": st.dictionaries(st.sampled_from(["temperature", "no", "1"]), TREE, max_size=3),
                "paused_until": MOMENT,
                "prices": st.lists(st.fixed_dictionaries({"model": st.just("m*"), "price": PRICES}), max_size=1),
                "timeouts": st.fixed_dictionaries({"idle": st.floats(0.1, 900)}),
            },
        ),
        "model": st.fixed_dictionaries(
            {"id": st.sampled_from(["gpt-4o", "claude-sonnet-4-5", "m", "1"]), "provider": st.just("p")},
            optional={
                "upstream_model": NAME,
                "display_name": NAME,
                "context_window": st.none() | st.integers(1, 9),
                "price": st.none() | PRICES,
            },
        ),
        "route": st.fixed_dictionaries(
            {
                "id": st.sampled_from(["r", "a/b", "null"]),
                "targets": TARGETS,
                "canary": SHARES,
                "mirror": SHARES,
                "retry": st.none() | st.just({}) | st.just({"attempts": 3}),
                "cache": RULE_BODIES,
            }
        ),
        "cache": RULE_BODIES,
        "key": st.fixed_dictionaries(
            {"name": NAME, "allowed_models": WORDS, "limits": LIMITED},
            optional={"valid_until": MOMENT, "user_id": st.sampled_from(["1", "null"])},
        ),
        "team": st.fixed_dictionaries(
            {"id": st.sampled_from(["1", "no", "a/b"]), "allowed_models": WORDS, "limits": LIMITED},
            optional={"name": NAME, "valid_until": MOMENT},
        ),
    }
)


def configured(bodies: dict[str, dict[str, Any]]) -> Draft:
    """What the API makes of them."""
    draft = Draft(editors(), stored())
    made = draft.editors
    made.providers.put(provider_value(ProviderIn.model_validate(bodies["provider"])), "a")
    made.models.create(ModelIn.model_validate(bodies["model"]), "a")
    made.routes.create(RouteIn.model_validate(bodies["route"]), "a")
    made.cache.put(None if bodies["cache"] is None else CacheRuleIO.model_validate(bodies["cache"]), "a")
    made.teams.create(TeamIn.model_validate(bodies["team"]))
    made.end_users.create(EndUserIn.model_validate({**bodies["team"], "token_balance": True}))
    made.keys.create(KeyIn.model_validate(bodies["key"]))
    return draft


@settings(max_examples=40, deadline=None)
@given(BODIES, st.sampled_from(["yaml", "json"]), st.booleans())
def test_an_export_applied_where_it_comes_from_changes_nothing(bodies: Any, kind: Any, prune: bool) -> None:
    there = stored(*values(configured(bodies)))
    document = text(there, kind)
    worked = applied(document, there, kind, prune=prune)
    assert (worked.edits, worked.missing, worked.generated) == ([], (), {})
    assert "12345" not in document, "a header's credential"

"""For whom a key calls: read together, once in a while, refused by name, and never waved through."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from tests.exchange.kit import MemoryKeys, virtual_key
from tests.policies.test_keys import policy

from gateway.errors import Forbidden, Unavailable
from gateway.neutral.config import Model, Provider, Release, VirtualKey, release_bytes, release_hash
from gateway.neutral.identity import Identity
from gateway.neutral.index import Index
from gateway.neutral.limits import Account, Budget, Limits, Scope
from gateway.routing.names import may_name, may_reach, may_use, visible

KEY = replace(virtual_key(), user_id="ann@example.com", team_id="red")
RATE = Limits(requests_per_minute=5)


def store_of(*accounts: Account) -> MemoryKeys:
    store = MemoryKeys(KEY)
    store.accounts = {(account.kind, account.id): account for account in accounts}
    return store


def ann(**more: Any) -> Account:
    return Account("user", "ann@example.com", "Ann", **more)


def red(**more: Any) -> Account:
    return Account("team", "red", "Red", **more)


async def test_a_key_of_nobody_costs_no_read() -> None:
    keys, store, _ = policy()
    key = virtual_key()
    assert await keys.identity(key) == Identity(key)
    assert await keys.identity(replace(key, user_id="", team_id="")) == Identity(replace(key, user_id="", team_id=""))
    assert store.asked_accounts == []


async def test_scopes_are_those_with_limits_key_first() -> None:
    money = Limits(budgets=(Budget("day", 5),))
    keys, _, _ = policy(store_of(ann(limits=money), red(limits=RATE)))
    limited = replace(KEY, limits=RATE)
    assert (await keys.identity(limited)).scopes == (
        Scope("key", KEY.id, RATE),
        Scope("user", "ann@example.com", money),
        Scope("team", "red", RATE),
    )
    assert [scope.kind for scope in (await keys.identity(KEY)).scopes] == ["user", "team"]
    keys, _, _ = policy(store_of(ann()))
    assert (await keys.identity(KEY)).scopes == ()


async def test_user_and_team_are_read_at_the_same_time_and_then_remembered() -> None:
    both = asyncio.Barrier(2)

    class Slow(MemoryKeys):
        async def account(self, kind: str, identifier: str) -> Account | None:
            await both.wait()
            return await super().account(kind, identifier)

    keys, store, now = policy(Slow(KEY))
    async with asyncio.timeout(5):
        first = await keys.identity(KEY)
    assert first == Identity(KEY)
    assert sorted(store.asked_accounts) == [("team", "red"), ("user", "ann@example.com")]
    now.go(14)
    await keys.identity(KEY)
    assert len(store.asked_accounts) == 2


async def test_no_account_is_refreshed_off_the_path_like_any_other() -> None:
    keys, store, now = policy(store_of())
    await keys.identity(KEY)
    now.go(8)
    await keys.identity(KEY)
    assert len(store.asked_accounts) == 2
    store.accounts["team", "red"] = red(limits=RATE)
    await keys.refresh()
    assert len(store.asked_accounts) == 4
    now.go(7)
    assert [scope.id for scope in (await keys.identity(KEY)).scopes] == ["red"]
    assert len(store.asked_accounts) == 4


async def test_an_account_too_old_is_read_before_anything_is_let_through() -> None:
    keys, store, now = policy(store_of(ann()))
    await keys.identity(KEY)
    store.down = True
    now.go(14)
    await keys.identity(KEY)
    await keys.refresh()
    now.go(2)
    with pytest.raises(Unavailable):
        await keys.identity(KEY)


@pytest.mark.parametrize(
    ("accounts", "text"),
    [
        ([ann(active=False)], "The user 'ann@example.com' of this API key is switched off."),
        ([red(active=False)], "The team 'red' of this API key is switched off."),
        ([ann(), red(valid_until=1_790_000_000)], "The access of the team 'red' of this API key has expired."),
    ],
)
async def test_an_account_that_may_not_call_is_named(accounts: list[Account], text: str) -> None:
    keys, _, _ = policy(store_of(*accounts))
    with pytest.raises(Forbidden) as refused:
        await keys.identity(KEY)
    assert refused.value.message == text


async def test_an_expiry_holds_at_once_also_from_the_memory() -> None:
    keys, _, now = policy(store_of(ann(valid_until=1_790_000_003)))
    await keys.identity(KEY)
    now.go(3)
    with pytest.raises(Forbidden):
        await keys.identity(KEY)


async def test_memory_is_bounded() -> None:
    keys, store, _ = policy(store_of())
    for number in range(5_030):
        await keys.identity(replace(KEY, user_id=f"u{number}", team_id=f"t{number}"))
    assert len(keys._accounts) == 10_000
    assert len(store.asked_accounts) == 10_060


@pytest.mark.parametrize(("balance", "payer"), [(True, "ann@example.com"), (False, None)])
def test_whose_balance_pays(balance: bool, payer: str | None) -> None:
    assert Identity(KEY, ann(token_balance=balance)).balance_of == payer
    assert Identity(KEY).balance_of is None


def _narrow(key: tuple[str, ...], user: tuple[str, ...], team: tuple[str, ...]) -> VirtualKey:
    return Identity(replace(KEY, allowed_models=key), ann(allowed_models=user), red(allowed_models=team)).narrowed


@pytest.mark.parametrize(
    ("lists", "name", "good"),
    [
        (((), (), ()), "gpt-5", True),
        ((("gpt-*",), ("*-mini",), ()), "gpt-5-mini", True),
        ((("gpt-*",), ("*-mini",), ()), "gpt-5", False),
        ((("gpt-*",), ("*-mini",), ()), "o4-mini", False),
        (((), ("gpt-5",), ("gpt-*",)), "gpt-5", True),
        (((), ("gpt-5",), ("o4",)), "gpt-5", False),
        ((("gpt-5",), (), ("o4", "gpt-5")), "o4", False),
    ],
)
def test_a_name_must_be_allowed_by_all(lists: tuple[Any, Any, Any], name: str, good: bool) -> None:
    assert may_use(_narrow(*lists), name) is good


def test_a_provider_must_be_allowed_by_all() -> None:
    narrowed = Identity(
        replace(KEY, allowed_providers=("a", "b")), ann(allowed_providers=("b", "c")), red(allowed_models=("b/*", "x"))
    ).narrowed
    assert [one for one in "abc" if may_reach(narrowed, one)] == ["b"]
    assert [one for one in "abc" if may_name(narrowed, one)] == ["b"]
    assert (narrowed.id, narrowed.digest, narrowed.user_id) == (KEY.id, KEY.digest, KEY.user_id)
    assert replace(narrowed, name="other").grants[1:] == narrowed.grants[1:]


def test_lists_of_models_show_what_all_allow() -> None:
    models = tuple(Model(name, "p", name) for name in ("m1", "m2", "m3"))
    release = Release(providers=(Provider("p", "P", "openai"),), models=models)
    index = Index(release, release_hash(release_bytes(release)), 1)
    assert visible(index, _narrow(("m1", "m2"), ("m2", "m3"), ())) == ["m2"]
    assert visible(index, Identity(KEY).narrowed) == ["m1", "m2", "m3"]


def test_without_lists_the_key_stays_what_it_is() -> None:
    assert Identity(KEY, ann(limits=RATE), red()).narrowed is KEY

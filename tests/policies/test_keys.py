"""Who is calling: one refusal for every reason, a bounded trust, and nothing waved through."""

from __future__ import annotations

import asyncio
import statistics
import time
from dataclasses import replace

import pytest
from tests.exchange.kit import KEY, MemoryKeys, virtual_key

from gateway.clock import Clock
from gateway.errors import Forbidden, GatewayError, Unauthorized, Unavailable
from gateway.neutral.config import key_digest
from gateway.policies.keys import Keys, plausible


class Time:
    """Two clocks that a test moves, together or apart."""

    def __init__(self) -> None:
        self.mono, self.unix = 100.0, 1_790_000_000.0
        self.clock = Clock(lambda: self.unix, lambda: self.mono)

    def go(self, seconds: float) -> None:
        self.mono += seconds
        self.unix += seconds


def policy(*keys: MemoryKeys, seconds: float = 15.0) -> tuple[Keys, MemoryKeys, Time]:
    store, now = keys[0] if keys else MemoryKeys(virtual_key()), Time()
    return Keys(store, now.clock, seconds), store, now


async def refusal(keys: Keys, *credentials: str) -> GatewayError:
    with pytest.raises(Unauthorized) as found:
        await keys.admit(credentials, "203.0.113.9")
    return found.value


async def test_every_reason_has_the_same_refusal() -> None:
    expired, revoked = "sk-gw-" + "e" * 43, "sk-gw-" + "r" * 43
    keys, _, _ = policy(
        MemoryKeys(virtual_key(), virtual_key(expired, valid_until=1_000), virtual_key(revoked, active=False))
    )
    found = [
        await refusal(keys, *case)
        for case in (
            (),
            ("",),
            ("wrong",),
            (expired,),
            (revoked,),
            (KEY + "x",),
            (KEY[:-1],),
            ("\udc80",),
            ("a b",),
            ("é",),
        )
    ]
    assert {(one.status, one.code, one.message, one.param, tuple(one.headers)) for one in found} == {
        (401, "invalid_api_key", "Invalid or missing API key.", None, ())
    }


@pytest.mark.parametrize("text", ["", " ", "a b", "a\n", "\0", "é", "\udcff", "x" * 513, "a\tb", "\x7f"])
async def test_what_cannot_be_a_key_costs_no_look_up(text: str) -> None:
    keys, store, _ = policy()
    assert not plausible(text)
    await refusal(keys, text)
    assert store.asked == []


async def test_only_the_hash_is_looked_up_and_two_credentials_at_most() -> None:
    keys, store, _ = policy()
    await refusal(keys, "one", "two", "three", KEY)
    assert store.asked == [key_digest("one"), key_digest("two")]


async def test_a_revocation_holds_within_the_cache_time_and_unknown_keys_are_remembered_shortly() -> None:
    keys, store, now = policy()
    await keys.admit([KEY], None)
    store.keys[key_digest(KEY)] = virtual_key(active=False)
    now.go(14.9)
    await keys.admit([KEY], None)
    now.go(0.2)
    await refusal(keys, KEY)
    for _ in range(5):
        await refusal(keys, "unknown")
    assert store.asked.count(key_digest("unknown")) == 1
    now.go(5.1)
    await refusal(keys, "unknown")
    assert store.asked.count(key_digest("unknown")) == 2


@pytest.mark.parametrize(("mono", "unix"), [(0.0, 3600.0), (3600.0, 0.0), (20.0, -3600.0)])
async def test_a_freeze_or_a_clock_put_back_does_not_prolong_trust(mono: float, unix: float) -> None:
    keys, store, now = policy()
    await keys.admit([KEY], None)
    store.keys.clear()
    now.mono += mono
    now.unix += unix
    await refusal(keys, KEY)


async def test_refresh_after_the_answer_keeps_steady_traffic_from_waiting() -> None:
    keys, store, now = policy()
    await keys.admit([KEY], None)
    now.go(8)
    await keys.admit([KEY], None)
    assert len(store.asked) == 1
    await keys.refresh()
    assert len(store.asked) == 2
    now.go(14)
    await keys.admit([KEY], None)
    assert len(store.asked) == 2


async def test_a_store_that_is_down_refuses_and_never_waves_through() -> None:
    keys, store, now = policy()
    await keys.admit([KEY], None)
    store.down = True
    now.go(10)
    await keys.admit([KEY], None)
    await keys.refresh()
    now.go(6)
    for credential in (KEY, "unknown"):
        with pytest.raises(Unavailable):
            await keys.admit([credential], None)
    store.down = False
    await keys.admit([KEY], None)


async def test_an_expiry_holds_at_once_also_from_the_cache() -> None:
    keys, _, now = policy(MemoryKeys(virtual_key(valid_until=1_790_000_003)))
    await keys.admit([KEY], None)
    now.go(3)
    await refusal(keys, KEY)


async def test_strangers_cannot_fill_the_memory() -> None:
    keys, store, _ = policy()
    for number in range(10_050):
        await refusal(keys, f"stranger-{number}")
    assert len(keys._keys) == 10_000
    await keys.admit([KEY], None)
    assert store.asked[-1] == key_digest(KEY)


async def test_two_first_requests_of_one_key_both_read() -> None:
    keys, store, _ = policy()
    await asyncio.gather(keys.admit([KEY], None), keys.admit([KEY], None))
    assert 1 <= len(store.asked) <= 2


async def test_a_record_under_a_foreign_hash_opens_nothing() -> None:
    keys, store, _ = policy()
    store.keys[key_digest("other")] = virtual_key()
    await refusal(keys, "other")


@pytest.mark.parametrize(
    ("allowed", "address", "good"),
    [
        (("203.0.113.0/24",), "203.0.113.9", True),
        (("203.0.113.9",), "203.0.113.9", True),
        (("203.0.113.77/24",), "203.0.113.9", True),
        ((" 203.0.113.0/24 ",), "203.0.113.9", True),
        (("10.0.0.0/8",), "203.0.113.9", False),
        (("10.0.0.0/8",), "::ffff:10.1.2.3", True),
        (("::/0",), "203.0.113.9", False),
        (("2001:db8::/32",), "2001:db8::1", True),
        (("garbage",), "203.0.113.9", False),
        (("",), "203.0.113.9", False),
        (("garbage", "203.0.113.0/24"), "203.0.113.9", True),
        (("0.0.0.0/33",), "203.0.113.9", False),
        (("203.0.113.0/24",), None, False),
        (("0.0.0.0/0",), "unknown", False),
        (("0.0.0.0/0",), "", False),
    ],
)
async def test_addresses(allowed: tuple[str, ...], address: str | None, good: bool) -> None:
    keys, _, _ = policy(MemoryKeys(virtual_key(ip_allow=allowed)))
    if good:
        assert (await keys.admit([KEY], address)).id == "key_1"
    else:
        with pytest.raises(Forbidden):
            await keys.admit([KEY], address)


async def test_the_time_of_a_refusal_tells_nothing_about_the_prefix(capsys: pytest.CaptureFixture[str]) -> None:
    """S13: the store is asked by hash, so a near miss and a random text take the same way; the medians differ by less than 50 µs."""
    keys, store, _ = policy(MemoryKeys(replace(virtual_key())))
    times: dict[str, list[int]] = {"near": [], "random": []}
    for number in range(5_000):
        for kind, text in (("near", KEY[:-5] + f"{number:05d}"), ("random", f"zz{number:047d}")):
            began = time.perf_counter_ns()
            try:
                await keys.admit([text], None)
            except Unauthorized:
                times[kind].append(time.perf_counter_ns() - began)
    near, far = (statistics.median(times[kind]) / 1000 for kind in ("near", "random"))
    with capsys.disabled():
        print(f"\nS13: near miss {near:.1f} µs, random {far:.1f} µs (medians of 5,000 each)")
    assert abs(near - far) < 50
    assert len(store.asked) == 10_000

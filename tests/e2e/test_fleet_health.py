"""What one environment learns of a provider, all go by: breakers, probes, keys, quotas; and what is left of that without the store."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from tests.e2e.fleet import (
    BOUND_SECONDS,
    POOLS,
    TOKENS,
    Environment,
    Fleet,
    credential,
    eventually,
    fails,
    said,
    serves,
)
from tests.upstream.journal import Recorded
from tests.upstream.steps import Gate, Stall, Steps, reply

OTHERS_SEE_SECONDS = 7.0
"""The deployed default looks every five seconds, and after an answer; two more for a machine with other things to do."""


def now_ms() -> int:
    return int(time.time() * 1000)


def target(answer: httpx.Response) -> str:
    assert answer.status_code == 200, answer.text
    return answer.headers["x-gateway-target"].partition("/")[0]


def broken(fleet: Fleet, model: str, *steps: Steps) -> None:
    """From now on the first provider does this with a model."""

    def answer(request: Recorded) -> Steps:
        return (steps or (fails(503),))[0] if credential(request).startswith("fleet-a/") else serves(request)

    fleet.upstream.add(answer, model=model)


def open_by_faults(environment: Environment, route: str) -> None:
    """Five faults are what a breaker wants; the spare serves each of these requests."""
    assert {target(environment.ask(route)) for _ in range(5)} == {"fleet-b"}


def test_a_breaker_that_one_environment_opens_keeps_all_others_away(fleet: Fleet) -> None:
    fleet.agree(lambda each: each.skips("fleet-breaker", "fleet-a") is None)
    broken(fleet, "breaker")
    open_by_faults(fleet.one, "fleet-breaker")
    assert fleet.calls("breaker") == 5
    assert target(fleet.one.ask("fleet-breaker")) == "fleet-b"
    assert fleet.calls("breaker") == 5, "the environment that saw the faults does not wait for anybody"
    stored = eventually(lambda: fleet.state.breaker("fleet-a", "breaker"))
    seconds = fleet.agree(lambda each: each.skips("fleet-breaker", "fleet-a") == "breaker_open")
    answers = fleet.together(lambda each: each.ask("fleet-breaker"), times=3)
    assert {target(answer) for answer in answers} == {"fleet-b"}
    assert fleet.calls("breaker") == 5, "no other environment called it"
    assert stored["opens"] == fleet.state.breaker("fleet-a", "breaker")["opens"] == 1
    assert 25_000 < stored["until_ms"] - now_ms() + seconds * 1000 < 31_000
    print(f"\nbreaker: the last of {len(fleet.environments)} environments knew after {seconds:.2f} s")
    assert seconds < OTHERS_SEE_SECONDS < BOUND_SECONDS


def test_environments_that_fail_at_the_same_time_open_a_breaker_once(fleet: Fleet) -> None:
    broken(fleet, "together")
    fleet.together(lambda each: each.ask("fleet-together"), times=5)
    stored = eventually(lambda: fleet.state.breaker("fleet-a", "together"))
    fleet.agree(lambda each: each.skips("fleet-together", "fleet-a") == "breaker_open")
    assert stored["opens"] == fleet.state.breaker("fleet-a", "together")["opens"] == 1
    assert fleet.state.bad("fleet-a", "together") == fleet.calls("together"), "every fault was counted once"


def test_of_many_requests_one_probes_and_the_others_are_served_elsewhere(fleet: Fleet) -> None:
    fleet.state.put_breaker("fleet-a", "probe", now_ms() - 1)
    fleet.agree(lambda each: each.half_open("fleet-probe"), fleet.fast)
    broken(fleet, "probe", (Gate("probe"), *reply(200, said("probe"))))
    with ThreadPoolExecutor(24) as threads:
        asked = [threads.submit(each.ask, "fleet-probe") for each in fleet.fast for _ in range(8)]
        eventually(lambda: sum(one.done() for one in asked) == 23)
        assert fleet.calls("probe") == 1, "one call of the half-open target, in all environments"
        assert Counter(target(one.result()) for one in asked if one.done()) == {"fleet-b": 23}
        assert fleet.state.breaker("fleet-a", "probe")["probe_owner"]
        fleet.upstream.open("probe")
        assert Counter(target(one.result()) for one in asked) == {"fleet-a": 1, "fleet-b": 23}
    seconds = fleet.agree(lambda each: not each.half_open("fleet-probe"), fleet.fast)
    again = {target(each.ask("fleet-probe")) for each in fleet.fast}
    assert again == {"fleet-a"}, "after the probe's success everybody uses it again"
    stored = fleet.state.breaker("fleet-a", "probe")
    assert (stored["until_ms"], stored["opens"]) == (0, 0)
    assert "probe_owner" not in stored
    print(
        f"\nhalf-open: 24 requests at 3 environments, 1 probe, 23 served by the next target; used by all again after {seconds:.2f} s"
    )


def test_a_probe_that_fails_opens_the_breaker_for_twice_as_long(fleet: Fleet) -> None:
    fleet.state.put_breaker("fleet-a", "again", now_ms() - 1)
    fleet.agree(lambda each: each.half_open("fleet-again"), fleet.fast)
    broken(fleet, "again")
    assert target(fleet.two.ask("fleet-again")) == "fleet-b"
    stored = eventually(lambda: found if (found := fleet.state.breaker("fleet-a", "again"))["opens"] == 2 else None)
    assert 55_000 < stored["until_ms"] - now_ms() <= 60_000
    fleet.agree(lambda each: each.skips("fleet-again", "fleet-a") == "breaker_open", fleet.fast)
    assert fleet.calls("again") == 1


def test_a_killed_environment_does_not_keep_the_probe(fleet: Fleet) -> None:
    victim, pid = fleet.victim()
    fleet.state.put_breaker("fleet-a", "killed", now_ms() - 1)
    fleet.agree(lambda each: each.half_open("fleet-killed"), [victim, *fleet.fast])
    broken(fleet, "killed", (Stall(),))
    with ThreadPoolExecutor(1) as threads:
        lost = threads.submit(victim.ask, "fleet-killed")
        fleet.upstream.seen(1)
        os.kill(pid, signal.SIGKILL)
        with pytest.raises(httpx.TransportError):
            lost.result(5)
    leased = fleet.state.breaker("fleet-a", "killed")
    assert leased["probe_owner"]
    assert 0 < leased["probe_until_ms"] - now_ms() <= 60_000, "a lease has an end of its own"
    fleet.begin()
    assert target(fleet.one.ask("fleet-killed")) == "fleet-b", "until then nobody else probes"
    fleet.state.set("fleet-a", "killed", probe_until_ms=now_ms() - 1)
    began = time.monotonic()
    assert eventually(lambda: target(fleet.two.ask("fleet-killed")) == "fleet-a", OTHERS_SEE_SECONDS)
    print(
        f"\nkilled: another environment probed {time.monotonic() - began:.2f} s after the lease of the dead one ended"
    )
    assert fleet.calls("killed") == 1
    fleet.agree(lambda each: target(each.ask("fleet-killed")) == "fleet-a", [fleet.two, fleet.three])


def key_used(fleet: Fleet, environment: Environment, pool: str) -> str:
    """One request: the key that served it."""
    assert target(environment.ask(f"{pool}/m")) == pool
    return fleet.used(pool)[-1]


def first_key_fails_once(fleet: Fleet, pool: str, fault: Steps) -> None:
    """One environment meets a key that does not work; from then on it would, so that the others can only know it from the first.

    Keys are drawn by weight, a thousand to one.
    """
    fleet.upstream.add(lambda request: fault if credential(request) == f"{pool}/first" else serves(request))
    eventually(lambda: key_used(fleet, fleet.one, pool) == "spare" and "first" in fleet.used(pool))
    fleet.upstream.add(serves)


def test_a_throttled_key_rests_everywhere_until_its_time_is_over(fleet: Fleet) -> None:
    began = time.monotonic()
    first_key_fails_once(fleet, "fleet-limit", fails(429, retry_after="4"))
    item = eventually(lambda: fleet.state.key(fleet.key_ids["fleet-limit/first"]))
    assert item["cooling_until_ms"] <= now_ms() + 4000
    seconds = fleet.agree(lambda each: key_used(fleet, each, "fleet-limit") == "spare", fleet.fast)
    served = []
    while time.time() * 1000 < item["cooling_until_ms"] - 300:
        served += [key_used(fleet, each, "fleet-limit") for each in fleet.fast]
    assert len(served) >= 3
    assert set(served) == {"spare"}, "no environment uses a key that rests; the other one serves meanwhile"
    eventually(lambda: key_used(fleet, fleet.two, "fleet-limit") == "first")
    rested = time.monotonic() - began
    print(
        f"\n429: known everywhere after {seconds:.2f} s, {len(served)} served by the other key;"
        f" used again after {rested:.1f} s of 4"
    )
    assert rested >= 3.9


def test_a_refused_key_is_dead_everywhere(fleet: Fleet) -> None:
    first_key_fails_once(fleet, "fleet-dead", fails(401))
    seconds = fleet.agree(lambda each: key_used(fleet, each, "fleet-dead") == "spare")
    before = len(fleet.used("fleet-dead"))
    answers = fleet.together(lambda each: each.ask("fleet-dead/m"), times=3)
    assert {answer.status_code for answer in answers} == {200}
    assert set(fleet.used("fleet-dead")[before:]) == {"spare"}
    item = fleet.state.key(fleet.key_ids["fleet-dead/first"])
    assert 1_700_000 < item["dead_until_ms"] - now_ms() <= 1_800_000
    assert item["reason"] == "401"
    print(
        f"\n401: dead in all {len(fleet.environments)} environments after {seconds:.2f} s, {len(answers)} of {len(answers)} served by the other key"
    )
    assert seconds < OTHERS_SEE_SECONDS


def test_a_daily_quota_holds_for_the_whole_fleet(fleet: Fleet) -> None:
    since, quota = now_ms() - 5, POOLS["fleet-quota"]
    key = fleet.key_ids["fleet-quota/first"]

    def used_up() -> bool:
        assert all(key_used(fleet, each, "fleet-quota") for each in fleet.fast)
        return bool(fleet.state.key(key).get("used_tokens", 0) >= quota)

    eventually(used_up)
    seconds = fleet.agree(lambda each: key_used(fleet, each, "fleet-quota") == "spare", fleet.fast)
    uses = fleet.used("fleet-quota").count("first")
    after = [key_used(fleet, each, "fleet-quota") for each in fleet.fast * 3]
    assert set(after) == {"spare"}, "what is used up is used up for everybody"
    rows = eventually(lambda: found if len(found := _rows(fleet, key, since)) == uses else None)
    summed = sum(row["input_tokens"] + row["output_tokens"] for row in rows)
    assert fleet.state.key(key)["used_tokens"] == summed == uses * TOKENS
    print(
        f"\nquota of {quota} tokens: {summed} used by {uses} requests, as their rows say; known everywhere after"
        f" {seconds:.2f} s (its price: what is asked meanwhile)"
    )


def _rows(fleet: Fleet, key: str, since: int) -> list[dict[str, Any]]:
    return [row for row in fleet.stack.rows.since(since) if row.get("upstream_key_id") == key]


@pytest.mark.parametrize("how", ["refused", "silent"])
def test_without_the_store_an_environment_serves_on_and_goes_by_what_it_saw(fleet: Fleet, how: str) -> None:
    route = "fleet-cut" if how == "refused" else "fleet-silent"
    model = route.partition("-")[2]
    assert target(fleet.three.ask(route)) == "fleet-a"
    broken(fleet, model)
    times: list[float] = []

    def ask() -> str:
        began = time.monotonic()
        found = target(fleet.three.ask(route))
        times.append(time.monotonic() - began)
        return found

    fleet.wire.become("refused" if how == "refused" else "silent")
    try:
        assert {ask() for _ in range(8)} == {"fleet-b"}
        faults = fleet.calls(model) - 1
        assert faults == 5, "its own faults opened its own breaker"
        assert fleet.state.breaker("fleet-a", model) == {}
        assert fleet.state.bad("fleet-a", model) == 0
    finally:
        fleet.wire.become("open")
    back = time.monotonic()
    eventually(lambda: ask() and fleet.state.breaker("fleet-a", model), 15.0)
    flushed = time.monotonic() - back
    fleet.agree(lambda each: each.skips(route, "fleet-a") == "breaker_open", fleet.fast)
    assert fleet.state.bad("fleet-a", model) == 5, "what was seen meanwhile is written once"
    assert fleet.state.breaker("fleet-a", model)["opens"] == 1
    print(
        f"\nstore {how}: {len(times)} requests, the slowest took {max(times):.2f} s; flushed {flushed:.2f} s after it was back"
    )
    assert max(times) < 3.0

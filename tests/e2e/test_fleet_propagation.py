"""How long an edit takes to be in force everywhere: two processes on one store, with the settings that a deployment has by default."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from tests.e2e.fleet import chat, eventually, proxy, ready, serves
from tests.e2e.local_stack import LocalStack
from tests.e2e.processes import ROOT, environment
from tests.upstream import background

BOUND_SECONDS = 30.0
"""What is promised. By default the configuration is looked for every 5 seconds, and a key is trusted for 15."""
AGENT = "propagation"


@dataclass(frozen=True)
class Pair:
    """Two environments of the data plane, and the control plane they follow."""

    proxies: tuple[httpx.Client, httpx.Client]
    admin: httpx.Client
    secret: str

    def ask(self, proxy: httpx.Client, model: str, secret: str | None = None) -> httpx.Response:
        """One request; with the pair's own key unless another is given."""
        headers = {"authorization": f"Bearer {secret or self.secret}", "user-agent": AGENT}
        return proxy.post("/v1/chat/completions", json=chat(model), headers=headers)

    def everywhere(self, holds: Callable[[httpx.Client], bool]) -> float:
        """Seconds until both say so, each asked over and over, as traffic would; AssertionError when it takes longer than promised."""
        began = time.monotonic()

        def one(proxy: httpx.Client) -> float:
            eventually(lambda: holds(proxy), BOUND_SECONDS, pause=0.2)
            return time.monotonic() - began

        with ThreadPoolExecutor(2) as threads:
            return max(threads.map(one, self.proxies))

    def edit(self, method: str, path: str, body: Any = None, **headers: str) -> dict[str, Any]:
        """A request to the admin API, which must succeed."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self.admin.request(method, f"/api/admin/{path}", json=body, headers=given)
        assert answer.status_code < 300, answer.text
        found: dict[str, Any] = answer.json() if answer.content else {}
        return found


@pytest.fixture(scope="module")
def pair(stack: LocalStack) -> Iterator[Pair]:
    paths = {"PYTHONPATH": f"{ROOT}:{ROOT / 'functions'}"}
    environ = environment(**{**stack.function_environ, **paths})
    assert not {"CONFIG_POLL_SECONDS", "KEY_CACHE_SECONDS"} & set(environ), "the defaults"
    with ExitStack() as ending:
        upstream = ending.enter_context(background.serving())
        upstream.add(serves)
        admin = ending.enter_context(stack.admin())
        logs = [stack.folder / f"gateway-propagation-{number}.log" for number in range(2)]
        urls = [ending.enter_context(proxy(environ, log))[0] for log in logs]
        clients = [ending.enter_context(httpx.Client(base_url=url, timeout=20.0, trust_env=False)) for url in urls]
        for url, log in zip(urls, logs, strict=True):
            ready(url, log)
        found = Pair((clients[0], clients[1]), admin, stack.secrets.virtual_key)
        found.edit(
            "POST",
            "providers",
            {"id": "spread", "kind": "openai_compatible", "base_url": upstream.url, "allow_private": True},
        )
        found.edit("POST", "providers/spread/keys", {"value": "spread-0123456789abcdef"})
        yield found


def _target(answer: httpx.Response) -> str:
    return answer.headers.get("x-gateway-target", "") if answer.status_code == 200 else ""


def _refuses(pair: Pair, secret: str) -> Callable[[httpx.Client], bool]:
    return lambda proxy: pair.ask(proxy, "spread/any", secret).status_code == 401


def _to(model: str) -> dict[str, Any]:
    return {"targets": [{"provider": "spread", "model": model}]}


def test_an_edit_and_a_way_back_are_served_by_all_and_every_row_names_its_release(
    pair: Pair, stack: LocalStack
) -> None:
    began = int(time.time() * 1000)
    took: dict[str, float] = {}
    pair.edit("POST", "routes", {"id": "spread", **_to("first")})
    took["a new route"] = pair.everywhere(lambda one: _target(pair.ask(one, "spread")) == "spread/first")
    first = pair.edit("GET", "release")
    pair.edit("PATCH", "routes/spread", _to("second"))
    took["an edit"] = pair.everywhere(lambda one: _target(pair.ask(one, "spread")) == "spread/second")
    second = pair.edit("GET", "release")
    pair.edit("POST", f"releases/{first['release']}/rollback", if_match=f'"{second["number"]}"')
    took["a rollback"] = pair.everywhere(lambda one: _target(pair.ask(one, "spread")) == "spread/first")
    print("\nseconds until both serve it:", {name: round(seconds, 1) for name, seconds in took.items()})
    rows = [row for row in stack.rows.since(began) if row.get("client") == AGENT and row.get("provider") == "spread"]
    by_model = {
        model: {row["release"] for row in rows if row["upstream_model"] == model} for model in ("first", "second")
    }
    assert by_model == {"first": {first["release"]}, "second": {second["release"]}}
    print(f"{len(rows)} rows, each of the release that served it")
    assert max(took.values()) < BOUND_SECONDS


def test_a_key_that_is_revoked_deleted_or_rotated_is_refused_by_all(pair: Pair) -> None:
    made = {name: pair.edit("POST", "keys", {"name": name}) for name in ("revoked", "deleted", "rotated")}
    for key in made.values():
        for one in pair.proxies:
            assert pair.ask(one, "spread/any", key["secret"]).status_code == 200, "it is known, and remembered"
    pair.edit("PATCH", f"keys/{made['revoked']['id']}", {"active": False})
    pair.edit("DELETE", f"keys/{made['deleted']['id']}")
    successor = pair.edit("POST", "keys", {"name": "successor"})
    end = int(time.time() * 1000) + 2000
    pair.edit("PATCH", f"keys/{made['rotated']['id']}", {"valid_until": end})
    both = {pair.ask(one, "spread/any", successor["secret"]).status_code for one in pair.proxies}
    assert both == {200}, "the next key works at once, while the last one goes on"
    with ThreadPoolExecutor(3) as threads:
        waits = {name: threads.submit(pair.everywhere, _refuses(pair, key["secret"])) for name, key in made.items()}
        took = {name: wait.result() for name, wait in waits.items()}
    print("\nseconds until both refuse it:", {name: round(seconds, 1) for name, seconds in took.items()})
    assert max(took.values()) < BOUND_SECONDS

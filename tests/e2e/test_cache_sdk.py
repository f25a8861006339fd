"""Kept answers as the official clients meet them: the same answer again, whole and streamed, to nobody else, and figures that are true."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.e2e.doors import Call
from tests.e2e.local_stack import LocalStack
from tests.exchange.guarded import answer, stream
from tests.upstream.background import BackgroundUpstream
from tests.upstream.steps import JSON, events, reply

WORDS = ("capital", "france", "spain", "password", "reset")
FIGURES_S = 20.0


@pytest.fixture(scope="module")
def teams(stack: LocalStack) -> Iterator[dict[str, str]]:
    """A key in each of two teams, made for this file."""
    with stack.admin() as admin:
        made = {
            team: admin.post("/api/admin/keys", json={"name": f"of {team}", "team_id": team}).raise_for_status().json()
            for team in ("cache-a", "cache-b")
        }
        yield {team: one["secret"] for team, one in made.items()}
        for one in made.values():
            admin.delete(f"/api/admin/keys/{one['key']['id']}" if "key" in one else f"/api/admin/keys/{one['id']}")


def _speaks(upstream: BackgroundUpstream, client: str) -> None:
    """The upstream says another thing each time it is asked."""

    def said(asked: Any) -> Any:
        text = f"answer number {len(upstream_of.journal)}"
        if asked.json().get("stream"):
            return events(stream(client, text[:8], text[8:]))
        return reply(200, answer(client, text), JSON)

    upstream_of = upstream._upstream  # the journal is read on the upstream's own loop
    upstream.add(said, model="scripted")


def _calls(upstream: BackgroundUpstream, call: Call) -> int:
    return sum(
        call.agent in request.body.decode() for request in upstream.journal if "embeddings" not in request.target
    )


def _until_kept(ask: Callable[[], Any], told: Callable[[Any], str]) -> list[Any]:
    """Answers to one request, the last of which was given before: an answer is kept just after its client has it."""
    heard = [ask()]
    while not told(heard[-1]).startswith(("hit", "semantic")):
        assert len(heard) < 50
        heard.append(ask())
    assert len(heard) > 1, "somebody else's"
    return heard


def _header(heard: Any) -> str:
    return str(heard.headers["x-gateway-cache"])


def test_openai(call: Call, upstream: BackgroundUpstream, teams: dict[str, str]) -> None:
    _speaks(upstream, "openai_chat")
    client = call.openai(teams["cache-a"]).chat.completions.with_raw_response
    said: Any = [{"role": "user", "content": f"openai {call.agent}"}]
    whole = _until_kept(lambda: client.create(model="cached-chat", messages=said), _header)
    texts = [one.parse().choices[0].message.content for one in whole]
    assert texts[-1] in texts[:-1]
    streamed = _until_kept(lambda: client.create(model="cached-chat", messages=said, stream=True), _header)
    spoken = [
        "".join(chunk.choices[0].delta.content or "" for chunk in one.parse() if chunk.choices) for one in streamed
    ]
    assert spoken[-1] in spoken[:-1]
    assert spoken[-1] not in texts, "streams are kept apart"
    other = call.openai(teams["cache-b"]).chat.completions.create(model="cached-chat", messages=said)
    assert other.choices[0].message.content not in {*texts, *spoken}, "another team's"
    misses = len(texts) + len(spoken) - 2
    assert _calls(upstream, call) == misses + 1
    rows = call.rows(misses + 3)
    assert [row["cache"] for row in rows].count("hit") == 2
    assert all((row.get("saved_nano", 0) > 0) is (row["cache"] == "hit") for row in rows)


def test_anthropic(call: Call, upstream: BackgroundUpstream, teams: dict[str, str]) -> None:
    _speaks(upstream, "anthropic_messages")
    client = call.anthropic(teams["cache-a"]).messages.with_raw_response
    asked: Any = {"model": "cached-claude", "max_tokens": 64, "messages": [{"role": "user", "content": call.agent}]}
    whole = _until_kept(lambda: client.create(**asked), _header)
    assert whole[-1].parse().content in [one.parse().content for one in whole[:-1]]
    streamed = _until_kept(lambda: client.create(**asked, stream=True), _header)
    told = [[event.model_dump() for event in one.parse()] for one in streamed]
    assert told[-1] in told[:-1]
    assert _calls(upstream, call) == len(whole) + len(streamed) - 2
    assert [row["cache"] for row in call.rows(len(whole) + len(streamed))].count("hit") == 2


def test_a_question_that_means_the_same(call: Call, upstream: BackgroundUpstream, teams: dict[str, str]) -> None:
    _speaks(upstream, "openai_chat")

    def embedded(asked: Any) -> Any:
        text = asked.json()["input"]
        vector = [0.1, *(float(word in text) for word in WORDS)]
        usage = {"prompt_tokens": 7, "total_tokens": 7}
        body = {"object": "list", "data": [{"index": 0, "embedding": vector}], "usage": usage}
        return reply(200, json.dumps(body).encode(), JSON)

    upstream.add(embedded, path="/v1/embeddings", method="POST", model="scripted")

    def ask(question: str, team: str = "cache-a") -> Any:
        said: Any = [{"role": "system", "content": f"Be brief. {call.agent}"}, {"role": "user", "content": question}]
        return call.openai(teams[team]).chat.completions.with_raw_response.create(model="alike-chat", messages=said)

    kept = _until_kept(lambda: ask("What is the capital of France?"), _header)
    found = ask("Please tell me the capital of France.")
    assert _header(found).startswith("semantic; age=")
    assert found.parse().choices[0].message.content in [one.parse().choices[0].message.content for one in kept]
    others = [ask("What is the capital of Spain?"), ask("What is not the capital of France?")]
    others.append(ask("What is the capital of France?", "cache-b"))
    assert [_header(one) for one in others] == ["miss"] * 3
    rows = call.rows(len(kept) + 4)
    # A repeated question may find the one before it by its meaning: where that was kept between its two looks.
    assert [row["cache"] for row in rows].count("semantic") == 1 + sum(
        _header(one).startswith("semantic") for one in kept
    )
    assert {
        kind["kind"] for kind in json.loads(next(row for row in rows if row["cache"] == "semantic")["attempts"])
    } == {"embedding"}


def test_figures_are_true_and_a_key_clears_its_own(
    call: Call, upstream: BackgroundUpstream, stack: LocalStack, teams: dict[str, str]
) -> None:
    _speaks(upstream, "openai_chat")
    with stack.admin() as admin:
        made = admin.post("/api/admin/keys", json={"name": call.agent, "team_id": call.agent}).raise_for_status().json()
    body = {"model": "cached-chat", "messages": [{"role": "user", "content": call.agent}]}
    with call.http(made["secret"]) as client:
        assert client.get("/v1/cache/stats").json()["hits"] == 0
        found = _until_kept(
            lambda: client.post("/v1/completions", json=body),
            lambda one: str(one.json()["cached"]).replace("True", "hit"),
        )
        skipped = client.post("/v1/completions", json=body | {"skip_cache": True})
        assert (skipped.json()["cached"], _header(skipped)) == (False, "bypass")
        assert client.delete("/v1/cache").json() == {"status": "ok", "message": "Cache cleared"}
        assert client.post("/v1/completions", json=body).json()["cached"] is False
        true = {"hits": 1, "misses": len(found)}
        deadline, asked, stats = time.monotonic() + FIGURES_S, 1, dict[str, Any]()
        while {name: stats.get(name) for name in true} != true:
            assert time.monotonic() < deadline, stats
            time.sleep(0.2)
            stats, asked = client.get("/v1/cache/stats").json(), asked + 1
        call.rows(len(found) + 3 + asked)
    rate = 1 / (1 + len(found))
    assert stats == {"enabled": True, "size": None, **true, "hit_rate": rate, "evictions": 0}
    with stack.admin() as admin:
        told = admin.get("/api/admin/cache", params={"route": "cached-chat"}).raise_for_status().json()
        [route] = told["routes"]
        assert route["hits"] >= 1
        assert float(route["saved_usd"]) > 0
        listed = admin.get("/api/admin/logs", params={"cache": "any", "limit": 20}).raise_for_status().json()["items"]
        assert {one["cache"] for one in listed} <= {"hit", "semantic"}
        assert all(float(one["saved_usd"]) > 0 for one in listed if one["cache"] == "hit")

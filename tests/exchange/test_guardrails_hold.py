"""Which guardrails hold, that nothing a client says switches one off, and what they say beside the chat: caches, moderations, other relays."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from tests.exchange.guarded import MAIL, SAID, answer, asking, guarded, guarded_release, pii, reason, said, stream
from tests.exchange.kit import KEY, Door, MemoryKeys, MemoryReleases, virtual_key
from tests.upstream.server import Upstream
from tests.upstream.steps import JSON, events, reply

from gateway.neutral.caching import CacheRule
from gateway.neutral.guardrails import Guardrail
from gateway.neutral.logrow import Attempt

AUTH = ("authorization", f"Bearer {KEY}")
FLAGS: tuple[tuple[str, str], ...] = (
    ("x-gateway-guardrails", "off"),
    ("x-gateway-guardrails", "none"),
    ("x-gateway-no-guardrails", "true"),
    ("x-gateway-skip-guardrails", "1"),
    ("x-gateway-strict", "false"),
    ("x-gateway-cache", "off"),
    ("x-gateway-cache", "no-store"),
    ("x-gateway-debug", "true"),
    ("x-gateway-exclude", "no-mail"),
    ("x-gateway-prefer", "oai"),
    ("x-gateway-strategy", "weighted"),
    ("x-litellm-disable-guardrails", "true"),
    ("x-portkey-config", '{"before_request_hooks":[]}'),
    ("x-admin", "true"),
    ("x-forwarded-for", "127.0.0.1"),
    ("idempotency-key", "k1"),
    ("content-type", "text/plain"),
)
MEMBERS: tuple[dict[str, Any], ...] = (
    {"guardrails": []},
    {"guardrails": False},
    {"disable_guardrails": True},
    {"skip_cache": True},
    {"metadata": {"guardrails": [], "disable_global_guardrail": True}},
    {"extra_body": {"guardrails": []}},
    {"moderation": False},
    {"safe_mode": False},
    {"routing": {"strategy": "priority"}},
    {"user": "admin"},
    {"store": False},
)


@pytest.mark.parametrize("header", FLAGS)
async def test_no_header_switches_one_off(header: tuple[str, str], upstream: Upstream) -> None:
    door = guarded(upstream, pii("block", "input", "output"))
    upstream.add(reply(200, answer("openai_chat", SAID), JSON))
    blocked = await door.ask("POST", *asking("openai_chat", SAID), headers=(AUTH, header))
    assert (blocked.status, len(upstream.journal)) == (400, 0)
    filtered = await door.ask(
        "POST",
        *asking("openai_chat", "hi"),
        headers=(AUTH, (header[0], header[1] + "x")) if header[0] == "idempotency-key" else (AUTH, header),
    )
    assert MAIL.encode() not in filtered.body
    door.close()


@pytest.mark.parametrize("member", MEMBERS)
async def test_no_member_of_a_body_does(member: dict[str, Any], upstream: Upstream) -> None:
    door = guarded(upstream, pii("block", "input", "output"))
    upstream.add(reply(200, answer("openai_chat", SAID), JSON))
    assert (await door.ask("POST", *asking("openai_chat", SAID, **member))).status == 400
    assert not upstream.journal
    assert MAIL.encode() not in (await door.ask("POST", *asking("openai_chat", "hi", **member))).body
    door.close()


async def test_those_everywhere_come_first_and_each_reads_what_the_one_before_left(upstream: Upstream) -> None:
    note = Guardrail("note", "deny", patterns=(r"\[email\]",), action="annotate")
    off = Guardrail("off", "deny", keywords=("today",), active=False)
    door = guarded(upstream, note, pii("mask", everywhere=True), off)
    upstream.add(reply(200, answer("openai_chat", "ok"), JSON))
    heard = await door.ask("POST", *asking("openai_chat", SAID))
    assert heard.header(b"x-gateway-guardrails") == b"no-mail;mask, note;annotate"
    other = await door.ask(
        "POST", "/v1/chat/completions", {"model": "chat-model", "messages": [{"role": "user", "content": SAID}]}
    )
    assert other.header(b"x-gateway-guardrails") == b"no-mail;mask", "a route's own hold for its name alone"
    door.close()


async def test_one_that_a_route_names_and_nobody_has_lets_nothing_pass(upstream: Upstream) -> None:
    release = guarded_release(upstream.url, pii("mask"))
    door = Door(replace(release, guardrails=()))
    assert (await door.ask("POST", *asking("openai_chat", "hi"))).status == 400
    assert not upstream.journal
    door.close()


async def test_a_kept_answer_passes_the_rules_of_the_day(upstream: Upstream) -> None:
    release = guarded_release(upstream.url, cache=CacheRule())
    door = Door(release, MemoryKeys(virtual_key(record_bodies=True)))
    upstream.add(reply(200, answer("openai_chat", SAID), JSON), events(stream("openai_chat", SAID[:15], SAID[15:])))
    for streams in (False, True):
        target, body = asking("openai_chat", "hi", stream=streams)
        assert MAIL.encode() in (await door.ask("POST", target, body)).body.replace(b'"}, "finish', b"") or streams
        for action, words in (("mask", "Write to [email] today, please."), ("block", ""), ("annotate", SAID)):
            ruled = guarded_release(upstream.url, pii(action, "output"), cache=CacheRule())
            door.exchange._parts.releases.index = MemoryReleases(ruled).index  # type: ignore[attr-defined]
            heard = await door.ask("POST", target, body)
            assert (heard.header(b"x-gateway-cache") or b"").startswith(b"hit")
            assert said("openai_chat", heard.body, streams=streams) == words
        door.exchange._parts.releases.index = MemoryReleases(release).index  # type: ignore[attr-defined]
    assert len(upstream.journal) == 2
    door.close()


async def test_what_is_kept_is_the_answer_before_it_was_masked(upstream: Upstream) -> None:
    door = guarded(upstream, pii("mask", "output"), cache=CacheRule())
    upstream.add(reply(200, answer("openai_chat", SAID), JSON))
    for _ in range(2):
        assert MAIL.encode() not in (await door.ask("POST", *asking("openai_chat", "hi"))).body
    assert [row.cache for row in door.logs.rows] == ["miss", "hit"]
    assert all(row.guardrails for row in door.logs.rows)
    assert all(MAIL not in repr(row) for row in door.logs.rows)
    door.close()


async def test_an_idempotent_answer_is_given_again_as_it_was_told(upstream: Upstream) -> None:
    door = guarded(upstream, pii("mask", "output"))
    upstream.add(reply(200, answer("openai_chat", SAID), JSON))
    first, second = [
        await door.ask("POST", *asking("openai_chat", "hi"), headers=(AUTH, ("idempotency-key", "k"))) for _ in range(2)
    ]
    assert first.body == second.body
    assert MAIL.encode() not in first.body
    assert second.header(b"x-gateway-replay") == b"true"
    door.close()


async def test_a_limit_of_the_input(upstream: Upstream) -> None:
    door = guarded(upstream, Guardrail("long", "max_input", max_characters=10))
    upstream.add(reply(200, answer("openai_chat", "ok"), JSON))
    assert (await door.ask("POST", *asking("openai_chat", "x" * 10))).status == 200
    assert (await door.ask("POST", *asking("openai_chat", "x" * 11))).status == 400
    assert door.logs.rows[1].guardrails[0].sorts == ("characters",)
    door.close()


# -- moderations ----------------------------------------------------------------------------------------------------------


def moderation(*stages: str, action: str = "block", **more: Any) -> Guardrail:
    return Guardrail("judged", "moderation", stages or ("input",), action, model="judge", **more)  # type: ignore[arg-type]


def flags(**scores: float) -> bytes:
    found = {"flagged": any(score > 0.5 for score in scores.values())}
    found |= {"categories": {name: score > 0.5 for name, score in scores.items()}, "category_scores": scores}  # type: ignore[dict-item]
    return json.dumps(
        {"id": "m", "model": "m", "results": [found], "usage": {"prompt_tokens": 7, "total_tokens": 7}}
    ).encode()


def asked_of_the_judge(door: Door) -> Attempt:
    [one] = [made for made in door.row.attempts if made.kind == "moderation"]
    return one


async def test_a_moderation_blocks_and_its_cost_is_in_the_row(upstream: Upstream) -> None:
    door = guarded(upstream, moderation())
    upstream.add(reply(200, flags(violence=0.9, hate=0.1), JSON))
    heard = await door.ask("POST", *asking("openai_chat", "hi"))
    assert (heard.status, heard.json()["error"]["code"]) == (400, "guardrail_blocked")
    [call] = upstream.journal
    assert json.loads(call.body) == {"model": "omni-moderation", "input": ["hi"]}
    assert door.row.guardrails[0].sorts == ("violence",)
    assert (asked_of_the_judge(door).cost_nano or 0) > 0
    assert door.row.retries == 0
    door.close()


@pytest.mark.parametrize(
    ("rule", "blocked"),
    [
        ({}, True),
        ({"categories": ("hate",)}, False),
        ({"threshold": 0.95}, False),
        ({"categories": ("hate",), "threshold": 0.05}, True),
    ],
)
async def test_categories_and_thresholds(rule: dict[str, Any], blocked: bool, upstream: Upstream) -> None:
    door = guarded(upstream, moderation(**rule))
    upstream.add(reply(200, flags(violence=0.9, hate=0.1), JSON), reply(200, answer("openai_chat", "ok"), JSON))
    assert (await door.ask("POST", *asking("openai_chat", "hi"))).status == (400 if blocked else 200)
    door.close()


@pytest.mark.parametrize("sick", [reply(500, b"{}", JSON), reply(200, b'{"results": []}', JSON)])
@pytest.mark.parametrize("stage", ["input", "output"])
@pytest.mark.parametrize("streams", [False, True])
async def test_a_judge_out_of_reach_blocks_what_it_would_block(
    sick: Any, stage: str, streams: bool, upstream: Upstream
) -> None:
    door = guarded(upstream, moderation(stage))
    good = (
        events(stream("openai_chat", "one ", "two")) if streams else reply(200, answer("openai_chat", "one two"), JSON)
    )
    upstream.add(*([good] if stage == "output" else []), *[sick] * 2)
    heard = await door.ask("POST", *asking("openai_chat", "hi", stream=streams))
    assert b"one" not in heard.body
    assert b"guardrail_unavailable" in heard.body
    assert heard.status == (200 if streams and stage == "output" else 503)
    assert (door.row.status, door.row.error) == (503, "guardrail_unavailable")
    assert [(one.count, one.sorts) for one in door.row.guardrails] == [(0, ("unreachable",))]
    door.close()


@pytest.mark.parametrize("stage", ["input", "output"])
@pytest.mark.parametrize("streams", [False, True])
async def test_a_judge_out_of_reach_is_noted_where_it_only_notes(stage: str, streams: bool, upstream: Upstream) -> None:
    door = guarded(upstream, moderation(stage, action="annotate"))
    sick = [reply(500, b"{}", JSON)]
    good = [
        events(stream("openai_chat", "one ", "two")) if streams else reply(200, answer("openai_chat", "one two"), JSON)
    ]
    upstream.add(*(sick + good if stage == "input" else good + sick))
    heard = await door.ask("POST", *asking("openai_chat", "hi", stream=streams))
    assert heard.status == 200
    assert said("openai_chat", heard.body, streams=streams) == "one two"
    assert [(one.stage, one.count, one.sorts) for one in door.row.guardrails] == [(stage, 0, ("unreachable",))]
    door.close()


@pytest.mark.parametrize("streams", [False, True])
@pytest.mark.parametrize("client", ["openai_chat", "anthropic_messages"])
async def test_an_answer_is_judged_whole_before_a_word_of_it_is_told(
    client: str, streams: bool, upstream: Upstream
) -> None:
    door = guarded(upstream, moderation("output"))
    good = events(stream(client, "one ", "two")) if streams else reply(200, answer(client, "one two"), JSON)
    upstream.add(good, reply(200, flags(hate=0.9), JSON), good, reply(200, flags(hate=0.1), JSON))
    blocked = await door.ask("POST", *asking(client, "hi", stream=streams))
    assert b"one" not in blocked.body
    assert reason(client, blocked.body, streams=streams) in {"content_filter", "refusal"}
    assert json.loads(upstream.journal[1].body)["input"] == ["one two"]
    assert door.row.usage.output == 3
    passed = await door.ask("POST", *asking(client, "hi", stream=streams))
    assert said(client, passed.body, streams=streams) == "one two"
    door.close()


@pytest.mark.parametrize("streams", [False, True])
async def test_nobody_judges_what_is_blocked_already(streams: bool, upstream: Upstream) -> None:
    door = guarded(upstream, pii("block", "output"), moderation("output"))
    text = "x" * 500 + SAID
    upstream.add(events(stream("openai_chat", text, "y")) if streams else reply(200, answer("openai_chat", text), JSON))
    heard = await door.ask("POST", *asking("openai_chat", "hi", stream=streams))
    assert said("openai_chat", heard.body, streams=streams) == ""
    assert reason("openai_chat", heard.body, streams=streams) == "content_filter"
    assert len(upstream.journal) == 1
    door.close()


async def test_nobody_is_asked_before_the_limits_let_the_request_in(upstream: Upstream) -> None:
    from gateway.neutral.limits import Limits

    release = guarded_release(upstream.url, moderation())
    door = Door(release, MemoryKeys(virtual_key(limits=Limits(requests_per_minute=1))))
    upstream.add(reply(200, flags(hate=0.9), JSON))
    assert (await door.ask("POST", *asking("openai_chat", "hi"))).status == 400
    assert (await door.ask("POST", *asking("openai_chat", "hi"))).status == 429
    assert len(upstream.journal) == 1
    door.close()


# -- beside the chat ------------------------------------------------------------------------------------------------------

OTHERS: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("/v1/embeddings", {"input": SAID}, "input"),
    ("/v1/embeddings", {"input": ["a", SAID]}, "input"),
    ("/v1/moderations", {"input": [{"type": "text", "text": SAID}]}, "input"),
    ("/v1/rerank", {"query": SAID, "documents": ["a", {"name": MAIL, "text": "b"}]}, "query"),
    ("/v1/images/generations", {"prompt": SAID}, "prompt"),
    ("/v1/audio/speech", {"input": SAID, "voice": "alloy", "instructions": f"as {MAIL}"}, "input"),
    ("/v1/chat", {"messages": [{"role": "user", "content": SAID}]}, "messages"),
    ("/v1/completions/stream", {"messages": [{"role": "user", "content": SAID}]}, "messages"),
)


@pytest.mark.parametrize(("path", "body", "_place"), OTHERS)
async def test_every_text_of_the_other_relays_is_masked(
    path: str, body: dict[str, Any], _place: str, upstream: Upstream
) -> None:
    door = guarded(upstream, pii("mask", everywhere=True))
    upstream.add(reply(200, answer("openai_chat", "ok"), JSON))
    heard = await door.ask("POST", path, {"model": "chat-model", **body})
    assert heard.header(b"x-gateway-guardrails") == b"no-mail;mask", heard.body
    assert MAIL.encode() not in upstream.journal[0].body
    assert b"[email]" in upstream.journal[0].body
    assert MAIL not in repr(door.row)
    door.close()


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/embeddings", {"input": [1, 2]}),
        ("/v1/embeddings", {"input": [[1]]}),
        ("/v1/completions", {"prompt": [5, 6]}),
    ],
)
async def test_numbers_of_tokens_are_no_way_around(path: str, body: dict[str, Any], upstream: Upstream) -> None:
    door = guarded(upstream, pii("mask", everywhere=True))
    heard = await door.ask("POST", path, {"model": "chat-model", **body})
    assert (heard.status, heard.json()["error"]["param"]) == (400, next(iter(body)))
    assert not upstream.journal
    door.close()


def form(**fields: str) -> bytes:
    parts = [
        f'--B\r\ncontent-disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()
    ]
    file = '--B\r\ncontent-disposition: form-data; name="file"; filename="a.mp3"\r\ncontent-type: audio/mpeg\r\n\r\nAUDIO\r\n'
    return ("".join(parts) + file + "--B--\r\n").encode()


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        (json.dumps({"text": SAID, "segments": [{"id": 0, "text": SAID}]}).encode(), "application/json"),
        (SAID.encode(), "text/plain"),
        (
            b'data: {"type":"transcript.text.delta","delta":"'
            + SAID.encode()
            + b'"}\n\ndata: {"type":"transcript.text.done","text":"'
            + SAID.encode()
            + b'"}\n\n',
            "text/event-stream",
        ),
    ],
)
@pytest.mark.parametrize("action", ["mask", "block"])
async def test_a_transcript_is_looked_at_as_a_whole(told: bytes, kind: str, action: str, upstream: Upstream) -> None:
    door = guarded(upstream, pii(action, "input", "output", everywhere=True))
    upstream.add(reply(200, told, (("content-type", kind),)))
    streams = {"stream": "true"} if "event" in kind else {}
    heard = await door.ask("POST", "/v1/audio/transcriptions", form(model="chat-model", **streams))
    assert MAIL.encode() not in heard.body
    if action == "mask":
        assert heard.status == 200
        assert b"[email]" in heard.body
        assert heard.header(b"x-gateway-guardrails") == b"no-mail;mask"
        assert heard.header(b"content-type") == kind.encode()
    else:
        assert (heard.status, heard.json()["error"]["code"]) == (400, "guardrail_blocked")
    assert door.row.guardrails[0].stage == "output"
    assert MAIL not in repr(door.row)
    door.close()


async def test_the_prompt_of_a_transcription_is_masked_in_its_form(upstream: Upstream) -> None:
    door = guarded(upstream, pii("mask", everywhere=True))
    upstream.add(reply(200, b'{"text":"ok"}', JSON))
    assert (await door.ask("POST", "/v1/audio/transcriptions", form(model="chat-model", prompt=SAID))).status == 200
    assert form(model="up-chat", prompt=SAID.replace(MAIL, "[email]")) == upstream.journal[0].body
    door.close()


@pytest.mark.parametrize(
    "hidden",
    [
        b'--B\r\ncontent-disposition: form-data; name="prompt"\r\n\r\nsecond\r\n',
        b'--B\r\ncontent-disposition: form-data; name="prompt"; filename="p"\r\n\r\nsecond\r\n',
        b'--B\r\ncontent-disposition: form-data; name="prompt[]"\r\n\r\nsecond\r\n',
    ],
)
async def test_a_form_hides_no_text(hidden: bytes, upstream: Upstream) -> None:
    door = guarded(upstream, pii("mask", everywhere=True))
    body = form(model="chat-model", prompt="first").replace(b"--B\r\n", hidden + b"--B\r\n", 1)
    heard = await door.ask("POST", "/v1/audio/transcriptions", body)
    assert heard.status == 400
    assert not upstream.journal
    door.close()


async def test_the_prompt_of_a_changed_picture_is_masked(upstream: Upstream) -> None:
    door = guarded(upstream, pii("mask", everywhere=True))
    upstream.add(reply(200, b'{"created":1,"data":[{"url":"https://x.test/1"}]}', JSON))
    body = form(model="chat-model", prompt=SAID).replace(b'name="file"', b'name="image"')
    heard = await door.ask("POST", "/v1/images/edits", body)
    assert heard.status == 200, heard.body
    assert MAIL.encode() not in upstream.journal[0].body
    assert b"Write to [email] today" in upstream.journal[0].body
    assert MAIL not in repr(door.row)
    door.close()

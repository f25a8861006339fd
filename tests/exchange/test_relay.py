"""The relay: bytes untouched both ways, streams as they arrive, one row with the usage the upstream told."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json

import pytest
from tests.exchange.kit import KEY, SECRET, Door, MemoryKeys, release_for, virtual_key
from tests.upstream import fixtures
from tests.upstream.server import Upstream
from tests.upstream.steps import EVENTS, JSON, cut, events, gated, pieces, reply

from gateway.neutral.config import Timeouts

MODELS = {
    "openai_chat": "chat-model",
    "openai_responses": "responses-model",
    "anthropic_messages": "claude-model",
    "openai_embeddings": "embed-model",
}
UPSTREAM_MODELS = {
    "openai_chat": "up-chat",
    "openai_responses": "gpt-5-codex",
    "anthropic_messages": "up-claude",
    "openai_embeddings": "up-embed",
}
# An answer that tells a failure is in test_responses.
CASES = [case for case in fixtures.load() if case.case != "failed"]


def usage_of(door: Door) -> dict[str, int]:
    usage = door.row.usage
    return {"fresh": usage.fresh, "cache_read": usage.cache_read, "output": usage.output, "reasoning": usage.reasoning}


def expected(case: fixtures.Fixture) -> dict[str, int]:
    path = fixtures.FOLDER / case.dialect / f"{case.case}.expected.json"
    return {
        name: value
        for name, value in json.loads(path.read_text())["usage"].items()
        if name in {"fresh", "cache_read", "output", "reasoning"}
    }


@pytest.mark.parametrize("case", [case for case in CASES if case.response], ids=lambda case: case.name)
async def test_an_answer_comes_back_byte_for_byte(door: Door, upstream: Upstream, case: fixtures.Fixture) -> None:
    upstream.add(case.steps(stream=False))
    asked = case.asked(stream=False, model=MODELS[case.dialect])
    heard = await door.ask("POST", case.path, asked)
    assert heard.status == 200
    assert hashlib.sha256(heard.body).digest() == hashlib.sha256(case.response or b"").digest()
    sent = (await upstream.seen())[0]
    assert json.loads(sent.body) == asked | {"model": UPSTREAM_MODELS[case.dialect]}
    assert door.row.error is None
    assert door.row.usage.source in {"upstream", "estimated"}
    if door.row.usage.source == "upstream":
        assert usage_of(door) == usage_of(door) | expected(case)


@pytest.mark.parametrize("size", [1, 7, 10_000])
@pytest.mark.parametrize("case", [case for case in CASES if case.stream], ids=lambda case: case.name)
async def test_a_stream_comes_back_byte_for_byte_however_it_is_cut_into_chunks(
    door: Door, upstream: Upstream, case: fixtures.Fixture, size: int
) -> None:
    assert case.stream is not None
    upstream.add(events(case.stream, parts=pieces(case.stream, size)))
    asked = case.asked(stream=True, model=MODELS[case.dialect])
    if case.dialect == "openai_chat":
        asked["stream_options"] = {"include_usage": True}
    heard = await door.ask("POST", case.path, asked)
    assert heard.body == case.stream
    assert heard.ended
    assert door.row.error is None, door.row.error_message
    assert door.row.stream
    if door.row.usage.source == "upstream":
        assert usage_of(door) == usage_of(door) | expected(case)


async def test_only_the_model_name_changes_in_the_request(door: Door, upstream: Upstream) -> None:
    raw = (
        b'{ "model" : "chat-model",\n "messages":[{"role":"user","content":"caf\\u00e9 \xf0\x9f\x98\x80 \\"model\\": \\"x\\""}],'
        b' "n":1.0,"x_unknown":{"model":"inner","deep":[[[]]]}, "seed":12345678901234567890 }'
    )
    upstream.add(reply(200, b"{}"))
    await door.ask("POST", "/v1/chat/completions", raw)
    assert (await upstream.seen())[0].body == raw.replace(b'"chat-model"', b'"up-chat"', 1)


async def test_parts_reach_the_client_as_they_arrive(door: Door, upstream: Upstream) -> None:
    parts = [b'data: {"choices":[{"delta":{"content":"%d"}}]}\n\n' % number for number in range(5)] + [
        b"data: [DONE]\n\n"
    ]
    upstream.add(gated(parts))
    arrived: list[bytes] = []
    upstream.open("part-0")

    def on_part(part: bytes) -> None:
        # The next part leaves the upstream only when this one is with the client: a relay that buffers would hang.
        arrived.append(part)
        upstream.open(f"part-{len(arrived)}", *(["part-end"] if len(arrived) == len(parts) else []))

    asked = {"model": "chat-model", "messages": [{"role": "user", "content": "hi"}], "stream": True}
    async with asyncio.timeout(5):
        heard = await door.ask("POST", "/v1/chat/completions", asked, on_part=on_part)
    assert arrived[: len(parts)] == parts
    assert heard.body == b"".join(parts)


async def test_usage_is_asked_for_and_hidden_from_a_client_that_did_not_ask(door: Door, upstream: Upstream) -> None:
    case = fixtures.by_name("openai_chat/text")
    assert case.stream is not None
    upstream.add(events(case.stream))
    asked = case.asked(stream=True, model="chat-model")
    asked.pop("stream_options", None)
    heard = await door.ask("POST", case.path, asked)
    assert json.loads((await upstream.seen())[0].body)["stream_options"] == {"include_usage": True}
    assert b'"choices":[]' not in heard.body.replace(b" ", b"")
    assert heard.body.endswith(b"data: [DONE]\n\n")
    assert usage_of(door) == usage_of(door) | expected(case)
    assert (
        door.row.cost.nano_usd
        == door.row.usage.fresh * 150 + door.row.usage.cache_read * 75 + door.row.usage.output * 600
    )


async def test_a_stream_without_usage_is_estimated_and_says_so(door: Door, upstream: Upstream) -> None:
    body = b'data: {"choices":[{"delta":{"content":"one two three four five"}}]}\n\ndata: [DONE]\n\n'
    upstream.add(events(body))
    asked = {"model": "chat-model", "messages": [{"role": "user", "content": "count to five, please"}], "stream": True}
    await door.ask("POST", "/v1/chat/completions", asked)
    assert door.row.usage.source == "estimated"
    assert door.row.usage.output > 0
    assert door.row.usage.fresh > 0
    assert door.row.cost.state == "priced"


@pytest.mark.parametrize("by", ["reset", "close", "clean"])
@pytest.mark.parametrize("name", ["openai_chat/text", "anthropic_messages/text"])
async def test_a_cut_stream_ends_with_an_error_event_and_a_failed_row(
    door: Door, upstream: Upstream, name: str, by: str
) -> None:
    case = fixtures.by_name(name)
    assert case.stream is not None
    upstream.add(cut(case.stream, len(case.stream) // 2, by))  # type: ignore[arg-type]
    heard = await door.ask("POST", case.path, case.asked(stream=True, model=MODELS[case.dialect]))
    assert heard.status == 200
    assert heard.ended
    last = heard.body.rstrip().rpartition(b"\n\n")[2]
    assert b'"error"' in last
    assert b"[DONE]" not in heard.body
    assert b"message_stop" not in heard.body
    assert door.row.error in {"upstream_reset", "upstream_cut"}
    assert door.row.status == 502
    assert door.row.usage.source == "estimated"
    assert door.row.usage.output > 0


@pytest.mark.parametrize("by", ["reset", "close", "clean"])
async def test_a_stream_that_dies_before_its_first_event_is_a_real_status(
    door: Door, upstream: Upstream, by: str
) -> None:
    upstream.add(cut(b"data: {}\n\n", 5, by))  # type: ignore[arg-type]
    asked = {"model": "claude-model", "messages": [{"role": "user", "content": "x"}], "stream": True}
    heard = await door.ask("POST", "/v1/messages", asked)
    assert heard.status == 502
    assert heard.json()["type"] == "error"


async def test_an_upstream_error_comes_back_byte_for_byte_with_its_request_id(door: Door, upstream: Upstream) -> None:
    body = b'{"type":"error",  "error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"req_x"}'
    upstream.add(reply(529, body, (*JSON, ("request-id", "req_x"), ("retry-after", "7"))))
    heard = await door.ask(
        "POST", "/v1/messages?beta=true", {"model": "claude-model", "messages": [{"role": "user", "content": "x"}]}
    )
    assert (heard.status, heard.body) == (529, body)
    assert heard.header(b"request-id") == b"req_x"
    assert heard.header(b"retry-after") == b"7"
    assert (await upstream.seen())[0].target == "/v1/messages?beta=true"
    assert (door.row.status, door.row.error, door.row.upstream_request_id) == (529, "upstream_status", "req_x")
    assert door.row.usage.source == "none"


async def test_headers_are_open_lists_without_credentials(door: Door, upstream: Upstream) -> None:
    upstream.add(reply(200, b"{}", (*JSON, ("x-new", "1"), ("set-cookie", "a=b"), ("x-request-id", "up"))))
    sent = [
        ("x-api-key", KEY),
        ("cookie", "c=d"),
        ("anthropic-beta", "a,b"),
        ("anthropic-beta", "c"),
        ("x-future", "caf\xe9"),
        ("x-forwarded-for", "10.0.0.1"),
        ("connection", "x-secret-hop"),
        ("x-secret-hop", "1"),
        ("user-agent", "claude-cli/9"),
        ("anthropic-version", "2024-01-01"),
    ]
    heard = await door.ask(
        "POST", "/v1/messages", {"model": "claude-model", "messages": [{"role": "user", "content": "x"}]}, sent
    )
    head = (await upstream.seen())[0].head.lower()
    for kept in (
        b"anthropic-beta: a,b",
        b"anthropic-beta: c",
        b"x-future: caf\xe9",
        b"user-agent: claude-cli/9",
        b"anthropic-version: 2024-01-01",
    ):
        assert kept in head
    assert head.count(b"anthropic-version") == 1
    assert f"x-api-key: {SECRET}".encode() in head
    for gone in (KEY.encode().lower(), b"cookie", b"x-forwarded-for", b"x-secret-hop"):
        assert gone not in head
    assert heard.header(b"x-new") == b"1"
    assert heard.header(b"x-request-id") == b"up"
    assert heard.header(b"set-cookie") is None


async def test_a_compressed_answer_is_relayed_in_the_clear(door: Door, upstream: Upstream) -> None:
    body = b'{"usage":{"prompt_tokens":3,"completion_tokens":4}}'
    upstream.add(reply(200, gzip.compress(body), (*JSON, ("content-encoding", "gzip"))))
    heard = await door.ask(
        "POST", "/v1/chat/completions", {"model": "fast", "messages": [{"role": "user", "content": "x"}]}
    )
    assert heard.body == body
    assert heard.header(b"content-encoding") is None
    assert (door.row.usage.fresh, door.row.usage.output, door.row.route) == (3, 4, "fast")


async def test_a_client_that_leaves_ends_the_upstream_call_and_is_still_accounted(
    door: Door, upstream: Upstream
) -> None:
    parts = [b'data: {"choices":[{"delta":{"content":"hello there"}}]}\n\n', b"data: [DONE]\n\n"]
    upstream.add(gated(parts))
    upstream.open("part-0")
    leave = asyncio.Event()
    asked = {"model": "chat-model", "messages": [{"role": "user", "content": "hi"}], "stream": True}
    async with asyncio.timeout(5):
        await door.ask("POST", "/v1/chat/completions", asked, leave=leave, on_part=lambda part: leave.set())
        await upstream.quiet()
    assert (door.row.status, door.row.error) == (499, "client_gone")
    assert door.row.usage.source == "estimated"
    assert door.row.usage.output > 0


async def test_a_client_that_leaves_before_the_head_closes_the_upstream(door: Door, upstream: Upstream) -> None:
    upstream.add(gated([b"data: [DONE]\n\n"])[1:])
    leave = asyncio.Event()
    asked = {"model": "chat-model", "messages": [{"role": "user", "content": "hi"}], "stream": True}
    async with asyncio.timeout(5):
        asking = asyncio.ensure_future(door.ask("POST", "/v1/chat/completions", asked, leave=leave))
        await upstream.seen()
        leave.set()
        await asking
        await upstream.quiet()
    assert door.row.error == "client_gone"


@pytest.mark.parametrize(
    ("limits", "steps", "code"),
    [
        (Timeouts(connect=2, first_byte=0.1, idle=5, total=5), (), "upstream_timeout"),
        (Timeouts(connect=2, first_byte=5, idle=0.1, total=5), "stall", "upstream_idle_timeout"),
        (Timeouts(connect=2, first_byte=5, idle=5, total=0.2), "stall", "upstream_total_timeout"),
    ],
)
async def test_each_phase_has_its_own_timeout(upstream: Upstream, limits: Timeouts, steps: object, code: str) -> None:
    door = Door(release_for(upstream.url, limits))
    upstream.add(cut(b"data: 1\n\ndata: 2\n\n", 9, "stall") if steps == "stall" else gated([b""])[1:])
    asked = {"model": "chat-model", "messages": [{"role": "user", "content": "hi"}], "stream": True}
    async with asyncio.timeout(5):
        heard = await door.ask("POST", "/v1/chat/completions", asked)
        await upstream.quiet()
    assert door.row.error == code
    assert door.row.status == 504
    assert heard.ended


async def test_the_environments_deadline_bounds_everything(door: Door, upstream: Upstream) -> None:
    said = b'data: {"choices":[{"delta":{"content":"1"}}]}\n\n'
    upstream.add(cut(said * 2, len(said), "stall"))
    asked = {"model": "chat-model", "messages": [{"role": "user", "content": "hi"}], "stream": True}
    async with asyncio.timeout(5):
        heard = await door.ask("POST", "/v1/chat/completions", asked, deadline=door.clock.wall() + 4.3)
    assert heard.body.startswith(said)
    assert b'"error"' in heard.body
    assert door.row.error == "upstream_total_timeout"


async def test_two_requests_share_one_upstream_connection(door: Door, upstream: Upstream) -> None:
    upstream.add(reply(200, b"{}"))
    asked = {"model": "chat-model", "messages": [{"role": "user", "content": "hi"}]}
    for _ in range(3):
        await door.ask("POST", "/v1/chat/completions", asked)
    assert upstream.accepted == 1


async def test_a_store_that_refuses_the_row_does_not_hurt_the_client(
    door: Door, upstream: Upstream, caplog: pytest.LogCaptureFixture
) -> None:
    door.logs.down = True
    upstream.add(reply(200, b"{}"))
    heard = await door.ask(
        "POST", "/v1/chat/completions", {"model": "chat-model", "messages": [{"role": "user", "content": "hi"}]}
    )
    assert heard.status == 200
    assert "row=" in caplog.text
    assert "chat-model" in caplog.text


async def test_a_durable_key_leaves_a_running_row_first(upstream: Upstream) -> None:
    door = Door(release_for(upstream.url), keys=MemoryKeys(virtual_key(durable=True)))
    upstream.add(gated([b"data: [DONE]\n\n"]))
    asked = {"model": "chat-model", "messages": [{"role": "user", "content": "hi"}], "stream": True}
    asking = asyncio.ensure_future(door.ask("POST", "/v1/chat/completions", asked))
    await upstream.seen()
    while not door.logs.rows:
        await asyncio.sleep(0)
    assert door.logs.rows[0].state == "running"
    upstream.open("part-0", "part-end")
    await asking
    assert [row.state for row in door.logs.rows] == ["running", "done"]
    assert len({row.id for row in door.logs.rows}) == 1


async def test_bodies_are_kept_only_where_the_key_allows_it_and_redacted(upstream: Upstream) -> None:
    door = Door(release_for(upstream.url), keys=MemoryKeys(virtual_key(record_bodies=True)))
    upstream.add(reply(200, b'{"answer":"sk-proj-abcdefghijklmnop"}'))
    asked = {"model": "chat-model", "messages": [{"role": "user", "content": "my key is sk-ant-api03-abcdefghijklm"}]}
    await door.ask("POST", f"/v1/chat/completions?key={KEY}", asked, [("x-custom", "1"), ("cookie", "secret")])
    stored = repr(door.row)
    assert "my key is [redacted]" in (door.row.request_body or "")
    assert door.row.response_body == '{"answer":"[redacted]"}'
    assert door.row.request_headers == {"x-custom": "1", "cookie": "[redacted]"}
    for secret in (KEY, SECRET, "sk-proj-abc", "sk-ant-api03"):
        assert secret not in stored


async def test_large_bodies_go_to_the_object_store(upstream: Upstream) -> None:
    door = Door(release_for(upstream.url), keys=MemoryKeys(virtual_key(record_bodies=True)))
    upstream.add(reply(200, b"{}"))
    await door.ask(
        "POST", "/v1/chat/completions", {"model": "chat-model", "messages": [{"role": "user", "content": "x" * 5000}]}
    )
    assert door.row.request_body is None
    assert door.row.body_ref is not None
    document = json.loads(door.logs.bodies[door.row.body_ref])
    assert "x" * 5000 in document["request_body"]


async def test_streams_with_events_that_name_usage_in_their_text_pass(door: Door, upstream: Upstream) -> None:
    body = b'data: {"choices":[{"delta":{"content":"\\"usage\\" [DONE] \\"error\\""}}]}\n\ndata: [DONE]\n\n'
    upstream.add(events(body, EVENTS, pieces(body, 3)))
    asked = {"model": "chat-model", "messages": [{"role": "user", "content": "hi"}], "stream": True}
    heard = await door.ask("POST", "/v1/chat/completions", asked)
    assert heard.body == body
    assert door.row.error is None


@pytest.mark.parametrize(
    ("path", "model", "body", "status"),
    [
        ("/v1/chat/completions", "chat-model", b'{"error":{"message":"slow down","type":"rate_limit_error"}}', 429),
        ("/v1/chat/completions", "chat-model", b'{"error":"broken"}', 502),
        (
            "/v1/messages",
            "claude-model",
            b'{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}',
            529,
        ),
    ],
)
async def test_an_error_in_a_success_is_an_error_in_the_providers_words(
    door: Door, upstream: Upstream, path: str, model: str, body: bytes, status: int
) -> None:
    asked = {"model": model, "messages": [{"role": "user", "content": "hi"}]}
    upstream.add(reply(200, body), events(b"event: error\ndata: " + body + b"\n\n"))
    for stream in (False, True):
        heard = await door.ask("POST", path, asked | {"stream": stream})
        assert (heard.status, heard.body) == (status, body)
    for row in door.logs.rows:
        assert row.status == status
        assert row.error
        assert row.usage.source == "none"


async def test_a_head_that_is_too_long_is_refused_and_a_long_one_shortened(door: Door, upstream: Upstream) -> None:
    asked = {"model": "chat-model", "messages": [{"role": "user", "content": "hi"}]}
    upstream.add(
        reply(200, b"{}", (*JSON, ("x-huge", "x" * 400_000))),
        reply(200, b"{}", (*JSON, ("x-a", "1"), ("x-long", "y" * 30_000))),
    )
    assert (await door.ask("POST", "/v1/chat/completions", asked)).json()["error"]["code"] == "upstream_bad_answer"
    heard = await door.ask("POST", "/v1/chat/completions", asked)
    assert heard.header(b"x-a") == b"1"
    assert heard.header(b"x-long") is None

"""Streams under guardrails: cut anywhere, with matches across pieces, as events and as one array, in tools' arguments."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from tests.exchange.guarded import FILTERED, MAIL, MASKED, SAID, TARGETS, asking, guarded, pii, reason, said, stream
from tests.upstream.server import Upstream
from tests.upstream.steps import events, reply

from gateway.delivery import Asked, Client
from gateway.guardrails.checks import Check, check_of
from gateway.guardrails.output import Watched
from gateway.ingress import endpoints
from gateway.ingress.draft import Draft
from gateway.ingress.http import Reply, Request
from gateway.neutral.guardrails import Guardrail, Verdict
from gateway.watching import Rules, Stream

LONG = " and so on" * 60


async def _nobody(*_: object) -> None:
    raise AssertionError


def _stream(client: str, *rules: Guardrail) -> tuple[Stream, Watched]:
    """The guard's stream of a client, without anything around it."""
    target, body = asking(client, "hi", stream=True)
    path, _, query = target.partition("?")
    request = Request("POST", path, query, (), None, None)
    endpoint = endpoints.find("POST", path, query, "")
    assert endpoint.relay is not None
    peek = endpoint.relay.peek(json.dumps(body).encode())
    asked = Asked(
        endpoint.relay,
        peek,
        Client(request, _nobody, Reply(_nobody), endpoint.errors),  # type: ignore[arg-type]
        Draft("req_1", 0, 0.0, request),
    )
    watched = Watched([check_of(rule) for rule in rules])

    async def judge(_check: Check, _said: Sequence[str]) -> Verdict | None:
        raise AssertionError

    return Stream(asked, Rules(watched, (), judge, lambda: None), 0), watched


@pytest.mark.parametrize("client", TARGETS)
@pytest.mark.parametrize("action", ["mask", "block"])
def test_a_match_across_pieces_is_found_wherever_they_part(client: str, action: str) -> None:
    text = f"Dear {MAIL}, yours."
    for at in range(len(text)):
        found, watched = _stream(client, pii(action, "output"))
        told = found.feed(stream(client, text[:at], text[at:]), last=True) + found.close()
        words = said(client, told, streams=True)
        if action == "mask":
            assert words == "Dear [email], yours.", at
            assert not found.cut
        else:
            assert "jane" not in words, at
            assert reason(client, told, streams=True) == FILTERED[client], at
        assert [one.count for one in watched.verdicts] == [1], at


@pytest.mark.parametrize("client", TARGETS)
def test_a_stream_is_the_same_wherever_its_bytes_are_cut(client: str) -> None:
    whole = stream(client, SAID[:15], SAID[15:] + LONG)
    for at in range(1, len(whole), 3):
        found, _ = _stream(client, pii("mask", "output"))
        told = found.feed(whole[:at], last=False) + found.feed(whole[at:], last=True) + found.close()
        assert said(client, told, streams=True) == MASKED + LONG, at


def test_text_flows_while_there_is_more_than_the_window() -> None:
    found, _ = _stream("openai_chat", pii("mask", "output"))
    begun = stream("openai_chat", "x" * 600, "never").partition(b"never")[0].rpartition(b"data: ")[0]
    assert len(said("openai_chat", found.feed(begun, last=False), streams=True)) == 600 - 256


@pytest.mark.parametrize("action", ["mask", "block"])
async def test_a_growing_array_is_looked_at_and_stays_one(action: str, upstream: Upstream) -> None:
    door = guarded(upstream, pii(action, "output"))
    upstream.add(events(stream("gemini", SAID[:15], SAID[15:])))
    target, body = asking("gemini", "hi", stream=True)
    heard = await door.ask("POST", target.partition("?")[0], body)
    found = heard.json()
    assert isinstance(found, list)
    text = "".join(part["text"] for one in found for part in one["candidates"][0].get("content", {}).get("parts", []))
    assert text == (MASKED if action == "mask" else "")
    assert found[-1]["candidates"][0]["finishReason"] == ("STOP" if action == "mask" else "SAFETY")
    door.close()


async def test_an_error_in_the_middle_ends_the_stream_and_what_was_said_is_told(upstream: Upstream) -> None:
    door = guarded(upstream, pii("mask", "output"))
    begun = stream("openai_chat", SAID, "x").partition(b"\n\n")[0]
    upstream.add(events(begun + b'\n\ndata: {"error": {"message": "overloaded", "code": "busy"}}\n\n'))
    heard = await door.ask("POST", *asking("openai_chat", "hi", stream=True))
    assert said("openai_chat", heard.body, streams=True) == MASKED
    assert b"overloaded" in heard.body
    assert b"[DONE]" not in heard.body
    assert door.row.error == "upstream_error"
    door.close()


async def test_a_stream_is_looked_at_however_its_type_is_spelled(upstream: Upstream) -> None:
    door = guarded(upstream, pii("mask", "output"))
    upstream.add(reply(200, stream("openai_chat", SAID, "x"), (("content-type", "Text/Event-Stream; Charset=UTF-8"),)))
    heard = await door.ask("POST", *asking("openai_chat", "hi", stream=True))
    assert said("openai_chat", heard.body, streams=True) == MASKED + "x"
    door.close()


async def test_arguments_of_tools_are_looked_at_as_json(upstream: Upstream) -> None:
    cards = Guardrail("cards", "pii", ("output",), "mask", pii=("credit_card", "email"))
    door = guarded(upstream, cards)
    note = "x" * 700
    written = f'{{"note": "{note}", ' + '"card": 4111111111111111, "to": "jane.doe\\u0040example.org", "n": 3}'
    call = {"index": 0, "id": "call_1", "type": "function", "function": {"name": "pay", "arguments": ""}}
    deltas = [{"tool_calls": [call]}]
    deltas += [
        {"tool_calls": [{"index": 0, "function": {"arguments": written[at : at + 5]}}]}
        for at in range(0, len(written), 5)
    ]
    chunks = [{"id": "c", "choices": [{"index": 0, "delta": one, "finish_reason": None}]} for one in deltas]
    chunks.append({"id": "c", "choices": [{"index": 0, "delta": {}, "finish_reason": "tool_calls"}]})
    upstream.add(
        events(b"".join(b"data: " + json.dumps(one).encode() + b"\n\n" for one in chunks) + b"data: [DONE]\n\n")
    )
    heard = await door.ask("POST", *asking("openai_chat", "hi", stream=True))
    found = [json.loads(line[6:]) for line in heard.body.split(b"\n") if line.startswith(b"data: {")]
    told = "".join(
        call["function"].get("arguments", "")
        for one in found
        for choice in one["choices"]
        for call in choice["delta"].get("tool_calls", [])
    )
    assert json.loads(told) == {"note": note, "card": "[credit_card]", "to": "[email]", "n": 3}
    assert door.row.guardrails[0].count == 2
    door.close()

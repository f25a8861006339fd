"""A client that leaves takes its provider's answer with it: whenever it leaves, whole or streamed, in every dialect (R5)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from tests.exchange.dialects import CLIENTS, CONTENT_TYPE, MODELS, WORDS, asked, streamed, whole
from tests.exchange.kit import Door
from tests.upstream.server import Upstream
from tests.upstream.steps import EVENTS, JSON, Send, Stall, Step, Steps, framed, head, sends

from gateway.catalog.tokens import estimate_text, tokenizer_of

MOMENTS = ("before the head", "before the first token", "in the middle", "in the last event")
SECONDS = 1.0
PROVIDERS = (
    *(("openai_compatible", "up-chat"), ("openai", "gpt-5-codex"), ("anthropic_compatible", "up-claude")),
    *(("gemini_compatible", "up-gemini"), ("bedrock", "up.bedrock:1")),
)
# Every client's dialect in front of a provider that speaks it, and of one that does not.
WAYS = tuple((client, upstream) for client in CLIENTS for upstream in (client, "bedrock_converse"))


@dataclass
class Figures:
    slowest: float = 0.0
    cases: int = 0
    left_open: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def figures(pytestconfig: pytest.Config) -> Iterator[Figures]:
    found = Figures()
    # The provider runs in this process: what is loaded for the first estimate would hold it up, too.
    for kind, model in PROVIDERS:
        estimate_text(WORDS, tokenizer_of(kind, model))
    yield found
    capture = pytestconfig.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled():
        print(
            f"\nR5: {found.cases} clients left; the provider saw it after {found.slowest * 1000:.0f} ms at most, "
            f"{len(found.left_open)} connections stayed open"
        )


def parts_of(upstream: str, moment: str, *, stream: bool) -> list[bytes]:
    """What the provider sends, its head aside, before it falls silent."""
    pieces = streamed(upstream) if stream else [whole(upstream)[:-9], whole(upstream)[-9:]]
    if moment == "in the last event":
        return [*pieces[:-1], pieces[-1][:-1]]
    first = next((at for at, piece in enumerate(pieces) if WORDS[:6].encode() in piece), 0)
    return pieces[: first + 1] if moment == "in the middle" else []


def steps_of(upstream: str, moment: str, *, stream: bool) -> Steps:
    if moment == "before the head":
        return (Stall(),)
    kind = (("content-type", CONTENT_TYPE[upstream]),) if upstream in CONTENT_TYPE else EVENTS
    begun: Step = Send(head(200, (*(kind if stream else JSON), *framed("chunked", 0))))
    return (begun, *sends(parts_of(upstream, moment, stream=stream), "chunked"), Stall())


@pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])
@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("way", WAYS, ids=lambda way: "-".join(way))
async def test_the_provider_sees_it_leave(
    door: Door, upstream: Upstream, figures: Figures, way: tuple[str, str], moment: str, stream: bool
) -> None:
    client, spoken = way
    upstream.add(steps_of(spoken, moment, stream=stream))
    text = {"in the middle": WORDS[:6], "in the last event": WORDS[6:]}.get(moment) if stream else None
    heard, words, leave = bytearray(), asyncio.Event(), asyncio.Event()

    def on_part(part: bytes) -> None:
        heard.extend(part)
        if text is not None and text.encode() in heard:
            words.set()

    if text is None or (client == spoken == "gemini" and moment == MOMENTS[-1]):
        words.set()  # nothing of it can be with the client: Gemini's last words are in its last event
    expected = sum(len(part) for part in parts_of(spoken, moment, stream=stream))
    target, body = asked(client, MODELS[spoken], stream=stream)
    async with asyncio.timeout(5):
        asking = asyncio.ensure_future(door.ask("POST", target, body, leave=leave, on_part=on_part))
        await upstream.seen()
        await words.wait()
        while upstream.journal[0].sent < expected:
            await asyncio.sleep(0)
        began = asyncio.get_running_loop().time()
        leave.set()
        await upstream.quiet()
        took = asyncio.get_running_loop().time() - began
        answer = await asking
    figures.cases += 1
    figures.slowest = max(figures.slowest, took)
    figures.left_open += [f"{way} {moment}"] * len(upstream.connections)
    assert took <= SECONDS
    assert (len(upstream.connections), upstream.accepted, len(upstream.journal)) == (0, 1, 1), "and nobody asked again"
    assert not answer.ended or answer.status >= 400
    assert (door.row.status, door.row.error) == (499, "client_gone")
    assert [one.fault in {"client_gone", "cancelled"} for one in door.row.attempts] == [True]


async def test_a_client_that_stays_has_its_answer_and_the_connection_stays_too(door: Door, upstream: Upstream) -> None:
    """The proof above can fail: without a leaving client the connection is not closed."""
    upstream.add((Send(head(200, (*JSON, *framed("length", len(whole("openai_chat")))))), Send(whole("openai_chat"))))
    answer = await door.ask("POST", *asked("openai_chat", "chat-model", stream=False))
    assert (answer.status, len(upstream.connections), door.row.error) == (200, 1, None)
    door.close()
    await upstream.quiet()

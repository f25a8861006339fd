"""Two turns through a client of another dialect: it hands back what it got, and the upstream finds its own signatures, byte for byte."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from tests.wire.matrix import pairs
from tests.wire.matrix.questions import anthropic, chat, gemini, responses

from gateway.neutral.blocks import Signature, Text, Thinking, ToolCall
from gateway.neutral.collect import replay
from gateway.neutral.request import Message, Reasoning, Request, Tool
from gateway.neutral.response import Choice, Response, Stop
from gateway.neutral.usage import Usage
from gateway.wire.codec import Context
from gateway.wire.translation import Translator

DATA = "RXJVQkNrZ0lBUkFCR0FJaVFPWkY="
CALL = "U2Vjb25kIHNpZ25hdHVyZS4="


def thoughts(dialect: str) -> Response:
    """An answer of an upstream that signs: a thought, words, a call; Gemini signs the call, too."""
    signature = Signature(dialect, DATA)
    call = ToolCall(
        "call_1", "get_weather", '{"place":"x"}', signature=Signature(dialect, CALL) if dialect == "gemini" else None
    )
    return Response(
        (Choice((Thinking("They greet me.", signature), Text("Let me look."), call), Stop("tool_call")),),
        "id", "up", 1_700_000_000, Usage(3, output=4, source="upstream"),
    )  # fmt: skip


def withheld(dialect: str) -> Response:
    """A thought of which there is nothing to read."""
    blocks = (Thinking("", Signature(dialect, DATA), redacted=dialect != "openai_responses"), Text("Hi."))
    return Response((Choice(blocks, Stop("end")),), "id", "up", 1_700_000_000, Usage(3, output=4, source="upstream"))


def second_turn(client: str, answer: dict[str, Any], call: bool) -> dict[str, Any]:
    """What a client asks next: its first question, the answer as it stands, the result of a call."""
    if client == "openai_chat":
        message = answer["choices"][0]["message"]
        result = [chat.result(message["tool_calls"][0]["id"])] if call else [chat.USER]
        return chat.ask(chat.USER, message, *result, tools=[chat.TOOL])
    if client == "anthropic_messages":
        used = [block["id"] for block in answer["content"] if block["type"] == "tool_use"]
        result = [anthropic.user(anthropic.result(used[0]))] if call else [anthropic.USER]
        said = {"role": "assistant", "content": answer["content"]}
        return anthropic.ask(anthropic.USER, said, *result, tools=[anthropic.TOOL], thinking=anthropic.THINKING)
    if client == "gemini":
        result = [gemini.user(gemini.result("get_weather"))] if call else [gemini.USER]
        said = answer["candidates"][0]["content"]
        return gemini.ask(gemini.USER, said, *result, tools=gemini.tools(gemini.TOOL))
    used = [item["call_id"] for item in answer["output"] if item["type"] == "function_call"]
    result = [responses.result(used[0])] if call else [responses.user()]
    return responses.ask(responses.user(), *answer["output"], *result, tools=[responses.TOOL])


def returned(client: str, dialect: str, answer: Response, *, call: bool) -> str:
    """The upstream's second request as text."""
    own = pairs.known(client)
    assert own.encode_response is not None
    assert own.decode_request is not None
    told, _ = own.encode_response(answer, asked(client))
    request = own.decode_request(pairs.plain(second_turn(client, pairs.plain(told), call)), model="asked", stream=False)
    upstream = next(target for spoken, target in pairs.UPSTREAMS.values() if spoken == dialect)
    return orjson.dumps(pairs.known(dialect).encode_request(request, upstream).body).decode()


def asked(client: str) -> Context:
    first = pairs.context(client)
    tool = Tool("get_weather", "Weather.", {"type": "object", "properties": {"place": {"type": "string"}}})
    request = Request(
        client, "asked", (Message("user", (Text("Hello."),)),), tools=(tool,),
        reasoning=Reasoning(enabled=True, visible=True, summary="auto"), extras=first.request.extras,
    )  # fmt: skip
    return Context("req_1", "asked", 1_700_000_000, request, 9)


SIGNING = [pair for pair in pairs.ANSWERING if pair[0] != "openai_chat"]


@pytest.mark.parametrize(("dialect", "client"), SIGNING)
def test_a_signed_thought_comes_back_to_its_upstream(dialect: str, client: str) -> None:
    body = returned(client, dialect, thoughts(dialect), call=True)
    assert (CALL if dialect == "gemini" else DATA) in body
    assert "gateway.sig" not in body
    assert "Z2F0ZXdheS5zaWcxL" not in body  # an envelope that was not opened


@pytest.mark.parametrize(("dialect", "client"), [pair for pair in SIGNING if pair[0] != "gemini"])
def test_a_withheld_thought_comes_back_to_its_upstream(dialect: str, client: str) -> None:
    assert DATA in returned(client, dialect, withheld(dialect), call=False)


@pytest.mark.parametrize(("dialect", "client"), SIGNING)
def test_a_signature_never_goes_to_another_upstream(dialect: str, client: str) -> None:
    """The client's next turn is routed elsewhere: no signature, no envelope."""
    for other in sorted(pairs.BUILT - {dialect, client}):
        if {dialect, other} == {"anthropic_messages", "bedrock_converse"}:
            continue  # the same models, the same signatures
        body = returned(client, other, thoughts(dialect), call=True)
        assert DATA not in body, other
        assert CALL not in body, other
        assert "Z2F0ZXdheS5zaWcxL" not in body, other


@pytest.mark.parametrize(("dialect", "client"), SIGNING)
def test_a_streamed_thought_carries_the_same_signature(dialect: str, client: str) -> None:
    """Whole and streamed, a client is handed the same."""
    answer = thoughts(dialect)
    own = pairs.known(client)
    assert own.encode_response is not None
    assert own.encoder is not None
    told, _ = own.encode_response(answer, asked(client))
    translation = Translator(own.decoder("seed"), own.encoder(asked(client)))
    streamed = pairs.collected(client, translation.feed_events(replay(answer))).response()
    whole = own.decode_response(pairs.plain(told), "seed")
    assert _signatures(streamed) == _signatures(whole) != []


def _signatures(response: Response) -> list[str]:
    blocks = response.choices[0].blocks
    return [block.signature.data for block in blocks if isinstance(block, Thinking | ToolCall) and block.signature]

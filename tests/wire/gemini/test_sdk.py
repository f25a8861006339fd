"""Google's own client reads what is written here: streams, pings, errors, signatures that come back."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import orjson
import pytest
from google import genai
from google.genai import errors as google_errors
from google.genai import types
from tests.wire.gemini.cases import CASES, context

from gateway.errors import Unavailable
from gateway.neutral.blocks import Block, Media, Signature, Text, Thinking, ToolCall, ToolResult
from gateway.neutral.request import Reasoning, Tool, ToolChoice
from gateway.neutral.response import (
    BlockDelta,
    BlockEnd,
    BlockSignature,
    BlockStart,
    Choice,
    ChoiceEnd,
    Event,
    Failed,
    Finished,
    Response,
    Started,
    Stop,
)
from gateway.neutral.usage import Usage
from gateway.wire.gemini import errors
from gateway.wire.gemini.codec import CODEC
from gateway.wire.gemini.request_decode import decode
from gateway.wire.gemini.stream_encode import GeminiEncoder

FOREIGN = Signature("anthropic_messages", "EqQBCkYIARgC+/abc==")
USAGE = Usage(fresh=7, cache_read=3, output=9, reasoning=4, source="upstream")
EVENTS: list[Event] = [
    Started("up", "claude"),
    BlockStart(0, Thinking("")),
    BlockDelta(0, "Let me "),
    BlockDelta(0, "think."),
    BlockSignature(0, FOREIGN),
    BlockEnd(0),
    BlockStart(1, Thinking("", FOREIGN, redacted=True)),
    BlockEnd(1),
    BlockStart(2, Text("")),
    BlockDelta(2, "Hel"),
    BlockDelta(2, "lo 👋"),
    BlockEnd(2),
    BlockStart(3, ToolCall("toolu_1", "get_weather", "")),
    BlockDelta(3, '{"place": "Łó'),
    BlockDelta(3, 'dź", "n": 1.0}'),
    BlockEnd(3),
    ChoiceEnd(Stop("tool_call")),
    Finished(USAGE),
]


def client(body: bytes, sent: list[httpx.Request], status: int = 200) -> genai.Client:
    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        kind = "text/event-stream" if status == 200 and body.startswith((b"data:", b"\n")) else "application/json"
        return httpx.Response(status, headers={"content-type": kind}, stream=Bytes(body))

    inner = httpx.Client(transport=httpx.MockTransport(answer))
    return genai.Client(api_key="k", http_options=types.HttpOptions(base_url="http://gateway.test", httpx_client=inner))


class Bytes(httpx.SyncByteStream):
    """A body in pieces of seven bytes."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def __iter__(self) -> Iterator[bytes]:
        for at in range(0, len(self._data), 7):
            yield self._data[at : at + 7]


def stream_of(events: list[Event], *, pings: bool) -> bytes:
    encoder = GeminiEncoder(context())
    pieces = [encoder.ping()] if pings else []
    for event in events:
        pieces.append(encoder.feed(event))
        if pings:
            pieces.append(encoder.ping())
    return b"".join(pieces)


@pytest.mark.parametrize("pings", [False, True])
def test_a_chat_of_googles_client_brings_everything_back(pings: bool) -> None:
    """The second turn of a streamed chat holds the thought with its signature, the redacted one, the text and the call, as they were."""
    sent: list[httpx.Request] = []
    chat = client(stream_of(EVENTS, pings=pings), sent).chats.create(model="public-model")
    chunks = list(chat.send_message_stream("Hi"))
    assert "".join(chunk.text or "" for chunk in chunks) == "Hello 👋"
    last = chunks[-1]
    assert last.candidates is not None
    assert last.candidates[0].finish_reason == types.FinishReason.STOP
    assert last.usage_metadata is not None
    assert last.usage_metadata.total_token_count == 19
    list(chat.send_message_stream(types.Part.from_function_response(name="get_weather", response={"output": "12 °C"})))
    request = decode(orjson.loads(sent[1].content), model="m", stream=True)
    model = next(message for message in request.messages if message.role == "assistant")
    found: tuple[Block, ...] = model.blocks
    assert found == (
        Thinking("Let me think.", FOREIGN),
        Thinking("", FOREIGN, redacted=True),
        Text("Hello 👋"),
        ToolCall("toolu_1", "get_weather", '{"place":"Łódź","n":1.0}'),
        *found[4:],
    )
    assert [block for block in found[4:] if block != Text("")] == []


def test_googles_client_raises_what_failed_in_the_middle() -> None:
    events = [*EVENTS[:10], Failed("The provider's stream ended.", 503)]
    with pytest.raises(google_errors.ServerError) as caught:
        list(client(stream_of(events, pings=True), []).models.generate_content_stream(model="m", contents="x"))
    assert caught.value.code == 503
    assert caught.value.status == "UNAVAILABLE"


@pytest.mark.parametrize("status", [0, 200, 999])
def test_a_failure_always_has_a_status_that_is_an_errors(status: int) -> None:
    data = GeminiEncoder(context()).feed(Failed("x", status))
    assert orjson.loads(data.removeprefix(b"data: "))["error"]["code"] == 502


def test_googles_client_reads_refusals() -> None:
    body = errors.render(Unavailable("Not now.", headers={"retry-after": "3"}), "id")
    with pytest.raises(google_errors.ServerError) as caught:
        client(body, [], 503).models.generate_content(model="m", contents="x")
    assert caught.value.message == "Not now."


def test_a_whole_answer() -> None:
    blocks = (
        Thinking("a", FOREIGN),
        Text("b"),
        ToolCall("id1", "f", '{"x": 1}', signature=Signature("gemini", "Zm9v")),
    )
    assert CODEC.encode_response is not None
    body, losses = CODEC.encode_response(Response((Choice(blocks, Stop("tool_call")),), usage=USAGE), context())
    assert losses == ()
    answer = client(orjson.dumps(body), []).models.generate_content(model="m", contents="x")
    assert answer.text == "b"
    assert answer.function_calls is not None
    assert (answer.function_calls[0].id, answer.function_calls[0].args) == ("id1", {"x": 1})
    assert answer.candidates is not None
    assert answer.candidates[0].content is not None
    assert answer.candidates[0].content.parts is not None
    assert answer.candidates[0].content.parts[2].thought_signature == b"foo"


@pytest.mark.parametrize("one", CASES, ids=lambda one: one.name)
def test_googles_client_reads_the_fixtures(one: object) -> None:
    case = next(item for item in CASES if item is one)
    if case.name == "unknown_fields":
        return  # members that its types forbid
    chunks = list(client(case.stream, []).models.generate_content_stream(model="m", contents="x"))
    usage = chunks[-1].usage_metadata
    assert usage is not None
    assert usage.prompt_token_count == case.expected["usage"]["fresh"] + case.expected["usage"]["cache_read"] - (
        usage.tool_use_prompt_token_count or 0
    )


def test_what_googles_client_writes_is_read() -> None:
    """Its bodies mix both spellings and write schema types in capitals."""

    def get_weather(place: str, days: int = 1) -> str:
        """Weather of a place."""
        return f"{place} {days}"

    sent: list[httpx.Request] = []
    body = orjson.dumps({"candidates": [{"content": {"parts": [{"text": "{}"}]}, "finishReason": "STOP"}]})
    declared = types.FunctionDeclaration(name="f", parameters_json_schema={"type": "object", "properties": {"a_b": {}}})
    config = types.GenerateContentConfig(
        system_instruction="Be brief.",
        temperature=0.5,
        top_k=40,
        stop_sequences=["x"],
        tools=[types.Tool(function_declarations=[declared]), get_weather],
        tool_config=types.ToolConfig(
            function_calling_config=types.FunctionCallingConfig(
                mode=types.FunctionCallingConfigMode.ANY, allowed_function_names=["f"]
            )
        ),
        automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
        thinking_config=types.ThinkingConfig(include_thoughts=True, thinking_budget=64),
        response_mime_type="application/json",
        response_schema=types.Schema(
            type=types.Type.OBJECT, properties={"n": types.Schema(type=types.Type.INTEGER, nullable=True)}
        ),
    )
    contents = [types.Part.from_bytes(data=b"\xfb\xff", mime_type="image/png"), types.Part.from_text(text="see")]
    client(body, sent).models.generate_content(model="m", contents=contents, config=config)
    request = decode(orjson.loads(sent[0].content), model="m", stream=False)
    assert request.messages[0].blocks == (Text("Be brief."),)
    assert request.messages[1].blocks == (Media("image", "image/png", "+/8="), Text("see"))
    assert [tool.name for tool in request.tools or () if isinstance(tool, Tool)] == ["f", "get_weather"]
    weather = (request.tools or ())[1]
    assert isinstance(weather, Tool)
    assert weather.schema is not None
    assert weather.schema["properties"]["place"]["type"] == "string"
    assert request.tool_choice == ToolChoice("named", ("f",))
    assert request.format is not None
    assert request.format.schema == {"type": "object", "properties": {"n": {"type": ["integer", "null"]}}}
    assert request.reasoning == Reasoning(enabled=True, budget=64, visible=True)
    assert (request.temperature, request.top_k, request.stop) == (0.5, 40, ("x",))
    assert request.extras == {}


def test_calls_that_googles_client_runs_by_itself_come_back_with_their_results() -> None:
    """Automatic function calling: the second request holds the call with our id and the result of the Python function."""

    def get_weather(place: str) -> str:
        """Weather of a place."""
        return f"sunny in {place}"

    call = ToolCall("toolu_9", "get_weather", '{"place": "Oslo"}', signature=FOREIGN)
    assert CODEC.encode_response is not None
    first, _ = CODEC.encode_response(Response((Choice((call,), Stop("tool_call")),)), context())
    last, _ = CODEC.encode_response(Response((Choice((Text("Done."),), Stop("end")),)), context())
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, content=orjson.dumps(first if len(sent) == 1 else last))

    inner = httpx.Client(transport=httpx.MockTransport(answer))
    options = types.HttpOptions(base_url="http://gateway.test", httpx_client=inner)
    found = genai.Client(api_key="k", http_options=options).models.generate_content(
        model="m", contents="Oslo?", config=types.GenerateContentConfig(tools=[get_weather])
    )
    assert found.text == "Done."
    messages = decode(orjson.loads(sent[1].content), model="m", stream=False).messages
    assert messages[1].blocks == (ToolCall("toolu_9", "get_weather", '{"place":"Oslo"}', signature=FOREIGN),)
    result = messages[2].blocks[0]
    assert isinstance(result, ToolResult)
    assert (result.call_id, result.blocks) == ("toolu_9", (Text("sunny in Oslo"),))

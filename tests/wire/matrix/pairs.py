"""Every pair of dialects: who asks whom, and what comes of it."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import orjson
from tests.wire.bedrock_converse.aws_side import frames
from tests.wire.matrix import statements
from tests.wire.matrix.questions import anthropic, chat, gemini, responses

from gateway.errors import BadAnswer, InvalidRequest
from gateway.neutral.blocks import Text
from gateway.neutral.collect import Collector
from gateway.neutral.losses import Loss
from gateway.neutral.request import Message, Reasoning, Request, Tool
from gateway.neutral.response import Response
from gateway.neutral.sequence import Sequencer
from gateway.wire.codec import Codec, Context, Encoded, Upstream
from gateway.wire.codecs import codec
from gateway.wire.openai_chat.traits import COMPATIBLE, OPENAI
from gateway.wire.translation import Translator

FIXTURES: Final = Path(__file__).parent.parent / "fixtures"
_WORDS: Final = frozenset(["reasoning", "vision", "pdf", "tools", "parallel_tools", "json_schema"])
_CLAUDE: Final = _WORDS | {"thinking_budget", "prompt_caching", "effort"}

QUESTIONS: Final[Mapping[str, Mapping[str, dict[str, Any]]]] = {
    "openai_chat": chat.CASES,
    "openai_responses": responses.CASES,
    "anthropic_messages": anthropic.CASES,
    "gemini": gemini.CASES,
}
UPSTREAMS: Final[Mapping[str, tuple[str, Upstream]]] = {
    "openai_chat": ("openai_chat", Upstream("up", 32_000, _WORDS, OPENAI)),
    "openai_chat, compatible": ("openai_chat", Upstream("up", None, None, COMPATIBLE)),
    "openai_responses": ("openai_responses", Upstream("up", 32_000, _WORDS, OPENAI)),
    "anthropic_messages": ("anthropic_messages", Upstream("up", 32_000, _CLAUDE)),
    "gemini": ("gemini", Upstream("up", 32_000, _WORDS | {"thinking_budget"})),
    "bedrock_converse, Claude": (
        "bedrock_converse", Upstream("up", 32_000, _CLAUDE, frozenset(["claude", "cache_points", "cache_1h"])),
    ),
    "bedrock_converse, other": ("bedrock_converse", Upstream("up")),
}  # fmt: skip
DIALECTS: Final = tuple(dict.fromkeys(dialect for dialect, _ in UPSTREAMS.values()))
BUILT: Final = frozenset(dialect for dialect in DIALECTS if find_spec(f"gateway.wire.{dialect}.codec"))
ASKING: Final = [
    (client, upstream)
    for client in QUESTIONS
    for upstream, (dialect, _) in UPSTREAMS.items()
    if client != dialect and {client, dialect} <= BUILT
]


@functools.cache
def answers(dialect: str) -> tuple[str, ...]:
    """Cases that have both a whole answer and a stream."""
    names = sorted(path.name.partition(".")[0] for path in (FIXTURES / dialect).glob("*.response.json"))
    return tuple(name for name in names if list((FIXTURES / dialect).glob(f"{name}.stream.*")))


ANSWERING: Final = [
    (dialect, client)
    for dialect in DIALECTS
    for client in QUESTIONS
    if client != dialect and {client, dialect} <= BUILT and answers(dialect)
]


@dataclass(frozen=True)
class Outcome:
    """What came of one case. `silent` are changes that no loss speaks of."""

    losses: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    refused: str | None = None

    def entry(self) -> dict[str, Any]:
        """For the ledger: what there is of it."""
        members = {"refused": self.refused, "losses": self.losses, "changes": self.changes, "silent": self.silent}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in members.items() if value}


def known(name: str) -> Codec:
    return codec(name)  # type: ignore[arg-type]


def plain(value: Any) -> Any:
    """What stands on the wire."""
    return orjson.loads(orjson.dumps(value))


@functools.cache
def asked(client: str, case: str) -> Request | str:
    """The client's request in neutral form, or its refusal."""
    body = QUESTIONS[client][case]
    decode = known(client).decode_request
    assert decode is not None
    try:
        return decode(plain(body), model="asked", stream=bool(body.get("stream")))
    except InvalidRequest as error:
        return f"{error.code} {error.param}: {error.message}"


def ask(client: str, upstream: str, case: str) -> Outcome:
    """A client's request at an upstream of another dialect, and read back by that dialect's own reader of requests."""
    request = asked(client, case)
    if isinstance(request, str):
        return Outcome(refused=request)
    dialect, target = UPSTREAMS[upstream]
    try:
        encoded = known(dialect).encode_request(request, target)
    except InvalidRequest as error:
        return Outcome(refused=f"{error.code} {error.param}: {error.message}")
    return _read_back(request, encoded, dialect)


def _read_back(request: Request, encoded: Encoded, dialect: str) -> Outcome:
    """What the target's own reader of requests finds in the body, if the dialect has one."""
    losses = tuple(str(loss) for loss in encoded.losses)
    reader = known(dialect).decode_request
    if reader is None:
        return Outcome(losses)
    try:
        read = reader(plain(encoded.body), model="asked", stream=request.stream)
    except InvalidRequest as error:
        return Outcome(losses, silent=(f"unreadable: {error.message}",))
    declared = {tool.name if isinstance(tool, Tool) else tool.data.get("name", tool.type) for tool in read.tools or ()}
    if read.tool_choice is not None and not declared.issuperset(read.tool_choice.names):
        return Outcome(losses, silent=("unreadable: the choice names a tool that is not declared",))
    found = statements.changes(statements.of_request(request), statements.of_request(read))
    found = [one for one in found if not _same(one, request.dialect, dialect)]
    return Outcome(losses, tuple(found), tuple(one for one in found if not _told(one, request, encoded.losses)))


# An upstream of each dialect that takes whatever the dialect has.
_OWN: Final = {
    "openai_chat": Upstream("up", None, None, OPENAI | {"reasoning_content", "reasoning_details", "extra_content"}),
    "openai_responses": Upstream("up", None, None, OPENAI),
    "anthropic_messages": Upstream("up"),
    "gemini": Upstream("up"),
}


def ask_own(client: str, case: str) -> Outcome:
    """A client's request at an upstream of its own dialect."""
    request = asked(client, case)
    if isinstance(request, str):
        return Outcome(refused=request)
    own = known(client)
    assert own.decode_request is not None
    try:
        return _read_back(request, own.encode_request(request, _OWN[client]), client)
    except InvalidRequest as error:
        return Outcome(refused=f"{error.code} {error.param}: {error.message}")


_CONTENT: Final = frozenset(["messages", "contents", "input", "system", "systemInstruction", "instructions"])
# Changes that are no loss: (client's dialect, target's dialect, beginning of the change, why); None = any.
_SAME: Final = (
    (None, "anthropic_messages", "- format strict", "a schema is always kept to there"),
    (None, "gemini", "- format strict", "a schema is always kept to there"),
    ("anthropic_messages", None, "+ reasoning shown", "an Anthropic client always sees the thoughts"),
    (None, "anthropic_messages", "- reasoning shown", "an Anthropic upstream always shows the thoughts"),
    ("gemini", None, "+ reasoning shown", "who asks for thinking is shown it: the SDKs tell thoughts from words"),
    (None, "gemini", "+ extras gemini.toolConfig.", "a mode of Google's that says what the client asked for"),
)


def _else(change: str) -> set[str]:
    """Fields besides the conversation whose loss changes it: calls change with custom tools, and a form is asked for in words."""
    tools = {"tools"} if "by free text" in change or "{" in change else set()
    return tools | ({"format"} if "JSON" in change or "schema" in change else set())


def _same(change: str, client: str, dialect: str) -> bool:
    return any(
        first in {None, client} and second in {None, dialect} and change.startswith(beginning)
        for first, second, beginning, _ in _SAME
    )


def _told(change: str, request: Request, losses: Iterable[Loss]) -> bool:
    """Whether a loss speaks of the field that a change is about."""
    about = change[2:].partition(" ")[0] if change[:2] in {"- ", "+ "} else "messages"
    heads = {loss.field.partition("[")[0].partition(".")[0] for loss in losses} | {loss.field for loss in losses}
    if about == "extras":
        return any(loss.field.endswith(change.partition(".")[2]) for loss in losses)
    if about == "tools" and request.tool_choice is not None and request.tool_choice.mode == "named":
        return True  # the choice among some tools is kept by offering those alone
    if about in {"messages", "order", "name"}:
        return not heads.isdisjoint(_CONTENT | _else(change))
    return about in heads


# -- answers ------------------------------------------------------------------------------------------------------------------------------------


def whole(dialect: str, case: str) -> Any:
    return orjson.loads((FIXTURES / dialect / f"{case}.response.json").read_bytes())


@functools.cache
def stream(dialect: str, case: str) -> bytes:
    if dialect == "bedrock_converse":
        return b"".join(frames(case))
    return (FIXTURES / dialect / f"{case}.stream.sse").read_bytes()


@functools.cache
def context(client: str) -> Context:
    """A client that wants to be told everything there is."""
    extras = {"openai_responses": {"include": ["reasoning.encrypted_content", "message.output_text.logprobs"]}}
    request = Request(
        client, "asked", (Message("user", (Text("Hello."),)),), stream=True, stream_usage=True, logprobs=True, choices=2,
        tools=tuple(Tool(name, custom=True) for name in ("apply_patch", "run_sql")) if client.startswith("openai") else None,
        reasoning=Reasoning(enabled=True, visible=True, summary="auto"),
        extras=extras if client == "openai_responses" else {},
    )  # fmt: skip
    return Context("req_1", "asked", 1_700_000_000, request, 9)


def collected(dialect: str, data: bytes) -> Collector:
    """A stream of this dialect, read to its end."""
    decoder, sequencer, collector = known(dialect).decoder("seed"), Sequencer(), Collector()
    for event in [*decoder.feed(data), *decoder.close()]:
        for told in sequencer.feed(event):
            collector.feed(told)
    for told in sequencer.close():
        collector.feed(told)
    return collector


def translator(dialect: str, client: str) -> Translator:
    encoder = known(client).encoder
    assert encoder is not None
    return Translator(known(dialect).decoder("seed"), encoder(context(client)))


def answer(dialect: str, client: str, case: str) -> Outcome:
    """A whole answer for a client, read back by the client's dialect's own reader of answers."""
    try:
        response = known(dialect).decode_response(whole(dialect, case), "seed")
    except BadAnswer as error:
        return Outcome(refused=f"{error.status} {error.code}: {error.message}")
    encode = known(client).encode_response
    assert encode is not None
    body, losses = encode(response, replace(context(client), request=replace(context(client).request, stream=False)))
    read = known(client).decode_response(plain(body), "seed")
    return _compared(response, read, losses)


def answer_stream(dialect: str, client: str, case: str) -> Outcome:
    """A streamed answer for a client, read back likewise."""
    data = stream(dialect, case)
    told = collected(dialect, data)
    translation = translator(dialect, client)
    out = translation.feed(data) + translation.close()
    if told.failed is not None:
        assert not translation.finished
        assert translation.failed is not None
        return Outcome(refused=f"{told.failed.status} {told.failed.code}: {told.failed.message}")
    assert translation.finished
    read = collected(client, out)
    assert read.finished, read.failed
    return _compared(told.response(), read.response(), translation.losses)


def _compared(before: Response, after: Response, losses: Iterable[Loss]) -> Outcome:
    found = statements.changes(statements.of_answer(before), statements.of_answer(after))
    return Outcome(tuple(str(loss) for loss in losses), tuple(found))


def joined(changes: Iterable[str], sign: str) -> str:
    """The words of these changes of one sign, without what they are called: a refusal may become a text, two texts one."""
    return "".join(one.partition(": ")[2] or one for one in changes if one.startswith(sign)).replace(" ", "")


def last_frame(data: bytes) -> bytes:
    """The last message of an event stream: each begins with its length."""
    at = 0
    while at + int.from_bytes(data[at : at + 4]) < len(data):
        at += int.from_bytes(data[at : at + 4])
    return data[at:]

"""The demo model: what it says, what it calls, how it counts. Deterministic: the same question gets the same answer.

Tokens follow a rule anybody can check by hand: one per four bytes of UTF-8, rounded up; three more per message. What makes it call, think or
answer in JSON is the same in every dialect: infra/local/README.md lists it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

FILLER = """the gateway carried this question to a demo model and every word of the answer travels back the same way as it is written
so you can watch a stream arrive count its tokens see its price and find its row in the logs without any provider key"""


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool the client offers: its name and the JSON schema of its arguments; a `custom` one takes free text."""

    name: str
    schema: Mapping[str, Any]
    custom: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A conversation, reduced to what the demo model looks at.

    `last` is the newest user text; `tool_result` is set when the newest message answers tool calls; `force` names a tool or is "any";
    `schema` is set when the client wants JSON ({} = any object). `input_tokens` counts the input. `think` None = nobody said.
    """

    model: str
    last: str
    input_tokens: int
    tools: tuple[Tool, ...] = ()
    force: str | None = None
    tool_result: str | None = None
    schema: Mapping[str, Any] | None = None
    max_tokens: int | None = None
    stops: tuple[str, ...] = ()
    images: int = 0
    files: int = 0
    think: bool | None = None

    @property
    def cached_tokens(self) -> int:
        """Input that is said to come from the cache: half of it when the question has the word "cached"."""
        return self.input_tokens // 2 if re.search(r"\bcached\b", self.last, re.IGNORECASE) else 0


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call the model makes: `arguments` is a JSON object, `{"input": text}` for a custom tool."""

    name: str
    arguments: Mapping[str, Any]
    custom: bool = False

    @property
    def written(self) -> str:
        """The arguments as the model writes them."""
        return str(self.arguments["input"]) if self.custom else json.dumps(self.arguments, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """Text or tool calls, perhaps with a thought before. `ended` is stop, length, stop_sequence or tool_call; `stop` names the sequence.

    `output_tokens` are those of text and calls, `thought_tokens` those of the thought.
    """

    text: str
    calls: tuple[ToolCall, ...]
    ended: str
    output_tokens: int
    stop: str | None = None
    thought: str = ""

    @property
    def thought_tokens(self) -> int:
        """Tokens of the thought, 0 without one."""
        return tokens(self.thought)


def tokens(text: str) -> int:
    """One per four bytes, rounded up."""
    return -(-len(text.encode("utf-8", "surrogatepass")) // 4)


def words(text: str) -> Iterator[str]:
    """The pieces a stream is cut into; they join to the text."""
    return iter(re.findall(r"\s*\S+|\s+$", text))


def sign(dialect: str, text: str) -> str:
    """The opaque signature that the demo model puts on a thought or a call, and wants back unchanged."""
    return base64.b64encode(hashlib.sha512(f"{dialect}\n{text}".encode("utf-8", "surrogatepass")).digest()).decode()


def answer(question: Question) -> Answer:
    """What the demo model replies."""
    thought = _thought(question)
    calls = _calls(question)
    if calls:
        spent = sum(tokens(call.name) + tokens(call.written) for call in calls)
        return Answer("", calls, "tool_call", spent, thought=thought)
    text, ended, stop = _cut(_text(question), question)
    return Answer(text, (), ended, max(1, tokens(text)), stop, thought)


def _thought(question: Question) -> str:
    """It thinks when the client asks for it, or the question has the word "think" and nobody forbade it."""
    wanted = question.think
    if wanted is None:
        wanted = re.search(r"\bthink\b", question.last, re.IGNORECASE) is not None
    if not wanted:
        return ""
    about = "a tool's answer" if question.tool_result is not None else f"“{question.last.strip()[:100]}”"
    return f"The newest message is {about}. I should answer it as I always do."


def _calls(question: Question) -> tuple[ToolCall, ...]:
    """The call of the chosen tool, twice when the question says "in parallel"."""
    tool = _chosen_tool(question)
    if tool is None:
        return ()
    given = {"input": question.last.strip()} if tool.custom else _example(tool.schema, question.last, top=True)
    call = ToolCall(tool.name, given, tool.custom)
    return (call, call) if "in parallel" in question.last.lower() else (call,)


def _cut(text: str, question: Question) -> tuple[str, str, str | None]:
    found = [(text.index(stop), stop) for stop in question.stops if stop and stop in text]
    if found:
        at, stop = min(found)
        return text[:at], "stop_sequence", stop
    if question.max_tokens is not None and tokens(text) > question.max_tokens:
        whole = text.encode()[: 4 * question.max_tokens].decode("utf-8", "ignore")
        return whole, "length", None
    return text, "stop", None


def _text(question: Question) -> str:
    if question.schema is not None:
        return json.dumps(_example(question.schema, question.last, top=True), ensure_ascii=False)
    if question.tool_result is not None:
        return f"The tool answered: {question.tool_result.strip()[:400]}"
    asked = question.last.strip()
    many = re.search(r"\b(\d{1,4}) words\b", asked)
    if many:
        filler = FILLER.split()
        return " ".join(filler[at % len(filler)] for at in range(int(many.group(1))))
    count = re.search(r"\bcount (?:up )?to (\d{1,3})\b", asked, re.IGNORECASE)
    if count:
        return ", ".join(str(number) for number in range(1, int(count.group(1)) + 1)) + "."
    spoken = re.match(r"(?:say|repeat|reply with|answer with)(?: exactly)?:?\s+(.+)", asked, re.IGNORECASE | re.DOTALL)
    if spoken:
        return spoken.group(1).strip().strip("\"'")
    return _small_talk(asked, question)


def _small_talk(asked: str, question: Question) -> str:
    shown = [(question.images, "image"), (question.files, "file")]
    seen = " and ".join(f"{number} {name}{'s' if number > 1 else ''}" for number, name in shown if number)
    seen = f" I was shown {seen}." if seen else ""
    if re.match(r"(hello|hi|hey|good (morning|evening)|hallo)\b", asked, re.IGNORECASE):
        opening = "Hello! Nice to hear from you."
    elif not asked:
        opening = "You sent no text, so here is some of mine."
    else:
        opening = f"You asked: “{asked[:300]}”."
    return (
        f"{opening}{seen} I am {question.model}, the demo model of this gateway. I know nothing, but I answer word by word, "
        f"and this very request is now a row in your logs."
    )


def _chosen_tool(question: Question) -> Tool | None:
    """The forced tool; else the one whose name shares a word with the newest question, unless its result is already there."""
    if question.tool_result is not None or not question.tools:
        return None
    if question.force is not None:
        return next((tool for tool in question.tools if tool.name == question.force), question.tools[0])
    said = set(re.findall(r"[a-z]{4,}", question.last.lower()))
    for tool in question.tools:
        parts = re.findall(r"[a-z]{4,}", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", tool.name).lower())
        if said & set(parts):
            return tool
    return None


def _example(schema: Mapping[str, Any], said: str, top: bool = False) -> Any:
    """A value that fits a JSON schema, with words of the question where it wants text."""
    if "enum" in schema:
        return schema["enum"][0]
    if "const" in schema:
        return schema["const"]
    kind = schema.get("type", "object" if top or "properties" in schema else "string")
    kind = next((name for name in kind if name != "null"), "null") if isinstance(kind, list) else kind
    if kind == "object":
        properties = schema.get("properties", {})
        wanted = schema.get("required") or list(properties)
        return {name: _example(properties.get(name, {}), said) for name in wanted} or (
            {"answer": said[:100]} if top else {}
        )
    if kind == "array":
        return [_example(schema.get("items", {}), said)]
    plain = {"integer": 1, "number": 1.5, "boolean": True, "null": None}
    return plain[kind] if kind in plain else _subject(said)


def _subject(said: str) -> str:
    """What a question is about: the capitalised words after in/for/about, else its last word."""
    named = re.search(r"\b(?:in|for|at|about|of)\s+([A-Z][\w-]*(?:\s+[A-Z][\w-]*)*)", said)
    if named:
        return named.group(1)
    last = re.findall(r"[\w-]+", said)
    return last[-1] if last else "something"


def embedding(text: str, size: int) -> list[float]:
    """A unit vector of `size` numbers; texts that share words point in similar directions."""
    vector = [0.0] * size
    for word in re.findall(r"\w+", text.lower()) or [text]:
        digest = hashlib.sha256(word.encode("utf-8", "surrogatepass")).digest()
        for at in range(0, 32, 4):
            number = int.from_bytes(digest[at : at + 4], "big")
            vector[(number >> 1) % size] += 1.0 if number & 1 else -1.0
    length = math.sqrt(sum(value * value for value in vector)) or 1.0
    return [round(value / length, 8) for value in vector]

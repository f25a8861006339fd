"""What the pairs of client and upstream dialect are tested with: the demo models, one per upstream dialect, and what they are known to say.

The demo upstream's rules are in infra/local/README.md: it says what it is told to say, calls the tool whose name shares a word with the
question, thinks when asked to, and counts one token per four bytes. So every text, call and number below is known beforehand.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from infra.local.demo_upstream.speech import tokens
from pydantic import BaseModel


@dataclass(frozen=True, slots=True)
class Upstream:
    """A demo model: the id clients ask for, and where it leads. `counts_thoughts`: its usage tells reasoning tokens apart."""

    model: str
    provider: str
    dialect: str
    upstream_model: str
    counts_thoughts: bool = True


UPSTREAMS = (
    Upstream("demo-gpt", "demo-openai", "openai_chat", "demo-gpt"),
    Upstream("demo-responses", "demo-responses", "openai_responses", "gpt-5-codex"),
    Upstream("demo-claude", "demo-anthropic", "anthropic_messages", "demo-claude", counts_thoughts=False),
    Upstream("demo-gemini", "demo-gemini", "gemini", "demo-gemini"),
    Upstream("demo-bedrock", "demo-bedrock", "bedrock_converse", "anthropic.claude-demo-1", counts_thoughts=False),
)


def room(upstream: Upstream) -> int:
    """A limit of output tokens that the model allows, with room for thinking where that counts."""
    return 16_000 if upstream.dialect == "openai_chat" else 32_000


SYSTEM = "You are kind."
TEXT = "Grüße from the cached wörld: 日本語, \U0001f469\u200d\U0001f680, “quotes”, a\\b and <b>tags</b>."
SAY = f"Say: {TEXT}"
THINK = "Say: forty-two"
WEATHER = "What is the weather in Rome?"
TWICE = "What is the weather in Oslo, asked in parallel?"
RESULTS = ("7 degrees", "9 degrees, \u201csunny\u201d")
HELLO = "Hello"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
COUNT = "Count to 10"
LONG = "Write 200 words"
CUT = "the gateway carried this question to a demo model and every word"
"""What is said of `LONG` in 16 tokens."""

PLACE = {"type": "object", "properties": {"place": {"type": "string"}}, "required": ["place"]}
TOOLS = (("get_time", "The time at a place.", PLACE), ("get_weather", "The weather at a place.", PLACE))


class City(BaseModel):
    """What structured answers are parsed into."""

    name: str
    inhabitants: int
    capital: bool
    mayors: list[str]


CITY = City(name="Rome", inhabitants=1, capital=True, mayors=["Rome"])
ABOUT_CITY = "Tell me about Rome"


def thought(question: str) -> str:
    """What a demo model thinks about a question."""
    return f"The newest message is “{question}”. I should answer it as I always do."


def tool_answer(results: Sequence[str]) -> str:
    """What a demo model says of its tools' results."""
    return "The tool answered: " + "\n".join(results)


def seen(upstream: Upstream) -> str:
    """What a demo model says when it is greeted with a picture."""
    return (
        f"Hello! Nice to hear from you. I was shown 1 image. I am {upstream.upstream_model}, the demo model of this gateway. "
        f"I know nothing, but I answer word by word, and this very request is now a row in your logs."
    )


@dataclass(frozen=True, slots=True)
class Spent:
    """The tokens of an answer: `input` with those from the cache, `output` with those of thoughts."""

    input: int
    cached: int
    output: int
    thoughts: int


def spent(
    upstream: Upstream, question: str, said: str, system: str = "", thinking: str = "", system_turn: bool = True
) -> Spent:
    """What the demo upstream counts for a question without tools. `system_turn`: OpenAI gets the system prompt as a message of its own."""
    went_in = 3 + tokens(question) + tokens(system)
    if upstream.dialect in {"openai_chat", "openai_responses"} and system and system_turn:
        went_in += 3
    if upstream.dialect != "openai_responses":
        went_in += tokens(json.dumps(""))  # no tools
    cached = went_in // 2 if "cached" in question else 0
    return Spent(
        went_in,
        cached,
        tokens(said) + tokens(thinking),
        tokens(thinking) if upstream.counts_thoughts else 0,
    )


def check_row(
    row: dict[str, Any],
    upstream: Upstream,
    usage: Spent | None = None,
    losses: Sequence[str] = (),
    stream: bool = False,
) -> None:
    """The row names provider and models, has the upstream's own usage and exactly these losses (`field: action`)."""
    facts = {name: row.get(name) for name in ("status", "error", "provider", "model", "upstream_model", "stream")}
    assert facts == {
        "status": 200,
        "error": None,
        "provider": upstream.provider,
        "model": upstream.model,
        "upstream_model": upstream.upstream_model,
        "stream": stream,
    }
    assert row["usage_source"] == "upstream"
    assert row["cost_nano"] > 0
    if usage is not None:
        counted = Spent(row["input_tokens"], row["cache_read_tokens"], row["output_tokens"], row["reasoning_tokens"])
        assert counted == usage
    assert sorted(lost(row)) == sorted(losses)


def lost(row: dict[str, Any]) -> list[str]:
    """The row's losses without their reasons."""
    return [": ".join(entry.split(": ")[:2]) for entry in json.loads(row.get("losses", "[]"))]

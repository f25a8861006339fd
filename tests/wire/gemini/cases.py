"""The fixtures of this dialect, and ways to feed a stream."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from gateway.neutral.blocks import Block
from gateway.neutral.request import Request
from gateway.neutral.response import ChoiceEnd, Event, Failed, Finished, Started
from gateway.wire.codec import Context
from gateway.wire.gemini.response_decode import collected
from gateway.wire.gemini.stream_decode import GeminiDecoder

FOLDER = Path(__file__).parent.parent / "fixtures" / "gemini"


@dataclass(frozen=True)
class Case:
    name: str
    request: dict[str, Any]
    response: dict[str, Any]
    stream: bytes
    expected: dict[str, Any]


def load() -> list[Case]:
    found = []
    for path in sorted(FOLDER.glob("*.expected.json")):
        name = path.name.removesuffix(".expected.json")
        request, response = (
            orjson.loads((FOLDER / f"{name}.{kind}.json").read_bytes()) for kind in ("request", "response")
        )
        found.append(
            Case(name, request, response, (FOLDER / f"{name}.stream.sse").read_bytes(), orjson.loads(path.read_bytes()))
        )
    return found


CASES = load()


def case(name: str) -> Case:
    return next(one for one in CASES if one.name == name)


def fed(data: bytes, step: int) -> list[Event]:
    decoder = GeminiDecoder("seed")
    events: list[Event] = []
    for at in range(0, len(data), step):
        events += decoder.feed(data[at : at + step])
    return [*events, *decoder.close()]


def choice_blocks(events: list[Event], choice: int = 0) -> tuple[Block, ...]:
    inner = [one for one in events if not isinstance(one, Started | ChoiceEnd | Finished | Failed)]
    return collected([one for one in inner if one.choice == choice])


def context(request: Request | None = None) -> Context:
    asked = request or Request("gemini", "m", ())
    return Context(id="req-1", model="public-model", created=1_700_000_000, request=asked)

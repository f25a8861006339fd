"""R3 through a real port: 240 of the offsets that tests/e2e/inprocess cuts at, at both doors, with RST, FIN and an orderly end in turn."""

from __future__ import annotations

import pytest
from tests.e2e.dialects import ends_well, ends_with_error
from tests.e2e.doors import Call
from tests.e2e.test_bytes import body_for
from tests.upstream import cut, fixtures
from tests.upstream.background import BackgroundUpstream
from tests.upstream.steps import Ending

ENDINGS: tuple[Ending, ...] = ("reset", "close", "clean")
CUTS = 120


CASES = [
    ("openai_chat/text", "chat"),
    ("openai_responses/text", "responses"),
    ("anthropic_messages/text", "claude"),
    ("gemini/text", "gemini"),
]


@pytest.mark.parametrize(("name", "prefix"), CASES)
def test_cut_streams_end_in_an_error(call: Call, upstream: BackgroundUpstream, name: str, prefix: str) -> None:
    fixture = fixtures.by_name(name)
    assert fixture.stream is not None
    whole = len(fixture.stream.rstrip(b"\r\n"))
    path = fixture.target(True, "scripted").partition("?")[0]
    model = None if prefix == "gemini" else "scripted"
    wrong = []
    with call.http(**{"content-type": "application/json"}) as client:
        for number in range(CUTS):
            at = number * whole // CUTS
            upstream.add(cut(fixture.stream, at, ENDINGS[number % 3]), path=path, model=model)
            target = fixture.target(True, f"{prefix}-scripted")
            answer = client.post(target, content=body_for(fixture, True, f"{prefix}-scripted"))
            failed = answer.status_code >= 500 or ends_with_error(prefix, answer.content)
            if not failed or ends_well(prefix, answer.content):
                wrong.append((at, answer.status_code, answer.content[-100:]))
    rows = call.rows(CUTS)
    told = sum(1 for row in rows if row.get("error"))
    print(f"\nR3 {name} through {call.door.name}: {CUTS - len(wrong)}/{CUTS} cuts end in an error, {told} rows say so")
    assert not wrong
    assert all(row.get("error") and row["status"] >= 500 for row in rows)

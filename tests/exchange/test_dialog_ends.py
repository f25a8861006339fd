"""Messages of dialogs that end before their time: by what nobody thought of, and on demand."""

from __future__ import annotations

from typing import Any

import pytest
from tests.exchange.talking import Talking, said
from tests.upstream.server import Upstream

from gateway.dialogs import prompt
from gateway.neutral.dialogs import Mark
from gateway.serving import Serving


@pytest.fixture
def talk(upstream: Upstream) -> Talking:
    return Talking.begin(upstream, token_grant=1_000_000)


@pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])
async def test_what_nobody_thought_of_ends_the_turn(
    talk: Talking, upstream: Upstream, stream: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else its question would be at work for the length of a lease, and every other try a conflict."""
    with monkeypatch.context() as odd:
        odd.setattr(prompt, "question", _odd)
        heard = await (talk.stream if stream else talk.whole)("Hi", message_id="m-0")
        assert heard.status == 500, "before it has begun"
    assert talk.stored == []
    with monkeypatch.context() as odd:
        odd.setattr(Serving, "_drive", _odd)
        heard = await (talk.stream if stream else talk.whole)("Hi", message_id="m-1")
    assert (heard.status, heard.json()["code"]) == (500, "INTERNAL_ERROR")
    (question,) = talk.stored
    assert question.error == Mark("INTERNAL_ERROR", "The gateway failed internally; the error was recorded.")
    upstream.add(said("Hello"))
    assert (await talk.whole("Hi", message_id="m-1")).status == 201


def _odd(*_: Any) -> Any:
    raise RuntimeError("odd")

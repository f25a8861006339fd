"""Files, hidden texts and tiers, through the whole exchange: what a request holds, and what is free."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.exchange import dialects
from tests.exchange.kit import release_for
from tests.exchange.test_limits_evaded import BUDGET, door_with, held
from tests.upstream.server import Upstream
from tests.upstream.steps import reply

from gateway.neutral.config import Model

INPUT = 150  # nano-dollars per token of input of the models here


def asks(block: Any) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": [block]}], "max_tokens": 16}


async def test_a_file_by_its_id_holds_the_window(upstream: Upstream) -> None:
    block = {"type": "file", "file": {"file_id": "file-1"}}
    assert await held(upstream, "openai_chat", **asks(block)) >= 100_000 * INPUT


async def test_a_document_holds_its_bytes(upstream: Upstream) -> None:
    block = {"type": "file", "file": {"file_data": "data:application/pdf;base64," + "A" * 40_000}}
    assert 40_000 * INPUT <= await held(upstream, "openai_chat", **asks(block)) < 60_000 * INPUT


async def test_a_picture_holds_little_however_long_its_data(upstream: Upstream) -> None:
    block = {"type": "image_url", "image_url": {"url": "data:image/png;base64," + "A" * 1_000_000}}
    assert await held(upstream, "openai_chat", **asks(block)) < 60_000 * INPUT


async def test_a_text_that_hides_behind_a_type_is_held(upstream: Upstream) -> None:
    hidden = {"role": "user", "type": "image_url", "content": "word " * 100_000}
    assert await held(upstream, "openai_chat", messages=[hidden], max_tokens=16) >= 100_000 * INPUT
    plain = [{"role": "user", "content": "hi"}]
    more = {"messages": plain, "prediction": {"type": "content", "content": "word " * 100_000}}
    assert await held(upstream, "openai_chat", max_tokens=16, **more) >= 100_000 * INPUT


async def test_counting_tokens_is_free_where_nobody_knows_the_price(upstream: Upstream) -> None:
    found = release_for(upstream.url)
    models = tuple(replace(one, price=None) for one in found.models)
    door = door_with(replace(found, models=models), BUDGET)
    upstream.add(reply(200, b'{"input_tokens":7}'))
    name = dialects.MODELS["anthropic_messages"]
    assert any(isinstance(one, Model) and one.id == name for one in models)
    body = {"model": name, "messages": [{"role": "user", "content": "hi"}]}
    heard = await door.ask("POST", "/v1/messages/count_tokens", body)
    assert heard.status == 200
    target, body = dialects.asked("anthropic_messages", name, stream=False)
    assert (await door.ask("POST", target, body)).status == 403

"""A semantic cache with the deployment's own embedder: the real vectors, the real guards, and Lambda's Invoke over the signed client."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from infra.local.functions import create_app
from infra.local.server import bind, serving
from tests.exchange.kit import Door, MemoryKeys, release_for, virtual_key
from tests.exchange.test_cache import asking
from tests.exchange.test_shapes import ANSWER
from tests.upstream.server import Upstream
from tests.upstream.steps import JSON, reply

from embedder.app import embed
from gateway.aws.credentials import from_environ
from gateway.aws.embedder import OfflineEmbedder
from gateway.aws.functions import Functions
from gateway.aws.session import AwsSession
from gateway.clock import Clock
from gateway.neutral.caching import CacheRule
from gateway.transport.pool import Pool

ENVIRON = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}
CHAT = "/v1/chat/completions"


@pytest.fixture
def door(upstream: Upstream) -> Iterator[Door]:
    release = release_for(upstream.url)
    route = replace(release.routes[0], cache=CacheRule(mode="semantic"))
    door = Door(replace(release, routes=(route,)), MemoryKeys(virtual_key()))
    yield door
    door.close()


@pytest.fixture
async def functions() -> AsyncIterator[Functions]:
    async def good(event: Mapping[str, Any]) -> Any:
        return embed(event)

    async def bad(event: Mapping[str, Any]) -> Any:
        raise ValueError(f"{len(event)} members")

    async def strange(event: Mapping[str, Any]) -> Any:
        del event
        return {"vectors": "none"}

    clock = Clock()
    pool = Pool(clock.wall)
    with bind(0) as sock:
        sock.listen(8)
        url = f"http://127.0.0.1:{sock.getsockname()[1]}"
        async with serving(create_app({"good": good, "bad": bad, "strange": strange}), sock):
            yield Functions(AwsSession("eu-central-1", url, from_environ(ENVIRON, clock), clock, pool=pool))
            pool.close()


async def test_a_question_that_means_the_same_is_answered_without_asking_anybody(
    door: Door, upstream: Upstream
) -> None:
    questions = ["How do I reset my password?", "How can I reset my password?", "How do I reset my PIN?"]
    for text in questions:
        spelled = text.casefold().rstrip("?")
        door.cache.embedder.vectors[spelled] = embed({"texts": [spelled]})["vectors"][0]
    upstream.add(reply(200, json.dumps(ANSWER).encode(), JSON), path=CHAT, method="POST")
    verdicts = [(await door.ask("POST", CHAT, asking(text))).header(b"x-gateway-cache") for text in questions]
    assert [str(one).split("'")[1].split(";")[0] for one in verdicts] == ["miss", "semantic", "miss"]
    assert [made.kind for row in door.logs.rows for made in row.attempts if made.kind == "embedding"] == []
    assert sorted(door.cache.embedder.asked) == sorted(door.cache.embedder.vectors)


async def test_without_a_vector_an_answer_is_made_and_kept_for_the_same_words(door: Door, upstream: Upstream) -> None:
    upstream.add(reply(200, json.dumps(ANSWER).encode(), JSON), path=CHAT, method="POST")
    for _ in range(2):
        assert (await door.ask("POST", CHAT, asking("Why is the sky blue?"))).status == 200
    assert [row.cache for row in door.logs.rows] == ["miss", "hit"]


async def test_the_embedder_answers_over_invoke(functions: Functions) -> None:
    assert (
        await OfflineEmbedder(functions, "good").vector("hello there")
        == embed({"texts": ["hello there"]})["vectors"][0]
    )


@pytest.mark.parametrize("name", ["bad", "strange", "absent", None])
async def test_what_goes_wrong_with_it_is_no_error_of_the_request(
    functions: Functions, name: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    assert await OfflineEmbedder(functions, name).vector("a secret question") is None
    assert "secret" not in caplog.text

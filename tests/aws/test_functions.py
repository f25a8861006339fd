"""Lambda's Invoke over the signed client: the request that botocore would make, and everything but a good answer is a fault."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import boto3
import pytest
from botocore.awsrequest import AWSRequest
from tests.aws.conftest import REGION, new_session
from tests.upstream.server import Upstream
from tests.upstream.steps import JSON, reply

from gateway.aws.faults import AccessDenied, AwsFault, NotFound, Rejected, StoreUnavailable
from gateway.aws.functions import Functions
from gateway.aws.identity import IdentityFunction
from gateway.errors import Unavailable
from gateway.neutral.people import Person

ALIAS = f"arn:aws:lambda:{REGION}:123456789012:function:gateway-identity:live"


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    async with Upstream() as server:
        yield server


def _functions(upstream: Upstream) -> Functions:
    return Functions(new_session(upstream.url))


@pytest.mark.parametrize("name", ["gateway-identity", ALIAS])
async def test_the_request_is_botocores(upstream: Upstream, name: str) -> None:
    client = boto3.client("lambda", region_name=REGION, aws_access_key_id="x", aws_secret_access_key="y")
    seen: list[AWSRequest] = []
    client.meta.events.register("before-sign.lambda.Invoke", lambda request, **_: seen.append(request))
    client.meta.events.register("before-send.lambda.Invoke", lambda **_: _Answer())
    client.invoke(FunctionName=name, Payload=b"{}")
    upstream.add(reply(200, b'{"answer":7}', JSON))
    assert await _functions(upstream).invoke(name, {"a": 1}) == {"answer": 7}
    (asked,) = await upstream.seen()
    assert asked.target == seen[0].url.partition(".amazonaws.com")[2]
    assert json.loads(asked.body) == {"a": 1}
    headers = {key.lower(): value for key, value in asked.headers}
    assert headers["authorization"].startswith("AWS4-HMAC-SHA256 ")
    assert f"/{REGION}/lambda/aws4_request" in headers["authorization"]


class _Answer:
    status_code, headers, content = 200, {}, b"{}"
    raw = None


@pytest.mark.parametrize(
    ("status", "body", "headers", "fault"),
    [
        (200, b'{"errorMessage":"x"}', (("x-amz-function-error", "Unhandled"),), Rejected),
        (404, b'{"Message":"no"}', (("x-amzn-errortype", "ResourceNotFoundException"),), NotFound),
        (403, b'{"Message":"no"}', (("x-amzn-errortype", "AccessDeniedException"),), AccessDenied),
        (429, b'{"Reason":"x"}', (("x-amzn-errortype", "TooManyRequestsException"),), StoreUnavailable),
        (500, b"", (), StoreUnavailable),
        (200, b"[1]", (), StoreUnavailable),
        (200, b"not json", (), StoreUnavailable),
    ],
)
async def test_everything_else_is_a_fault(
    upstream: Upstream, status: int, body: bytes, headers: tuple[tuple[str, str], ...], fault: type[AwsFault]
) -> None:
    upstream.add(*(reply(status, body, (*JSON, *headers)) for _ in range(5)))
    with pytest.raises(fault):
        await _functions(upstream).invoke("f", {})


@pytest.mark.parametrize(
    ("answer", "person"),
    [
        ({"user": None}, None),
        (
            {"user": {"id": "usr_1", "username": "ada", "role": "user", "active": True}},
            Person("usr_1", "ada", "user", True),
        ),
    ],
)
async def test_the_identity_function_says_who(upstream: Upstream, answer: object, person: Person | None) -> None:
    upstream.add(reply(200, json.dumps(answer).encode(), JSON))
    assert await IdentityFunction(_functions(upstream), "f").whose("token") == person


@pytest.mark.parametrize(
    "answer", [{}, {"user": {}}, {"user": {"id": "x", "username": "x", "role": "user", "active": 1}}, {"user": 7}]
)
async def test_an_answer_that_says_nothing_lets_nobody_in(upstream: Upstream, answer: object) -> None:
    upstream.add(reply(200, json.dumps(answer).encode(), JSON))
    with pytest.raises(Unavailable):
        await IdentityFunction(_functions(upstream), "f").whose("token")


async def test_without_the_function_no_token_is_anybodys(upstream: Upstream) -> None:
    assert await IdentityFunction(_functions(upstream), None).whose("token") is None
    assert upstream.journal == []

"""Calls of Bedrock are signed exactly as AWS's own SDK signs them, for every form of a model's name."""

from __future__ import annotations

import itertools
import re
from datetime import UTC, datetime
from unittest import mock

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest, AWSResponse
from botocore.credentials import Credentials as BotoCredentials

from gateway.aws.bedrock import BedrockSigner
from gateway.aws.credentials import StaticCredentials
from gateway.aws.faults import CredentialsUnavailable
from gateway.aws.http import Http
from gateway.aws.sigv4 import Credentials, Request, Signer, payload_hash
from gateway.clock import Clock
from gateway.errors import Unavailable
from gateway.providers import join_url, operation, vendor

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
MODELS = (
    "anthropic.claude-3-5-sonnet-20241022-v2:0",
    "eu.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "amazon.nova-pro-v1:0",
    "anthropic.claude-opus-4-8",
    "arn:aws:bedrock:eu-central-1:123456789012:inference-profile/eu.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2c3d4e5f6",
    "arn:aws:bedrock:us-east-1::foundation-model/meta.llama3-70b-instruct-v1:0",
    "arn:aws-us-gov:bedrock:us-gov-west-1:123456789012:provisioned-model/abcdefghijkl",
)
REGIONS = ("eu-central-1", "us-gov-west-1")
TOKENS = (None, "IQoJb3JpZ2luX2VjEJ//token+/=")
BODIES = (b"", '{"messages":[{"role":"user","content":[{"text":"Grüße"}]}]}'.encode())
HEADERS = [
    ("content-type", "application/json"),
    ("accept", "*/*"),
    ("user-agent", "gateway"),
    ("X-Amzn-Trace-Id", "r=1"),
]


def url_of(model: str, region: str, *, stream: bool) -> str:
    row = vendor("bedrock")
    assert row.base_url is not None
    path = operation("bedrock_converse", model, stream=stream)
    return join_url(row, row.base_url.replace("{region}", region), path, model=model)


def signer(token: str | None = None, access: str = "AKIDEXAMPLE") -> BedrockSigner:
    credentials = StaticCredentials(Credentials(access, "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", token))
    return BedrockSigner(credentials, Clock(wall=NOW.timestamp))


CASES = list(itertools.product(MODELS, REGIONS, TOKENS, BODIES))


@pytest.mark.parametrize(("model", "region", "token", "body"), CASES, ids=[str(number) for number in range(len(CASES))])
async def test_same_signature_as_botocore(model: str, region: str, token: str | None, body: bytes) -> None:
    url = url_of(model, region, stream=bool(body))
    added = dict(await signer(token).sign(region, "POST", url, HEADERS, body))
    theirs = AWSRequest(method="POST", url=url, headers={"content-type": "application/json"}, data=body)
    credentials = BotoCredentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", token)
    with mock.patch("botocore.auth.get_current_datetime", return_value=NOW.replace(tzinfo=None)):
        SigV4Auth(credentials, "bedrock", region).add_auth(theirs)
    assert added.pop("authorization") == theirs.headers["Authorization"]
    assert added.pop("x-amz-date") == theirs.headers["X-Amz-Date"]
    assert added.pop("x-amz-security-token", None) == theirs.headers.get("X-Amz-Security-Token")
    assert added == {}


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 50


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("stream", [False, True])
async def test_the_address_and_the_signature_are_those_of_a_whole_client(model: str, stream: bool) -> None:
    """Not only the signer: what boto3 itself sends for this model, down to the escapes in its path."""
    sent = []

    def catch(request, **_: object) -> AWSResponse:
        sent.append(request)
        return AWSResponse(request.url, 500, {}, mock.Mock(stream=lambda: iter(())))

    client = boto3.session.Session("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "tok/en+=").client(
        "bedrock-runtime", region_name="eu-central-1"
    )
    client.meta.events.register("before-send.bedrock-runtime.*", catch)
    call = client.converse_stream if stream else client.converse
    with (
        mock.patch("botocore.auth.get_current_datetime", return_value=NOW.replace(tzinfo=None)),
        mock.patch("time.sleep"),
        pytest.raises(Exception, match=r"."),
    ):
        call(modelId=model, messages=[{"role": "user", "content": [{"text": "Hi"}]}])
    request = sent[0]
    url = url_of(model, "eu-central-1", stream=stream)
    assert request.url == url
    theirs = {
        name.lower(): value.decode() if isinstance(value, bytes) else value for name, value in request.headers.items()
    }
    signed = re.search(r"SignedHeaders=([^,]*)", theirs["authorization"])
    assert signed
    ours = [(name, theirs[name]) for name in signed[1].split(";") if name != "host"]
    body = request.body if isinstance(request.body, bytes) else request.body.encode()
    added = dict(await signer("tok/en+=").sign("eu-central-1", "POST", url, ours, body))
    assert added["authorization"] == theirs["authorization"]


async def test_only_what_no_hop_changes_is_signed() -> None:
    headers = [
        *HEADERS,
        ("X-Amz-Target", "t"),
        ("authorization", "Bearer client"),
        ("x-amz-date", "19700101T000000Z"),
        ("host", "evil"),
    ]
    url = "https://bedrock-runtime.eu-west-1.amazonaws.com/x"
    added = await signer().sign("eu-west-1", "POST", url, headers, b"")
    found = dict(added)
    assert "SignedHeaders=content-type;host;x-amz-date;x-amz-target," in found["authorization"]
    assert found["x-amz-date"] == "20260304T050607Z"
    assert len(added) == 2
    fewer = [("content-type", "application/json"), ("x-amz-target", "t")]
    assert await signer().sign("eu-west-1", "POST", url, fewer, b"") == added


@pytest.mark.parametrize("authority", ["h", "h:8443", "h:443", "[::1]:80", "Host.Example"])
async def test_the_host_is_signed_as_it_stands_in_the_url(authority: str) -> None:
    """The gateway sends the URL's authority as the Host header, and AWS signs what it was sent."""
    added = await signer().sign("r", "POST", f"https://{authority}/x?b=2&a=1", [], b"{}")
    request = Request("POST", "/x", "b=2&a=1", [("host", authority)], payload_hash(b"{}"))
    credentials = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
    assert added == Signer("r").sign(request, "bedrock", credentials, NOW.timestamp())[1:]


async def test_credentials_come_from_the_provider_each_time() -> None:
    class Renewing:
        count = 0

        async def get(self, http: Http) -> Credentials:
            assert isinstance(http, Http)
            self.count += 1
            return Credentials(f"AKID{self.count}", "s", "t" * self.count)

        def invalidate(self) -> bool:
            self.count += 100
            return True

    provider = Renewing()
    made = BedrockSigner(provider, Clock(wall=NOW.timestamp))
    first = dict(await made.sign("r", "POST", "https://h/x", [], b""))
    second = dict(await made.sign("r", "POST", "https://h/x", [], b""))
    assert "Credential=AKID1/" in first["authorization"]
    assert "Credential=AKID2/" in second["authorization"]
    assert second["x-amz-security-token"] == "tt"
    assert made.invalidate()
    assert "Credential=AKID103/" in dict(await made.sign("r", "POST", "https://h/x", [], b""))["authorization"]
    assert not signer().invalidate()


async def test_without_credentials_the_gateway_is_unavailable() -> None:
    class Empty:
        async def get(self, http: Http) -> Credentials:
            raise CredentialsUnavailable("credentials", "status 500")

        def invalidate(self) -> bool:
            return False

    with pytest.raises(Unavailable) as refused:
        await BedrockSigner(Empty(), Clock()).sign("r", "POST", "https://h/x", [], b"")
    assert refused.value.status == 503
    assert "status 500" in refused.value.message

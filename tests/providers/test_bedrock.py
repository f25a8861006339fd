"""Bedrock's row: its addresses, its credential, and what its families take."""

from __future__ import annotations

import pytest

from gateway.providers import join_url, operation, vendor
from gateway.providers.bedrock import model_traits

CLAUDE = {"claude", "cache_points", "cache_1h"}


@pytest.mark.parametrize(
    ("model", "traits"),
    [
        ("anthropic.claude-opus-4-8", CLAUDE),
        ("eu.anthropic.claude-sonnet-4-5-20250929-v1:0", CLAUDE),
        ("arn:aws:bedrock:eu-central-1:123456789012:inference-profile/eu.anthropic.claude-sonnet-4-5-20250929-v1:0", CLAUDE),
        ("arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-opus-4-8", CLAUDE),
        ("amazon.nova-2-lite-v1:0", {"nova", "cache_points"}),
        ("us.amazon.nova-pro-v1:0", {"nova", "cache_points"}),
        ("amazon.titan-text-express-v1", set()),
        ("openai.gpt-oss-120b-1:0", {"reasoning_effort"}),
        ("meta.llama3-70b-instruct-v1:0", set()),
        ("arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2c3d4e5f6", set()),
        ("", set()),
    ],
)  # fmt: skip
def test_families(model: str, traits: set[str]) -> None:
    assert model_traits(model) == traits


@pytest.mark.parametrize(
    ("base", "model", "stream", "url"),
    [
        (None, "a.b-v1:0", False, "https://bedrock-runtime.{region}.amazonaws.com/model/a.b-v1%3A0/converse"),
        ("https://vpce-1.bedrock-runtime.eu-west-1.vpce.amazonaws.com/", "a.b", True, "https://vpce-1.bedrock-runtime.eu-west-1.vpce.amazonaws.com/model/a.b/converse-stream"),
        ("http://127.0.0.1:9/", "arn:aws:x/y", True, "http://127.0.0.1:9/model/arn%3Aaws%3Ax%2Fy/converse-stream"),
    ],
)  # fmt: skip
def test_addresses(base: str | None, model: str, stream: bool, url: str) -> None:
    assert join_url(vendor("bedrock"), base, operation("bedrock_converse", model, stream=stream), model=model) == url


def test_a_key_is_optional_and_a_bearer_token() -> None:
    row = vendor("bedrock")
    assert not row.needs_key
    assert row.auth == "aws"
    assert row.credential_header("ABSK-x") == ("authorization", "Bearer ABSK-x")

"""The signer against AWS's published vectors and against botocore's signer."""

from __future__ import annotations

import json
import string
from datetime import UTC, datetime
from pathlib import Path
from unittest import mock
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotoCredentials
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.aws.sigv4 import (
    Credentials,
    Request,
    Signer,
    amz_date,
    encode_path,
    encode_query,
    payload_hash,
    signing_key,
)

VECTORS = json.loads((Path(__file__).parent / "fixtures" / "sigv4_vectors.json").read_text("utf-8"))
NOW = datetime(2015, 8, 30, 12, 36, tzinfo=UTC).timestamp()


def _authorization(headers: list[tuple[str, str]]) -> str:
    return dict(headers)["authorization"]


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_published_vector(case: dict) -> None:
    path, _, query = case["target"].partition("?")
    body_hash = payload_hash(case["body"].encode())
    headers = [(name, value) for name, value in case["headers"]]
    if case["sign_body"]:
        headers.append(("x-amz-content-sha256", body_hash))
    # "omit" means that the token is added after signing, so the signature is the one without a token.
    credentials = Credentials(VECTORS["access_key"], VECTORS["secret_key"], None if case["omit"] else case["token"])
    request = Request(case["method"], path, quote(query, safe="=&%-._~"), headers, body_hash)
    signed = Signer(VECTORS["region"]).sign(request, VECTORS["service"], credentials, NOW)
    assert _authorization(signed).rpartition("Signature=")[2] == case["signature"]


def test_the_documented_signing_key() -> None:
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
    key = signing_key("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "20120215", "us-east-1", "iam")
    assert key.hex() == "f4780e2d9f65fa895f9c67b32ce1baf0b0d8a43505a000a1a9e090d414db404d"


_text = st.text(string.ascii_letters + string.digits + " /:+=&%~é✓*'()!.-_", max_size=12)
_segment = _text.filter(lambda text: text not in {".", ".."})
_names = st.text(string.ascii_letters + string.digits + "-", min_size=1, max_size=12).map(lambda text: f"X-T-{text}")
_values = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=30)


@settings(max_examples=300, deadline=None)
@given(
    service=st.sampled_from(["dynamodb", "kms", "s3", "bedrock", "secretsmanager", "ssm"]),
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE"]),
    segments=st.lists(_segment, max_size=4),
    pairs=st.lists(st.tuples(_text.filter(bool), _text), max_size=4),
    headers=st.dictionaries(_names.map(str.lower), _values, max_size=4),
    body=st.binary(max_size=60),
    token=st.none() | st.text(string.ascii_letters + "/+=", min_size=1, max_size=40),
    moment=st.integers(0, 4_000_000_000),
)
def test_same_signature_as_botocore(service, method, segments, pairs, headers, body, token, moment) -> None:
    path, query = encode_path(segments), encode_query(pairs)
    digest = payload_hash(body)
    ours = [("host", "svc.eu-central-1.amazonaws.com"), *headers.items()]
    if service == "s3":
        ours.append(("x-amz-content-sha256", digest))
    request = Request(method, path, query, ours, digest)
    signed = Signer("eu-central-1").sign(request, service, Credentials("AKID", "secret/+", token), moment)

    url = "https://svc.eu-central-1.amazonaws.com" + path + (f"?{query}" if query else "")
    theirs = AWSRequest(method=method, url=url, headers=dict(headers), data=body)
    signer = (S3SigV4Auth if service == "s3" else SigV4Auth)(
        BotoCredentials("AKID", "secret/+", token), service, "eu-central-1"
    )
    with mock.patch(
        "botocore.auth.get_current_datetime", return_value=datetime.fromtimestamp(moment, UTC).replace(tzinfo=None)
    ):
        signer.add_auth(theirs)
    assert _authorization(signed) == theirs.headers["Authorization"]
    assert dict(signed)["x-amz-date"] == theirs.headers["X-Amz-Date"]


def test_headers_that_proxies_rewrite_are_not_signed() -> None:
    request = Request("POST", "/", "", [("host", "h"), ("User-Agent", "x"), ("Connection", "close")], payload_hash(b""))
    assert "SignedHeaders=host;x-amz-date," in _authorization(
        Signer("r").sign(request, "kms", Credentials("a", "b"), 0)
    )


def test_the_key_of_the_day_is_derived_once_and_follows_the_day_and_the_secret() -> None:
    signer = Signer("us-east-1")
    request = Request("GET", "/", "", [("host", "h")], payload_hash(b""))
    with mock.patch("gateway.aws.sigv4.signing_key", wraps=signing_key) as derive:
        for now, secret in [(NOW, "s"), (NOW + 60, "s"), (NOW + 86_400, "s"), (NOW + 86_400, "renewed")]:
            fresh = Signer("us-east-1")
            again = signer.sign(request, "kms", Credentials("a", secret), now)
            count = derive.call_count
            assert again == fresh.sign(request, "kms", Credentials("a", secret), now)
            assert derive.call_count == count + 1
        assert derive.call_count == 3 + 4


def test_renewed_credentials_do_not_pile_up_keys() -> None:
    signer = Signer("us-east-1")
    request = Request("GET", "/", "", [("host", "h")], payload_hash(b""))
    for number in range(100):
        signer.sign(request, "kms", Credentials("a", f"secret{number}"), NOW)
    assert len(signer._keys) <= 17


def test_secrets_stay_out_of_repr() -> None:
    text = repr(Credentials("AKID", "top-secret", "the-token", 1.0))
    assert "AKID" in text
    assert "top-secret" not in text
    assert "the-token" not in text


def test_amz_date() -> None:
    assert amz_date(NOW + 0.999) == "20150830T123600Z"


def test_the_documented_presigned_url() -> None:
    # https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
    credentials = Credentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    request = Request("GET", "/test.txt", "", [("host", "examplebucket.s3.amazonaws.com")], "UNSIGNED-PAYLOAD")
    now = datetime(2013, 5, 24, tzinfo=UTC).timestamp()
    query = Signer("us-east-1").presign(request, credentials, now, 86400)
    assert query.endswith("X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404")


@pytest.mark.parametrize("token", [None, "a/token+of=a role"])
def test_presigned_like_botocore(token: str | None) -> None:
    host, path = "bodies.s3.eu-central-1.amazonaws.com", "/uploads/key_1/upload_0.%C3%A9"
    headers = [
        ("host", host),
        ("content-length", "20971520"),
        ("content-type", "audio/mpeg"),
        ("x-amz-meta-filename", "a%20b"),
    ]
    aws = AWSRequest("PUT", f"https://{host}{path}", headers=dict(headers[1:]))
    boto = BotoCredentials("AKIDEXAMPLE", "secret/key", token)
    with mock.patch("botocore.auth.get_current_datetime", return_value=datetime.fromtimestamp(NOW, UTC)):
        S3SigV4QueryAuth(boto, "s3", "eu-central-1", expires=900).add_auth(aws)
    request = Request("PUT", path, "", headers, "UNSIGNED-PAYLOAD")
    ours = Signer("eu-central-1").presign(request, Credentials("AKIDEXAMPLE", "secret/key", token), NOW, 900)
    assert sorted(parse_qsl(ours)) == sorted(parse_qsl(urlsplit(str(aws.url)).query))

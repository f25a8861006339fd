"""Credentials from the environment and from the container endpoint."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.aws.conftest import IMPATIENT, REGION
from tests.aws.faulty import DROP_BEFORE, Faulty, refuse

from gateway.aws.credentials import ContainerCredentials, StaticCredentials, from_environ
from gateway.aws.faults import AccessDenied, CredentialsUnavailable
from gateway.aws.http import Http
from gateway.aws.session import AwsSession, Call
from gateway.clock import Clock

START = 1_800_000_000.0


class Wall:
    """A clock hand that tests move."""

    def __init__(self) -> None:
        self.now = START

    def clock(self) -> Clock:
        return Clock(wall=lambda: self.now)


def _answer(key: str, ends: float) -> tuple[int, bytes]:
    expiration = datetime.fromtimestamp(ends, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    body = {"AccessKeyId": key, "SecretAccessKey": "the-secret", "Token": "the-token", "Expiration": expiration}
    return 200, json.dumps(body).encode()


def _environ(faulty: Faulty, **more: str) -> dict[str, str]:
    return {
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{faulty.url}/creds",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN": "pass-word",
        **more,
    }


@pytest.fixture
async def http():
    made = Http(Clock())
    yield made
    await made.close()


async def test_environment(http: Http) -> None:
    environ = {"AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "token"}
    provider = from_environ(environ, Clock())
    found = await provider.get(http)
    assert (found.access_key, found.secret_key, found.session_token, found.expires_at) == (
        "AKID",
        "secret",
        "token",
        None,
    )
    assert not provider.invalidate()
    assert (await from_environ({**environ, "AWS_SESSION_TOKEN": ""}, Clock()).get(http)).session_token is None


@pytest.mark.parametrize(
    "environ", [{}, {"AWS_ACCESS_KEY_ID": "a"}, {"AWS_SECRET_ACCESS_KEY": "hush", "AWS_ACCESS_KEY_ID": ""}]
)
def test_no_credentials(environ: dict) -> None:
    with pytest.raises(CredentialsUnavailable) as missing:
        from_environ(environ, Clock())
    assert "hush" not in str(missing.value)


async def test_the_container_wins_and_gets_its_token(faulty: Faulty, http: Http) -> None:
    faulty.script = [_answer("AKID1", START + 3600)]
    provider = from_environ(_environ(faulty, AWS_ACCESS_KEY_ID="x", AWS_SECRET_ACCESS_KEY="y"), Wall().clock())
    found = await provider.get(http)
    assert (found.access_key, found.session_token, found.expires_at) == ("AKID1", "the-token", START + 3600)
    assert b"\r\nauthorization: pass-word\r\n" in faulty.requests[0].lower()
    assert faulty.requests[0].startswith(b"GET /creds ")


async def test_token_from_a_file_read_each_time(faulty: Faulty, http: Http, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("one\n")
    wall = Wall()
    faulty.script = [_answer("A", START + 3600), _answer("B", START + 7200)]
    provider = from_environ(_environ(faulty, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=str(file)), wall.clock())
    await provider.get(http)
    file.write_text("two")
    wall.now += 3500
    await provider.get(http)
    assert b": one\r\n" in faulty.requests[0]
    assert b": two\r\n" in faulty.requests[1]
    file.unlink()
    assert provider.invalidate()
    with pytest.raises(CredentialsUnavailable, match="token file"):
        await provider.get(http)


async def test_renewed_before_the_end_and_only_then(faulty: Faulty, http: Http) -> None:
    wall = Wall()
    faulty.script = [_answer("A", START + 3600), _answer("B", START + 7200)]
    provider = ContainerCredentials(_environ(faulty), wall.clock())
    names = []
    for offset in (0, 3299, 3301, 3302):
        wall.now = START + offset
        names.append((await provider.get(http)).access_key)
    assert names == ["A", "A", "B", "B"]
    assert len(faulty.seen) == 2


async def test_many_waiters_one_request(faulty: Faulty, http: Http) -> None:
    faulty.script = [_answer("A", START + 3600)]
    provider = ContainerCredentials(_environ(faulty), Wall().clock())
    found = await asyncio.gather(*(provider.get(http) for _ in range(20)))
    assert {one.access_key for one in found} == {"A"}
    assert len(faulty.seen) == 1


async def test_a_failed_renewal_leaves_the_old_ones_in_use_until_they_end(faulty: Faulty, http: Http) -> None:
    wall = Wall()
    gone = (404, b"")
    faulty.script = [_answer("A", START + 3600), gone, gone, gone]
    provider = ContainerCredentials(_environ(faulty), wall.clock())
    await provider.get(http)
    wall.now = START + 3400
    assert (await provider.get(http)).access_key == "A"
    assert (await provider.get(http)).access_key == "A"
    assert len(faulty.seen) == 2  # not asked again at once
    wall.now = START + 3411
    assert (await provider.get(http)).access_key == "A"
    assert len(faulty.seen) == 3
    wall.now = START + 3590
    with pytest.raises(CredentialsUnavailable, match="status 404"):
        await provider.get(http)


async def test_passing_faults_of_the_endpoint_are_ridden_out(faulty: Faulty, http: Http) -> None:
    faulty.script = [DROP_BEFORE, (500, b""), _answer("A", START + 3600)]
    assert (await ContainerCredentials(_environ(faulty), Wall().clock()).get(http)).access_key == "A"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"AccessKeyId":"a","SecretAccessKey":"b","Expiration":"soon"}',
        b'{"AccessKeyId":"","SecretAccessKey":""}',
    ],
)
async def test_nonsense(faulty: Faulty, http: Http, body: bytes) -> None:
    faulty.script = [(200, body)]
    with pytest.raises(CredentialsUnavailable, match="nonsense"):
        await ContainerCredentials(_environ(faulty), Wall().clock()).get(http)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/x",
        "http://169.254.169.254/latest",
        "ftp://localhost/",
        "http://127.0.0.1.example.com/",
        "nonsense",
        "http://[/",
        "http://10.0.0.1/",
    ],
)
def test_credentials_are_not_asked_of_strangers_in_clear_text(url: str) -> None:
    with pytest.raises(CredentialsUnavailable):
        from_environ({"AWS_CONTAINER_CREDENTIALS_FULL_URI": url}, Clock())


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/x",
        "http://169.254.170.2/v2",
        "http://[fd00:ec2::23]/",
        "http://127.0.0.1:80/",
        "http://localhost:1/",
    ],
)
def test_allowed_addresses(url: str) -> None:
    assert isinstance(from_environ({"AWS_CONTAINER_CREDENTIALS_FULL_URI": url}, Clock()), ContainerCredentials)


async def test_expired_credentials_are_replaced_in_the_middle_of_a_call(faulty: Faulty) -> None:
    wall = Wall()
    faulty.script = [
        _answer("OLD", START + 3600),
        refuse(400, "ExpiredTokenException"),
        _answer("NEW", START + 7200),
        (200, b"{}"),
    ]
    session = AwsSession(
        REGION, faulty.url, ContainerCredentials(_environ(faulty), wall.clock()), wall.clock(), policy=IMPATIENT
    )
    await session.call(Call("dynamodb", "GetItem", b"{}"))
    await session.close()
    assert b"Credential=OLD/" in faulty.requests[1]
    assert b"Credential=NEW/" in faulty.requests[3]


async def test_no_secret_in_what_can_be_printed(faulty: Faulty, http: Http) -> None:
    faulty.script = [_answer("A", START + 3600)]
    provider = ContainerCredentials(_environ(faulty), Wall().clock())
    found = await provider.get(http)
    shown = f"{provider!r} {found!r} {StaticCredentials(found)!r}"
    assert not any(secret in shown for secret in ("the-secret", "the-token", "pass-word"))


@pytest.mark.parametrize("code", ["AccessDeniedException", "UnrecognizedClientException", "InvalidSignatureException"])
async def test_denied(faulty: Faulty, code: str) -> None:
    from gateway.aws.dynamodb import DynamoDB

    faulty.script = [refuse(400, code)]
    session = AwsSession(
        REGION, faulty.url, from_environ({"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}, Clock()), Clock()
    )
    with pytest.raises(AccessDenied, match=code):
        await DynamoDB(session).get_item("ttt", {"pk": "a"})
    await session.close()
    assert len(faulty.seen) == 1

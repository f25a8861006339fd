"""Fixtures: one local AWS per run, one table per test, sessions that never wait between retries."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Iterator

import boto3
import pytest
from tests.aws.faulty import Faulty
from tests.aws.stack import PROGRAM, ministack

from gateway.aws.credentials import StaticCredentials
from gateway.aws.dynamodb import DynamoDB
from gateway.aws.retries import Policy
from gateway.aws.session import AwsSession
from gateway.aws.sigv4 import Credentials
from gateway.clock import Clock

REGION = "eu-central-1"
IMPATIENT = Policy(attempts=4, base=0.0, total=20.0)


def new_session(url: str, policy: Policy = IMPATIENT) -> AwsSession:
    """A session on a loopback address with made-up credentials."""
    return AwsSession(REGION, url, StaticCredentials(Credentials("AKIDTEST", "made-up")), Clock(), policy=policy)


@pytest.fixture(scope="session")
def aws_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if not PROGRAM.exists():
        pytest.skip("NOT RUN: the local AWS is not installed (.venv-ministack)")
    with ministack(tmp_path_factory.mktemp("ministack")) as url:
        yield url


@pytest.fixture(scope="session")
def boto(aws_url: str):
    """A boto3 client of any service on the local AWS: the second opinion."""

    def client(service: str):
        return boto3.client(
            service,
            endpoint_url=aws_url,
            region_name=REGION,
            aws_access_key_id="AKIDTEST",
            aws_secret_access_key="made-up",
        )

    return client


@pytest.fixture
def table(boto) -> str:
    name = f"items-{uuid.uuid4().hex[:8]}"
    keys = [("pk", "HASH"), ("sk", "RANGE")]
    boto("dynamodb").create_table(
        TableName=name,
        KeySchema=[{"AttributeName": attribute, "KeyType": kind} for attribute, kind in keys],
        AttributeDefinitions=[{"AttributeName": attribute, "AttributeType": "S"} for attribute, _ in keys],
        BillingMode="PAY_PER_REQUEST",
    )
    return name


@pytest.fixture
async def session(aws_url: str) -> AsyncIterator[AwsSession]:
    made = new_session(aws_url)
    yield made
    await made.close()


@pytest.fixture
def db(session: AwsSession) -> DynamoDB:
    return DynamoDB(session)


@pytest.fixture
async def faulty() -> AsyncIterator[Faulty]:
    async with Faulty() as server:
        yield server


@pytest.fixture
async def faulty_aws(aws_url: str) -> AsyncIterator[Faulty]:
    async with Faulty(backend=aws_url) as server:
        yield server

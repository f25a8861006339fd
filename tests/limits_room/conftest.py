"""A state and a log table in moto, emptied before each test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.backends import get_backend
from tests.limits_room.ledgers import LOGS, STATE, Fleet

REGION = "eu-central-1"


@pytest.fixture(scope="module")
def _moto() -> Iterator[Any]:
    patch = pytest.MonkeyPatch()
    patch.setenv("AWS_ACCESS_KEY_ID", "test")
    patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with mock_aws():
        yield boto3.client("dynamodb", region_name=REGION)
    patch.undo()


@pytest.fixture
def fleet(_moto: Any) -> Fleet:
    get_backend("dynamodb")["123456789012"][REGION].reset()
    for name in (STATE, LOGS):
        create(_moto, name)
    return Fleet(_moto)


def create(client: Any, name: str) -> None:
    """A table as template.yaml has it."""
    keys = [("pk", "HASH"), ("sk", "RANGE")]
    client.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": attribute, "KeyType": kind} for attribute, kind in keys],
        AttributeDefinitions=[{"AttributeName": attribute, "AttributeType": "S"} for attribute, _ in keys],
        BillingMode="PAY_PER_REQUEST",
    )

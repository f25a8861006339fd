"""DynamoDB, KMS and Secrets Manager inside the process (moto), with the deployment's tables, and a clock the test owns.

moto is not thread-safe: without the lock below, two conditional writes at the same time may both succeed.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import boto3
from fastapi.testclient import TestClient
from moto import mock_aws
from moto.backends import get_backend
from moto.dynamodb.responses import DynamoHandler

from admin.app import create_app, create_services
from gateway.admin.services import Services
from gateway.clock import Clock
from gateway.settings import from_environ
from gateway.stores.tables import bind, schema

REGION = "eu-central-1"
USERNAME, PASSWORD = "admin", "correct horse 7 battery"
START = 1_790_000_000.0  # 2026-09-21T13:33:20Z
BACKENDS = ("dynamodb", "kms", "secretsmanager")
ENVIRON = {
    "STAGE": "test",
    "AWS_REGION": REGION,
    "CONFIG_TABLE": "config",
    "KEYS_TABLE": "keys",
    "STATE_TABLE": "state",
    "LOGS_TABLE": "logs",
    "USAGE_TABLE": "usage",
    "BODIES_BUCKET": "bodies",
    "KMS_KEY_ID": "alias/gateway",
    "ADMIN_SECRET_ARN": "gateway-admin",
    "JWT_SECRET_ARN": "gateway-jwt",
}


@dataclass
class Time:
    """Seconds that move only when a test says so, and a little with every reading of the milliseconds."""

    now: float = START
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wall(self) -> float:
        with self._lock:
            self.now += 0.001
            return self.now


@dataclass
class World:
    """A deployment in moto. `client` talks to its admin API."""

    time: Time
    clock: Clock
    environ: dict[str, str]
    client: TestClient
    services: Services
    dynamodb: Any

    def reset(self) -> None:
        """An empty deployment, at the first moment again."""
        for name in BACKENDS:
            get_backend(name)["123456789012"][REGION].reset()
        self.time.now = START
        provision(self.dynamodb)

    def login(self, username: str = USERNAME, password: str = PASSWORD) -> dict[str, str]:
        """Authorization headers of a user."""
        answer = self.client.post("/api/auth/login", json={"username": username, "password": password})
        assert answer.status_code == 200, answer.text
        return {"authorization": f"Bearer {answer.json()['access_token']}"}

    def items(self, table: str) -> list[dict[str, Any]]:
        """Everything in a table."""
        pages = self.dynamodb.get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
        return [item for page in pages for item in page["Items"]]


def create_tables(client: Any, environ: dict[str, str]) -> None:
    """The tables as the models describe them."""
    for variable, shape in schema().items():
        parts = {"KeySchema": shape["KeySchema"], "AttributeDefinitions": shape["AttributeDefinitions"]}
        if shape["GlobalSecondaryIndexes"]:
            parts["GlobalSecondaryIndexes"] = shape["GlobalSecondaryIndexes"]
        client.create_table(TableName=environ[variable], BillingMode="PAY_PER_REQUEST", **parts)


def provision(dynamodb: Any) -> None:
    """Tables, the KMS key and the deployment's secrets."""
    create_tables(dynamodb, ENVIRON)
    kms = boto3.client("kms", region_name=REGION)
    kms.create_alias(AliasName="alias/gateway", TargetKeyId=kms.create_key()["KeyMetadata"]["KeyId"])
    secrets = boto3.client("secretsmanager", region_name=REGION)
    secrets.create_secret(Name="gateway-admin", SecretString=json.dumps({"username": USERNAME, "password": PASSWORD}))
    secrets.create_secret(Name="gateway-jwt", SecretString="0123456789abcdef0123456789abcdef")


@contextmanager
def mocked_world() -> Iterator[World]:
    """A deployment for as long as the block lasts."""
    lock = threading.RLock()
    plain = DynamoHandler.call_action

    def locked(self: DynamoHandler) -> Any:
        with lock:
            return plain(self)

    with mock_aws(), patch.object(DynamoHandler, "call_action", locked):
        dynamodb = boto3.client("dynamodb", region_name=REGION)
        provision(dynamodb)
        time = Time()
        clock = Clock(wall=time.wall)
        app = create_app(ENVIRON, clock)
        with TestClient(app, base_url="http://admin.test") as client:
            yield World(time, clock, dict(ENVIRON), client, app.state.services, dynamodb)


__all__ = ["ENVIRON", "World", "bind", "create_services", "from_environ", "mocked_world"]

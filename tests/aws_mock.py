"""DynamoDB, KMS and Secrets Manager inside the process (moto), with the deployment's tables, and a clock the test owns.

Making a deployment takes a second, so a room makes one per session and empties it before each test: what no test changes (tables, the KMS
key, clients) stays. moto concerns every client of the process, so it is on only while a module that needs it runs (`World.awake`).

moto is not thread-safe: without the lock below, two conditional writes at the same time may both succeed.
"""

from __future__ import annotations

import copy
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar
from unittest.mock import patch

import boto3
from argon2 import PasswordHasher, Type
from fastapi.testclient import TestClient
from moto import mock_aws
from moto.backends import get_backend
from moto.dynamodb.responses import DynamoHandler

from admin.app import create_app, create_services
from gateway.admin.services import Services
from gateway.clock import Clock
from gateway.settings import from_environ
from gateway.stores.tables import bind, schema

Made = TypeVar("Made")
REGION = "eu-central-1"
USERNAME, PASSWORD = "admin", "correct horse 7 battery"
START = 1_790_000_000.0  # 2026-09-21T13:33:20Z
ACCOUNT = "123456789012"
ENVIRON = {
    "STAGE": "test",
    "AWS_REGION": REGION,
    "CONFIG_TABLE": "config",
    "KEYS_TABLE": "keys",
    "STATE_TABLE": "state",
    "LOGS_TABLE": "logs",
    "USAGE_TABLE": "usage",
    "CACHE_TABLE": "cache",
    "DIALOGS_TABLE": "dialogs",
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
    aws: boto3.Session
    dynamodb: Any
    secrets: Any
    _kept: dict[str, tuple[int, Any, float, Any]] = field(default_factory=dict)

    @contextmanager
    def awake(self) -> Iterator[None]:
        """The deployment is there for as long as the block lasts, however moto was used since the last one."""
        with _moto(reset=False), patch("boto3.DEFAULT_SESSION", self.aws):
            if not backend("dynamodb").tables:
                provision(self.aws)
            yield

    def reset(self) -> None:
        """An empty deployment, at the first moment again."""
        for table in backend("dynamodb").tables.values():
            table.items.clear()
        backend("secretsmanager").reset()
        create_secrets(self.secrets)
        self.time.now = START

    def once(self, name: str, make: Callable[[], Made]) -> Made:
        """What `make` gives. It runs once per session; afterwards everything that was then stored is put back in its place.

        Where something else is stored than was before the first time, it runs again.
        """
        before = sum(len(rows) for _, table in _tables() for rows in table.items.values())
        if name not in self._kept or self._kept[name][0] != before:
            made = make()
            self._kept[name] = (before, made, self.time.now, _copied({at: its.items for at, its in _tables()}))
            return made
        _, made, self.time.now, items = self._kept[name]
        for at, contents in _copied(items).items():
            backend("dynamodb").tables[at].items = contents
        result: Made = made
        return result

    def login(self, username: str = USERNAME, password: str = PASSWORD) -> dict[str, str]:
        """Authorization headers of a user."""
        answer = self.client.post("/api/auth/login", json={"username": username, "password": password})
        assert answer.status_code == 200, answer.text
        return {"authorization": f"Bearer {answer.json()['access_token']}"}

    def items(self, table: str) -> list[dict[str, Any]]:
        """Everything in a table."""
        pages = self.dynamodb.get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
        return [item for page in pages for item in page["Items"]]

    def configuration(self) -> list[dict[str, Any]]:
        """The same of the config table, but for the audit log, to which every sign-in adds."""
        return [item for item in self.items("config") if not item["pk"]["S"].startswith("audit#")]


def create_tables(client: Any, environ: dict[str, str]) -> None:
    """The tables as the models describe them."""
    for variable, shape in schema().items():
        parts = {"KeySchema": shape["KeySchema"], "AttributeDefinitions": shape["AttributeDefinitions"]}
        if shape["GlobalSecondaryIndexes"]:
            parts["GlobalSecondaryIndexes"] = shape["GlobalSecondaryIndexes"]
        client.create_table(TableName=environ[variable], BillingMode="PAY_PER_REQUEST", **parts)


def backend(service: str) -> Any:
    """What moto keeps of a service."""
    return get_backend(service)[ACCOUNT][REGION]  # type: ignore[call-overload]


def _tables() -> list[tuple[str, Any]]:
    return list(backend("dynamodb").tables.items())


def _copied(items: dict[str, Any]) -> dict[str, Any]:
    """Items of tables, by their names; what moto changes in one copy does not show in another."""
    return copy.deepcopy(items)


def create_secrets(client: Any) -> None:
    """The deployment's secrets."""
    client.create_secret(Name="gateway-admin", SecretString=json.dumps({"username": USERNAME, "password": PASSWORD}))
    client.create_secret(Name="gateway-jwt", SecretString="0123456789abcdef0123456789abcdef")


def provision(aws: boto3.Session) -> None:
    """Tables, the KMS key and the deployment's secrets."""
    create_tables(aws.client("dynamodb"), ENVIRON)
    kms = aws.client("kms")
    kms.create_alias(AliasName="alias/gateway", TargetKeyId=kms.create_key()["KeyMetadata"]["KeyId"])
    create_secrets(aws.client("secretsmanager"))


def cheap_argon2id() -> PasswordHasher:
    """argon2id at the least cost there is. That a deployment pays the full one is proved in tests/admin/test_auth.py."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1, type=Type.ID)


@contextmanager
def _moto(reset: bool) -> Iterator[None]:
    lock = threading.RLock()
    plain = DynamoHandler.call_action

    def locked(self: DynamoHandler) -> Any:
        with lock:
            return plain(self)

    mock = mock_aws()
    mock.start(reset=reset)
    try:
        with patch.object(DynamoHandler, "call_action", locked):
            yield
    finally:
        mock.stop(remove_data=False)


@contextmanager
def mocked_world() -> Iterator[World]:
    """A deployment, asleep."""
    time = Time()
    clock = Clock(wall=time.wall)
    aws = boto3.Session("test", "test", region_name=REGION)
    with (
        patch("admin.identity.argon2id", cheap_argon2id),
        patch("admin.app.argon2id", cheap_argon2id),
        _moto(reset=True),
        patch("boto3.DEFAULT_SESSION", aws),
    ):
        provision(aws)
        app = create_app(ENVIRON, clock)
    with TestClient(app, base_url="http://admin.test") as client:
        services = app.state.services
        yield World(
            time, clock, dict(ENVIRON), client, services, aws, aws.client("dynamodb"), aws.client("secretsmanager")
        )


__all__ = ["ENVIRON", "World", "bind", "create_services", "from_environ", "mocked_world"]

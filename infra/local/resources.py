"""What a deployment would have made, in the emulator: tables, encryption key, bucket, secrets. Safe to repeat at every start."""

from __future__ import annotations

import contextlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from infra.local.emulator import REGION
from infra.local.faults import StackError
from infra.local.statedir import StateDir, write_private
from infra.local.template import STACK_NAME, Table

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient

ADMIN_NAME = "admin"
BODIES_BUCKET = f"{STACK_NAME}-bodies"
TABLE_VARIABLES = {
    "CONFIG_TABLE": "ConfigTable",
    "KEYS_TABLE": "KeysTable",
    "STATE_TABLE": "StateTable",
    "LOGS_TABLE": "LogsTable",
    "USAGE_TABLE": "UsageTable",
    "CACHE_TABLE": "CacheTable",
    "DIALOGS_TABLE": "DialogsTable",
}


@dataclass(frozen=True, slots=True)
class Made:
    """Names of what exists now, as the functions' environment wants them, and the administrator's password."""

    environ: Mapping[str, str]
    admin_password: str


def make(tables: list[Table], state: StateDir, endpoint: str, admin_password: str | None) -> Made:
    """Create what is missing. A password given replaces the kept one; StackError when the template lacks a table we need."""
    config = Config(
        retries={"total_max_attempts": 3}, connect_timeout=3, read_timeout=10, s3={"addressing_style": "path"}
    )
    session = boto3.Session(aws_access_key_id="local", aws_secret_access_key="local", region_name=REGION)  # noqa: S106
    dynamodb: DynamoDBClient = session.client("dynamodb", endpoint_url=endpoint, config=config)
    s3: S3Client = session.client("s3", endpoint_url=endpoint, config=config)
    kms: KMSClient = session.client("kms", endpoint_url=endpoint, config=config)
    vault: SecretsManagerClient = session.client("secretsmanager", endpoint_url=endpoint, config=config)
    for table in tables:
        _table(dynamodb, table)
    with _tolerated("BucketAlreadyOwnedByYou", "BucketAlreadyExists"):
        s3.create_bucket(Bucket=BODIES_BUCKET)
    password = _password(state, admin_password)
    names = {table.logical: table.name for table in tables}
    missing = sorted(set(TABLE_VARIABLES.values()) - set(names))
    if missing:
        raise StackError(f"template.yaml declares no {', '.join(missing)}")
    environ = {variable: names[logical] for variable, logical in TABLE_VARIABLES.items()}
    environ |= {
        "STAGE": "local",
        "BODIES_BUCKET": BODIES_BUCKET,
        "KMS_KEY_ID": _key(kms),
        "ADMIN_SECRET_ARN": _secret(vault, "admin", json.dumps({"username": ADMIN_NAME, "password": password})),
        "JWT_SECRET_ARN": _secret(vault, "jwt", state.kept_secret("jwt", lambda: secrets.token_urlsafe(48))),
        "LOG_TTL_DAYS": "30",
        "ALLOW_PRIVATE_UPSTREAMS": "true",
    }
    return Made(environ, password)


def _password(state: StateDir, given: str | None) -> str:
    if given is None:
        return state.kept_secret("admin-password", lambda: secrets.token_urlsafe(12))
    write_private(state.folder("secrets") / "admin-password", given + "\n")
    return given


@contextlib.contextmanager
def _tolerated(*codes: str):  # type: ignore[no-untyped-def]
    """Swallow the named service errors: the thing exists already."""
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] not in codes:
            raise


def _table(client: DynamoDBClient, table: Table) -> None:
    with _tolerated("ResourceInUseException"):
        client.create_table(**table.create)
    if table.ttl is None:
        return
    current = client.describe_time_to_live(TableName=table.name)["TimeToLiveDescription"]
    if current.get("AttributeName") != table.ttl:
        wanted = {"Enabled": True, "AttributeName": table.ttl}
        client.update_time_to_live(TableName=table.name, TimeToLiveSpecification=wanted)  # type: ignore[arg-type]


def _key(client: KMSClient) -> str:
    """The key's ARN. The alias finds it again at the next start."""
    alias = f"alias/{STACK_NAME}"
    try:
        return client.describe_key(KeyId=alias)["KeyMetadata"]["Arn"]
    except client.exceptions.NotFoundException:
        arn = client.create_key(Description="local stack")["KeyMetadata"]["Arn"]
        client.create_alias(AliasName=alias, TargetKeyId=arn)
        return arn


def _secret(client: SecretsManagerClient, name: str, value: str) -> str:
    """The secret's ARN, holding `value` now."""
    full = f"{STACK_NAME}/{name}"
    try:
        current = client.get_secret_value(SecretId=full)
    except client.exceptions.ResourceNotFoundException:
        return client.create_secret(Name=full, SecretString=value)["ARN"]
    if current["SecretString"] != value:
        client.put_secret_value(SecretId=full, SecretString=value)
    return current["ARN"]

"""The stack itself: what it makes, what it answers, and what is left of it when it goes."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest
from botocore.exceptions import ClientError
from tests.e2e.deploy.deployment import Deployment, delete, deploy
from tests.e2e.deploy.local_aws import LocalAws, local_aws
from tests.infra.sam import transformed

pytestmark = pytest.mark.stack

KEPT = {"ConfigTable", "KeysTable", "StateTable", "LogsTable", "UsageTable", "DialogsTable"}


def table_names(aws: LocalAws) -> set[str]:
    return set(aws.client("dynamodb").list_tables()["TableNames"])


def test_health_answers_through_api_gateway(deployment: Deployment) -> None:
    answer = httpx.get(f"{deployment.proxy_url}/health", timeout=60)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/json")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing/here", 404),
        ("POST", "/v1/nothing", 404),
        ("DELETE", "/v1/models", 405),
        ("GET", "/v1/chat/completions", 405),
    ],
)
def test_what_has_no_route_gets_the_gateways_own_answer(
    deployment: Deployment, method: str, path: str, status: int
) -> None:
    answer = httpx.request(method, deployment.proxy_url + path, timeout=60)
    assert answer.status_code == status
    assert answer.json()["error"]["message"]
    assert answer.headers.get("x-request-id", "").startswith("req_") or answer.headers.get("request-id"), (
        "API Gateway itself would send neither"
    )


def test_the_admin_api_knows_the_administrator_of_the_deployment(deployment: Deployment) -> None:
    right = deployment.administrator()
    wrong = {**right, "password": right["password"] + "x"}
    with httpx.Client(base_url=deployment.admin_url, timeout=60) as client:
        assert client.post("/api/auth/login", json=wrong).status_code == 401
        signed_in = client.post("/api/auth/login", json=right)
        assert signed_in.status_code == 200
        assert signed_in.json()["user"]["role"] == "admin"


def test_the_tables_are_there(deployment: Deployment) -> None:
    client = deployment.aws.client("dynamodb")
    for name in ("config", "keys", "state", "logs", "usage"):
        assert client.describe_table(TableName=deployment.table(name))["Table"]["TableStatus"] == "ACTIVE"


def test_the_dashboard_was_published(deployment: Deployment) -> None:
    s3 = deployment.aws.client("s3")
    bucket = deployment.outputs["DashboardBucketName"]
    page = s3.get_object(Bucket=bucket, Key="index.html")
    assert page["ContentType"] == "text/html; charset=utf-8"
    assert b"<script" in page["Body"].read()
    config = json.loads(s3.get_object(Bucket=bucket, Key="config.json")["Body"].read())
    assert config == {"stage": "test", "proxyUrl": deployment.outputs["ProxyUrl"]}
    assert [entry for entry in s3.list_objects_v2(Bucket=bucket)["Contents"] if entry["Key"].startswith("assets/")]


def test_a_role_may_do_nothing_else(deployment: Deployment) -> None:
    """The local AWS checks the roles' policies. Were it not so, every test here would prove nothing about them."""
    functions = deployment.aws.client("lambda")
    role = functions.get_function(FunctionName=deployment.resources["PublisherFunction"])["Configuration"]["Role"]
    refused = deployment.aws.client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    s3: Any = boto3.client(
        "s3",
        endpoint_url=deployment.aws.endpoint,
        region_name="us-east-1",
        aws_access_key_id=refused["AccessKeyId"],
        aws_secret_access_key=refused["SecretAccessKey"],
        aws_session_token=refused["SessionToken"],
    )
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.list_objects_v2(Bucket=deployment.outputs["BodiesBucketName"])
    assert s3.list_objects_v2(Bucket=deployment.outputs["DashboardBucketName"])["KeyCount"] > 0


def test_deleting_the_stack_leaves_what_is_to_stay_and_nothing_else(tmp_path: Path) -> None:
    with local_aws() as aws:
        deployment = deploy(aws, tmp_path, {})
        kept = {deployment.resources[name] for name in KEPT}
        assert len(table_names(aws)) == len(KEPT) + 1, "kept answers go with the stack"
        delete(deployment)

        assert table_names(aws) == kept
        buckets = {bucket["Name"] for bucket in aws.client("s3").list_buckets()["Buckets"]}
        assert deployment.resources["BodiesBucket"] in buckets
        assert deployment.resources["DashboardBucket"] not in buckets
        assert aws.client("lambda").list_functions()["Functions"] == []
        assert aws.client("apigateway").get_rest_apis()["items"] == []
        assert aws.client("secretsmanager").list_secrets()["SecretList"] == []
        assert (
            aws.client("kms").describe_key(KeyId=deployment.resources["DataKey"])["KeyMetadata"]["KeyState"]
            == "Enabled"
        )
        assert {"DataKey", "BodiesBucket", *KEPT} == {
            name
            for name, body in transformed()["Resources"].items()
            if body.get("DeletionPolicy") == "RetainExceptOnCreate"
        }


def test_a_request_is_folded_into_usage_by_the_deployed_stream(deployment: Deployment) -> None:
    """Log row → stream → rollup function with its role → usage bucket, nobody asking for it."""
    refused = httpx.post(
        f"{deployment.proxy_url}/v1/chat/completions", json={"model": "any", "messages": []}, timeout=60
    )
    assert refused.status_code == 401
    client = deployment.aws.client("dynamodb")
    deadline = time.monotonic() + 60
    partitions: set[str] = set()
    while time.monotonic() < deadline and not {"hour", "day", "mark"} <= partitions:
        items = client.scan(TableName=deployment.table("usage"))["Items"]
        partitions = {item["pk"]["S"].partition("#")[0] for item in items}
        time.sleep(0.2)  # the event source polls; nothing announces that it has
    assert {"hour", "day", "mark"} <= partitions

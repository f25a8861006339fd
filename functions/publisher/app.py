"""Entry of the publisher function, CloudFormation's custom resource `Dashboard`.

Properties of the resource: `Bucket` (its name), `Config` (what becomes config.json), `Version` (only there so that a new build is a change). Its
physical id is made of the bucket's name: the same bucket is an update in place, another bucket a replacement whose old one is then emptied by Delete.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from publisher.answer import send
from publisher.bucket import empty, publish

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

DASHBOARD = Path(__file__).resolve().parents[1] / "dashboard"


def create_client() -> S3Client:
    """S3 with limits short enough that a network fault is reported while there is time."""
    return boto3.client(
        "s3", config=Config(connect_timeout=5, read_timeout=20, retries={"total_max_attempts": 4, "mode": "standard"})
    )


def apply(s3: S3Client, event: Mapping[str, Any], folder: Path) -> str:
    """Do what the event asks; returns a line for the log."""
    properties = event["ResourceProperties"]
    bucket = properties["Bucket"]
    if event["RequestType"] == "Delete":
        empty(s3, bucket)
        return f"emptied {bucket}"
    if event["RequestType"] not in {"Create", "Update"}:
        raise ValueError(f"unknown request type {event['RequestType']!r}")
    return f"published {publish(s3, bucket, folder, properties.get('Config', {}))} files to {bucket}"


def physical_id(event: Mapping[str, Any]) -> str:
    """The resource's identity; for an event without a bucket the one it already has."""
    bucket = event.get("ResourceProperties", {}).get("Bucket")
    return f"dashboard-{bucket}" if bucket else event.get("PhysicalResourceId", "dashboard-unknown")


def run(s3: S3Client, event: Mapping[str, Any], folder: Path) -> None:
    """Apply the event and answer it, whatever happens in between."""
    try:
        line = apply(s3, event, folder)
    except Exception as error:  # noqa: BLE001 - outermost door: an unanswered event blocks the stack until its timeout
        reason = f"{type(error).__name__}: {error}"
        _log(event, "failed", reason)
        send(event, "FAILED", physical_id(event), reason)
    else:
        _log(event, "done", line)
        send(event, "SUCCESS", physical_id(event))


def _log(event: Mapping[str, Any], outcome: str, line: str) -> None:
    # Not the event: its ResponseURL is a signed address.
    print(json.dumps({"request": event.get("RequestType"), "outcome": outcome, "message": line}))  # noqa: T201 - the function's log


def handler(event: Mapping[str, Any], context: object) -> None:  # noqa: ARG001 - Lambda's signature
    """What Lambda calls."""
    run(create_client(), event, DASHBOARD)

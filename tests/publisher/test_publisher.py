"""The publisher against moto's S3 and a loopback server in CloudFormation's place: it always answers, and the bucket holds what it should."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from publisher import app
from publisher.bucket import RECORD, publish
from publisher.files import cache_control, content_type, in_order

BUCKET = "dashboard-bucket"


class CloudFormation(ThreadingHTTPServer):
    """Keeps every answer it was PUT, with its headers; fails the first `faults` of them."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Receiver)
        self.answers: list[dict[str, Any]] = []
        self.content_types: list[str | None] = []
        self.faults = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/answer?signature=secret"


class _Receiver(BaseHTTPRequestHandler):
    server: CloudFormation

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.server.faults:
            self.server.faults -= 1
            self.send_error(503)
            return
        self.server.content_types.append(self.headers.get("content-type"))
        self.server.answers.append(json.loads(body))
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Quiet."""


@pytest.fixture
def cloudformation() -> Iterator[CloudFormation]:
    server = CloudFormation()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        client = boto3.client("s3")
        client.create_bucket(Bucket=BUCKET)
        yield client


def build(folder: Path, name: str) -> Path:
    """A build of the dashboard whose script is called after its content."""
    path = folder / name
    (path / "assets").mkdir(parents=True)
    (path / "index.html").write_text(f"<script src=/assets/{name}.js></script>")
    (path / "assets" / f"{name}.js").write_text(name)
    (path / "favicon.svg").write_text("<svg/>")
    return path


def event(cloudformation: CloudFormation, request: str, **properties: Any) -> dict[str, Any]:
    return {
        "RequestType": request,
        "ResponseURL": cloudformation.url,
        "StackId": "arn:stack",
        "RequestId": "request-1",
        "LogicalResourceId": "Dashboard",
        "ResourceProperties": {"Bucket": BUCKET, "Config": {"stage": "dev"}, **properties},
    }


def keys(s3: Any) -> set[str]:
    return {entry["Key"] for entry in s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])}


def test_create_publishes_files_with_type_and_cache_headers(
    s3: Any, cloudformation: CloudFormation, tmp_path: Path
) -> None:
    app.run(s3, event(cloudformation, "Create"), build(tmp_path, "one"))

    answer = cloudformation.answers[0]
    assert answer == {
        "Status": "SUCCESS",
        "PhysicalResourceId": f"dashboard-{BUCKET}",
        "StackId": "arn:stack",
        "RequestId": "request-1",
        "LogicalResourceId": "Dashboard",
    }
    assert cloudformation.content_types == [""], "the address is signed for an empty content type"
    page = s3.get_object(Bucket=BUCKET, Key="index.html")
    assert (page["ContentType"], page["CacheControl"]) == ("text/html; charset=utf-8", "no-cache")
    script = s3.get_object(Bucket=BUCKET, Key="assets/one.js")
    assert (script["ContentType"], script["CacheControl"]) == (
        "text/javascript; charset=utf-8",
        "public, max-age=31536000, immutable",
    )
    config = s3.get_object(Bucket=BUCKET, Key="config.json")
    assert json.loads(config["Body"].read()) == {"stage": "dev"}
    assert config["CacheControl"] == "no-cache"


def test_update_keeps_the_files_of_the_build_before_and_no_older(
    s3: Any, cloudformation: CloudFormation, tmp_path: Path
) -> None:
    for name in ("one", "two", "three"):
        app.run(s3, event(cloudformation, "Update", Version=name), build(tmp_path, name))

    assert keys(s3) == {"index.html", "favicon.svg", "config.json", RECORD, "assets/two.js", "assets/three.js"}
    assert {answer["PhysicalResourceId"] for answer in cloudformation.answers} == {f"dashboard-{BUCKET}"}
    assert b"three.js" in s3.get_object(Bucket=BUCKET, Key="index.html")["Body"].read()


def test_the_configuration_that_a_build_carries_does_not_win(
    s3: Any, cloudformation: CloudFormation, tmp_path: Path
) -> None:
    folder = build(tmp_path, "one")
    (folder / "config.json").write_text('{"stage": "of-the-build"}')
    app.run(s3, event(cloudformation, "Create"), folder)
    assert json.loads(s3.get_object(Bucket=BUCKET, Key="config.json")["Body"].read()) == {"stage": "dev"}


@pytest.mark.parametrize("record", [b"not json", b"[]", b'{"files": 3}', b'{"files": [1, null]}', b"\xff"])
def test_a_damaged_record_does_not_stop_a_publish(s3: Any, record: bytes, tmp_path: Path) -> None:
    s3.put_object(Bucket=BUCKET, Key=RECORD, Body=record)
    assert publish(s3, BUCKET, build(tmp_path, "one"), {}) == 3


def test_delete_empties_the_bucket_also_of_more_objects_than_one_call_takes(
    s3: Any, cloudformation: CloudFormation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("publisher.bucket._DELETED_PER_CALL", 10)
    for number in range(25):
        s3.put_object(Bucket=BUCKET, Key=f"old/{number}", Body=b"")
    app.run(s3, event(cloudformation, "Delete"), tmp_path)
    assert keys(s3) == set()
    assert cloudformation.answers[0]["Status"] == "SUCCESS"


def test_delete_of_a_bucket_that_is_gone_succeeds(s3: Any, cloudformation: CloudFormation, tmp_path: Path) -> None:
    app.run(s3, event(cloudformation, "Delete", Bucket="never-was"), tmp_path)
    assert cloudformation.answers[0]["Status"] == "SUCCESS"


@pytest.mark.parametrize("request_type", ["Create", "Update"])
def test_a_failure_is_answered_with_its_reason(
    s3: Any, cloudformation: CloudFormation, tmp_path: Path, request_type: str
) -> None:
    app.run(s3, event(cloudformation, request_type, Bucket="never-was"), build(tmp_path, "one"))
    assert cloudformation.answers[0]["Status"] == "FAILED"
    assert "NoSuchBucket" in cloudformation.answers[0]["Reason"]
    assert cloudformation.answers[0]["PhysicalResourceId"] == "dashboard-never-was"


def test_a_bundle_without_a_dashboard_is_a_failure_that_changes_nothing(
    s3: Any, cloudformation: CloudFormation, tmp_path: Path
) -> None:
    app.run(s3, event(cloudformation, "Create"), tmp_path)
    assert "index.html" in cloudformation.answers[0]["Reason"]
    assert keys(s3) == set()


@pytest.mark.parametrize(
    "change", [{"RequestType": "Rename"}, {"ResourceProperties": {}}, {"ResourceProperties": {"Bucket": ""}}]
)
def test_an_event_that_makes_no_sense_is_answered_too(
    s3: Any, cloudformation: CloudFormation, tmp_path: Path, change: dict[str, Any]
) -> None:
    app.run(s3, {**event(cloudformation, "Create"), **change}, build(tmp_path, "one"))
    assert cloudformation.answers[0]["Status"] == "FAILED"


def test_the_answer_is_repeated_until_it_is_taken(s3: Any, cloudformation: CloudFormation, tmp_path: Path) -> None:
    cloudformation.faults = 2
    app.run(s3, event(cloudformation, "Create"), build(tmp_path, "one"))
    assert [answer["Status"] for answer in cloudformation.answers] == ["SUCCESS"]


def test_neither_log_nor_answer_shows_the_signed_address(
    s3: Any, cloudformation: CloudFormation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    app.run(s3, event(cloudformation, "Create", Bucket="never-was"), build(tmp_path, "one"))
    assert "signature" not in capsys.readouterr().out + json.dumps(cloudformation.answers)


def test_the_handler_publishes_what_lies_beside_it(
    s3: Any, cloudformation: CloudFormation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "DASHBOARD", build(tmp_path, "one"))
    app.handler(event(cloudformation, "Create"), None)
    assert "assets/one.js" in keys(s3)


def test_order_puts_the_page_last_and_the_assets_first(tmp_path: Path) -> None:
    assert in_order(build(tmp_path, "one")) == ["assets/one.js", "favicon.svg", "index.html"]


def test_unknown_files_are_downloads() -> None:
    assert content_type("strange.xyz") == "application/octet-stream"
    assert content_type("UPPER.SVG") == "image/svg+xml"
    assert cache_control("robots.txt") == "no-cache"

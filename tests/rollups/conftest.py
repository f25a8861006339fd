"""DynamoDB for these tests: moto in the process, and ministack (the local AWS) for what must be exact under concurrency."""

from __future__ import annotations

import itertools
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.config import Config
from moto import mock_aws

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

ROOT = Path(__file__).parents[2]
MINISTACK = ROOT / ".venv-ministack" / "bin" / "ministack"
FAKE = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}  # accepted by the local stand-ins only
_numbers = itertools.count()


@pytest.fixture
def table_name() -> str:
    """A name no other test uses."""
    return f"usage-{os.getpid()}-{next(_numbers)}"


@pytest.fixture(scope="module")
def moto_client() -> Iterator[DynamoDBClient]:
    """A client of moto's DynamoDB."""
    with mock_aws():
        yield boto3.client("dynamodb", region_name="eu-central-1", **FAKE)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_healthy(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail(f"ministack ended with {process.returncode}")
        try:
            with urllib.request.urlopen(f"{url}/_ministack/health", timeout=2):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)  # polling another process's port; nothing here can announce readiness
    pytest.fail("ministack did not become ready within 60 s")


@pytest.fixture(scope="session")
def stack_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a ministack of this test session."""
    if not MINISTACK.exists():
        pytest.skip(
            f"SKIPPED: no ministack; make .venv-ministack from infra/locks/ministack.txt ({MINISTACK} is missing)"
        )
    home = tmp_path_factory.mktemp("ministack")
    port = _free_port()
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "TMPDIR": str(home),
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "LOG_LEVEL": "ERROR",
    }
    with (home / "log").open("wb") as log:
        process = subprocess.Popen([str(MINISTACK)], env=environ, cwd=home, stdout=log, stderr=subprocess.STDOUT)
        try:
            _wait_until_healthy(f"http://127.0.0.1:{port}", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=30)


@pytest.fixture(scope="session")
def stack_client(stack_url: str) -> DynamoDBClient:
    """A client of ministack's DynamoDB, shared by threads."""
    config = Config(retries={"total_max_attempts": 1, "mode": "standard"}, max_pool_connections=16)
    return boto3.client("dynamodb", region_name="eu-central-1", endpoint_url=stack_url, config=config, **FAKE)

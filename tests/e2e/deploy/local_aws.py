"""A throw-away local AWS (ministack) that runs deployed functions, on a free loopback port."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from tests.infra.sam import ROOT

REGION = "us-east-1"
INTERPRETER = ROOT / ".venv-ministack" / "bin" / "python"
# Who may do everything there, as the account's owner may; the functions have only their roles.
OWNER = "local"
_START_SECONDS = 30


@dataclass(frozen=True, slots=True)
class LocalAws:
    """Where the local AWS answers, and what it has written so far."""

    endpoint: str
    log: Path

    def client(self, service: str) -> Any:
        """A boto3 client of it, which knows no other account."""
        return boto3.client(
            service,
            region_name=REGION,
            endpoint_url=self.endpoint,
            aws_access_key_id=OWNER,
            aws_secret_access_key=OWNER,
            config=Config(retries={"total_max_attempts": 2}, read_timeout=120),
        )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _environ(port: int, folder: Path) -> dict[str, str]:
    """Named variables only: nothing of the caller's shell reaches the functions that run in there."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "BIND_HOST": "127.0.0.1",
        # Where it tells the functions to send their answers to CloudFormation.
        "MINISTACK_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "MINISTACK_REGION": REGION,
        "PERSIST_STATE": "0",
        # Every call of a function is checked against the policies of its role: a right that is missing in template.yaml fails here.
        "AUTH": "true",
        "AWS_ACCESS_KEY_ID": OWNER,
        "AWS_SECRET_ACCESS_KEY": OWNER,
        "S3_DATA_DIR": str(folder / "s3"),
        "STATE_DIR": str(folder / "state"),
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "LOG_LEVEL": "INFO",
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
    }


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise RuntimeError(f"the local AWS did not start:\n{log.read_text()[-4000:]}")


@contextlib.contextmanager
def local_aws() -> Iterator[LocalAws]:
    """The local AWS for the length of the block; nothing of it stays."""
    port = _free_port()
    with tempfile.TemporaryDirectory(prefix="gateway-aws-") as folder:
        log = Path(folder) / "aws.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [str(INTERPRETER), "-m", "ministack"],
                env=_environ(port, Path(folder)),
                stdout=output,
                stderr=output,
                cwd=folder,
            )
        try:
            _wait(process, port, log)
            yield LocalAws(f"http://127.0.0.1:{port}", log)
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

"""What the room costs: imports, and CPU per call apart from the network."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

from gateway.aws.attributes import encode_item
from gateway.aws.credentials import StaticCredentials
from gateway.aws.retries import Policy
from gateway.aws.session import AwsSession, Call
from gateway.aws.sigv4 import Credentials
from gateway.clock import Clock

HEAVY = {
    "boto3",
    "botocore",
    "requests",
    "httpx",
    "cryptography",
    "pydantic",
    "pynamodb",
    "http.client",
    "xml",
    "tiktoken",
}


def test_nothing_heavy_is_imported() -> None:
    code = """
import asyncio, json, sys, time
start = time.process_time()
import gateway.aws.session, gateway.aws.credentials, gateway.aws.dynamodb, gateway.aws.kms, gateway.aws.s3, gateway.aws.secrets
print(json.dumps({"ms": (time.process_time() - start) * 1e3, "modules": sorted(sys.modules)}))
"""
    root = Path(__file__).parents[2] / "functions"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": str(root)}
    )
    found = json.loads(done.stdout)
    print(f"\nimport of gateway.aws beyond asyncio: {found['ms']:.1f} ms of CPU")
    assert not HEAVY & set(found["modules"])


async def test_a_log_row_is_encoded_and_signed_in_microseconds() -> None:
    session = AwsSession(
        "eu-central-1", None, StaticCredentials(Credentials("AKID", "secret", "t" * 900)), Clock(), policy=Policy()
    )
    row = {f"text_{number}": "a value of some length" for number in range(26)} | {
        f"number_{number}": number for number in range(9)
    }

    async def once() -> None:
        body = json.dumps({"TableName": "logs", "Item": encode_item(row)}).encode()
        await session._sign(Call("dynamodb", "PutItem", body, headers=(("x-amz-target", "DynamoDB_20120810.PutItem"),)))

    await once()
    start = time.process_time()
    for _ in range(300):
        await once()
    microseconds = (time.process_time() - start) / 300 * 1e6
    print(f"\nencode and sign a log row: {microseconds:.0f} µs of CPU")
    assert microseconds < 1000  # some 50 on an idle machine

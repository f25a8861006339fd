"""The local AWS: ministack in its own environment, on a loopback port, with its state kept."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from infra.local.children import child, until_open
from infra.local.faults import StackError
from infra.local.options import ROOT
from infra.local.statedir import StateDir

REGION = "us-east-1"
SERVICES = "dynamodb,dynamodbstreams,kms,s3,secretsmanager"
INTERPRETER = ROOT / ".venv-ministack" / "bin" / "python"


_KEY = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local-emulator-has-no-secret"}


def credentials(endpoint: str) -> dict[str, str]:
    """What makes every AWS client in the process talk to the emulator, and never to the account of whoever is logged in."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        **_KEY,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
    }


def child_environ(port: int, state: StateDir) -> dict[str, str]:
    """The environment of ministack: named variables only, so that nothing of the user's shell changes what it does."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(state.root),
        "TMPDIR": str(state.folder("tmp")),
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "MINISTACK_REGION": REGION,
        "SERVICES": SERVICES,
        # By these it checks the signatures in URLs.
        **_KEY,
        "PERSIST_STATE": "1",
        "STATE_DIR": str(state.folder("aws")),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(state.folder("s3")),
        # Listeners nobody asked for.
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "LOG_LEVEL": "WARNING",
    }


@asynccontextmanager
async def emulator(
    port: int, state: StateDir, interpreter: Path = INTERPRETER
) -> AsyncIterator[asyncio.subprocess.Process]:
    """ministack for the length of the block, answering on 127.0.0.1:`port`; its state is saved while it runs and when it ends."""
    if not os.access(interpreter, os.X_OK):
        raise StackError("the local AWS is not installed: run `make setup` first (it makes .venv-ministack)")
    command = [str(interpreter), str(Path(__file__).with_name("emulator_main.py"))]
    # Saving 100,000 log rows at the end takes ministack some seconds; killing it then would lose them.
    async with child("aws", command, child_environ(port, state), state, stop_seconds=60.0) as process:
        await until_open("aws", process, port, state)
        yield process


def clean_environ(environ: Mapping[str, str]) -> dict[str, str]:
    """An environment without any AWS setting of its owner (profile, session, endpoint, role)."""
    return {name: value for name, value in environ.items() if not name.startswith("AWS_")}

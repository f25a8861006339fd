"""`make dev` as a test sees it: `python -m infra.local` with its contract of environment variables, and what can be read from it afterwards."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import httpx
import yaml
from infra.local import emulator, resources, template
from infra.local.statedir import StateDir
from tests.e2e.configuration import Addresses, Secrets, document
from tests.e2e.processes import ROOT, answers, environment, free_port, running, until
from tests.e2e.rows import Rows

# Most tests here provoke a fault of a provider and look at what becomes of that one request: what it teaches the gateway about the provider
# must not reach the next test. The fleet (`fleet.py`) remembers and retries, as deployments do.
FORGETFUL = {"UPSTREAM_HEALTH": "false", "RETRY_ATTEMPTS": "1"}


@dataclass
class LocalStack:
    """A running local stack. `function_environ` is what a function deployed beside it would get."""

    url: str
    folder: Path
    state_dir: Path
    secrets: Secrets
    endpoint: str
    function_environ: Mapping[str, str]
    rows: Rows

    @contextmanager
    def admin(self) -> Iterator[httpx.Client]:
        """A signed-in client of the admin API."""
        with httpx.Client(base_url=self.url, timeout=20.0) as client:
            credentials = {"username": "admin", "password": self.secrets.admin_password}
            token = client.post("/api/auth/login", json=credentials).raise_for_status().json()["access_token"]
            client.headers["authorization"] = f"Bearer {token}"
            yield client

    def admin_pages(self) -> list[bytes]:
        """What the admin API answers on its lists and on a few details; the token a login hands out is left out."""
        now = int(time.time() * 1000)
        nouns = (
            "providers",
            "models",
            "keys",
            "routes",
            "logs?limit=100",
            "release",
            "releases",
            "audit?limit=100",
            "users",
            "invitations",
            "teams",
            "end-users",
            "health",
            "settings",
            "configuration",
            "configuration?format=json",
            f"overview?bucket=hour&from={now - 3_600_000}&to={now}",
        )
        paths = ["auth/me", *(f"admin/{noun}" for noun in nouns)]
        with self.admin() as client:
            lists = [client.get(f"/api/{path}").raise_for_status() for path in paths]
            hub = ("auth/me", "admin/keys", "admin/logs?limit=500", "admin/stats")
            lists += [client.get(f"/v1/{path}").raise_for_status() for path in hub]
            rows = [row["id"] for status in ("200", "4xx", "5xx") for row in self._page(client, status)]
            details = [client.get(f"/api/admin/logs/{row}").raise_for_status() for row in rows]
        return [answer.content for answer in (*lists, *details)]

    def _page(self, client: httpx.Client, status: str) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = (
            client.get(f"/api/admin/logs?limit=40&status={status}").raise_for_status().json()["items"]
        )
        return items

    def every_item(self) -> Iterator[dict[str, Any]]:
        """Every item of every table."""
        session = boto3.Session(aws_access_key_id="local", aws_secret_access_key="local", region_name="us-east-1")
        resource: Any = session.resource("dynamodb", endpoint_url=self.endpoint)
        for name in (value for key, value in self.function_environ.items() if key.endswith("_TABLE")):
            start: dict[str, Any] = {}
            while True:
                page = resource.Table(name).scan(**start)
                yield from page["Items"]
                if "LastEvaluatedKey" not in page:
                    break
                start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def log_files(self) -> list[Path]:
        """Output of every process of the stack, and of the Lambda loop. The stack's own banner (which shows the first password) is not among them."""
        return [
            *sorted((self.state_dir / "logs").glob("*.log")),
            *sorted(self.folder.glob("function*.log")),
            *sorted(self.folder.glob("gateway*.log")),
        ]


@contextmanager
def local_stack(addresses: Addresses, secrets: Secrets, folder: Path) -> Iterator[LocalStack]:
    """Start the stack with the tests' configuration; ready when the block begins."""
    config, state_dir, log, port = folder / "gateway.yaml", folder / "state", folder / "stack.out", free_port()
    config.write_text(yaml.safe_dump(document(addresses, secrets), allow_unicode=True))
    environ = environment(
        PYTHONPATH=f"{ROOT}:{ROOT / 'functions'}",
        PORT=str(port),
        GATEWAY_CONFIG=str(config),
        GATEWAY_STATE_DIR=str(state_dir),
        GATEWAY_ADMIN_PASSWORD=secrets.admin_password,
        GATEWAY_DEMO_KEY=secrets.demo_key,
        GATEWAY_DEMO_WORD_MS="0",
        REGISTRATION="open",
        **FORGETFUL,
    )
    url = f"http://127.0.0.1:{port}"
    with running([sys.executable, "-m", "infra.local"], environ, log, stop_seconds=70.0) as process:
        until(lambda: answers(f"{url}/health/ready"), process, log)
        yield _attached(url, folder, state_dir, secrets)


def _attached(url: str, folder: Path, state_dir: Path, secrets: Secrets) -> LocalStack:
    """Everything that can be known of the stack from outside. Making the resources again changes nothing and tells their names."""
    endpoint = json.loads((state_dir / "notes" / "aws.json").read_bytes())["endpoint"]
    tables = template.tables(template.load(ROOT / "template.yaml"))
    made = resources.make(tables, StateDir(state_dir), endpoint, secrets.admin_password)
    environ = {**emulator.credentials(endpoint), **made.environ, **FORGETFUL}
    return LocalStack(url, folder, state_dir, secrets, endpoint, environ, Rows(endpoint, environ["LOGS_TABLE"]))

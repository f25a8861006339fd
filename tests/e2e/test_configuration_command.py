"""Configuration as code with the real command and the whole local stack: export, change, plan, apply, and nothing left to do."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from tests.e2e.local_stack import LocalStack
from tests.e2e.processes import ROOT, environment

Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def command(stack: LocalStack, tmp_path: Path) -> Command:
    """`gateway config …` in a folder of its own."""
    environ = environment(
        PYTHONPATH=str(ROOT / "functions"),
        GATEWAY_URL=stack.url,
        GATEWAY_USER="admin",
        GATEWAY_PASSWORD=stack.secrets.admin_password,
        E2E_TEAM_KEY=stack.secrets.header_secret,
    )

    def call(*arguments: str, status: int = 0) -> subprocess.CompletedProcess[str]:
        whole = [sys.executable, "-m", "gateway.command", "config", *arguments]
        ended = subprocess.run(
            whole, env=environ, cwd=tmp_path, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL
        )
        assert ended.returncode == status, ended.stdout + ended.stderr
        for secret in (stack.secrets.admin_password, stack.secrets.provider_key, stack.secrets.header_secret):
            assert secret not in ended.stdout + ended.stderr
        return ended

    return call


def test_export_change_plan_apply_and_nothing_left(command: Command, tmp_path: Path) -> None:
    command("export", "-o", "before.yaml")
    document = yaml.safe_load((tmp_path / "before.yaml").read_text(encoding="utf-8"))
    model = document["models"][0]
    document["routes"] += [
        {
            "id": "as-code",
            "targets": [
                {
                    "provider": model["provider"],
                    "model": model.get("upstream_model", model["id"]),
                }
            ],
        }
    ]
    document["keys"] += [{"name": "Made as code"}, {"name": "Given as code", "env": "E2E_TEAM_KEY"}]
    (tmp_path / "after.json").write_text(json.dumps(document), encoding="utf-8")

    plan = command("plan", "after.json", "--exit-code", status=2).stdout
    assert "+ route as-code  (routes[" in plan
    assert "Plan: 3 to add, 0 to change, 0 to remove." in plan
    applied = command("apply", "after.json", "--yes").stdout
    assert applied.count("sk-gw-") == 1 + applied.count("sk-gw-****")
    assert "The key of Made as code (it is never shown again): sk-gw-" in applied
    assert command("plan", "after.json", "--prune", "--exit-code").stdout.startswith("No changes")

    removed = command("apply", "before.yaml", "--prune", "--yes").stdout
    assert "Plan: 0 to add, 0 to change, 3 to remove." in removed
    command("export", "-o", "again.yaml")
    assert (tmp_path / "again.yaml").read_bytes() == (tmp_path / "before.yaml").read_bytes()

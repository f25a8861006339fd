"""The margin over the quick estimate, against the tokenizers: over the fixtures' requests, and over texts people send (code, data, prose)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gateway.catalog import DATA
from gateway.catalog.tokens import estimate_request, quick_estimate
from gateway.policies.reservation import input_bound

ROOT = Path(__file__).parents[2]
FIXTURES = ROOT / "tests" / "wire" / "fixtures"
TOKENIZERS = ("o200k_base", "cl100k_base", "claude", "gemini")
pytestmark = pytest.mark.skipif(
    not (DATA / "ranks").is_dir(), reason="NOT RUN: the token ranks are not built (make setup)"
)


def _covered(dialect: str, body: Any) -> bool:
    bound = input_bound(quick_estimate(dialect, body))
    return all(estimate_request(dialect, body, name).tokens <= bound for name in TOKENIZERS)


def test_it_covers_the_requests_of_the_fixtures() -> None:
    found = [(path.parent.name, json.loads(path.read_text("utf-8"))) for path in FIXTURES.rglob("*.request.json")]
    assert len(found) > 80
    assert [body for dialect, body in found if not _covered(dialect, body)] == []


def test_it_covers_99_of_100_texts() -> None:
    """Every fifth source file, page and fixture of this repository, its beginning as a message."""
    paths = sorted(
        path
        for folder in ("functions/gateway", "infra/docs", "admin_ui/src", "tests/wire/fixtures")
        for kind in ("*.py", "*.md", "*.tsx", "*.ts", "*.json", "*.sse")
        for path in (ROOT / folder).rglob(kind)
        if "data" not in path.parts
    )
    bodies = [{"messages": [{"role": "user", "content": path.read_text("utf-8")[:8_000]}]} for path in paths[::5]]
    covered = sum(_covered("openai_chat", body) for body in bodies)
    assert len(bodies) > 100
    assert covered >= 0.99 * len(bodies)

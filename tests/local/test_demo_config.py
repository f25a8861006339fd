"""The configuration of a first start: a user can try every pair of dialects with it."""

from __future__ import annotations

from pathlib import Path

import yaml
from infra.local import seed
from infra.local.demo_upstream.behaviour import pace

from gateway.catalog import translation_facts
from gateway.providers import vendor

DEMO = yaml.safe_load(Path(seed.DEMO_DOCUMENT).read_text("utf-8"))
KINDS = {provider["id"]: provider["kind"] for provider in DEMO["providers"]}
CHAT = [model for model in DEMO["models"] if model.get("kind", "chat") == "chat"]


def test_there_is_a_model_behind_every_dialect_an_upstream_may_speak() -> None:
    found = set()
    for model in CHAT:
        kind = KINDS[model["provider"]]
        found.add(
            (*translation_facts(kind, model.get("upstream_model", model["id"])).dialects, *vendor(kind).dialects)[0]
        )
    assert found == {"openai_chat", "openai_responses", "anthropic_messages", "gemini", "bedrock_converse"}


def test_the_demo_upstream_knows_every_model() -> None:
    for model in DEMO["models"]:
        if "error" not in model["id"]:
            assert pace(model.get("upstream_model", model["id"]), 0.0)


def test_a_start_moves_every_demo_provider() -> None:
    """Their address is the demo upstream's, whose port may change."""
    assert set(seed.DEMO_PROVIDERS) == set(KINDS)
    assert {provider["base_url"] for provider in DEMO["providers"]} == {"${DEMO_UPSTREAM_URL}"}

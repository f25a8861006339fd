"""What a translation must know of a model, from the built index."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from gateway import catalog
from gateway.catalog import ModelFacts, traits, translation_facts

DATA = Path(catalog.__file__).parent / "data"
THINKING = {"thinking_budget", "thinking_level", "adaptive_thinking"}


def words(kind: str, model: str) -> frozenset[str]:
    found = translation_facts(kind, model).capabilities
    assert found is not None
    return found


def test_an_unknown_model_is_all_unknown() -> None:
    assert translation_facts("openai", "no-such-model") == ModelFacts(None, None, None, ())
    assert translation_facts("no-such-kind", "gpt-4o") == ModelFacts()


def test_the_index_and_the_catalog_agree() -> None:
    for facts in catalog.search("", 5000):
        found = translation_facts(facts.provider_kind, facts.upstream_model)
        if facts.mode == "chat":
            assert found == ModelFacts(
                facts.context_window, facts.max_output_tokens, frozenset(facts.capabilities), facts.dialects
            )


@pytest.mark.parametrize(
    ("kind", "model", "ways"),
    [
        ("anthropic", "claude-haiku-4-5", {"thinking_budget"}),
        ("anthropic", "claude-sonnet-4-5-20250929", {"thinking_budget"}),
        ("anthropic", "claude-opus-4-6", {"thinking_budget", "adaptive_thinking"}),
        ("anthropic", "claude-opus-4-8", {"adaptive_thinking"}),
        ("anthropic", "claude-opus-5-5-latest", {"adaptive_thinking"}),
        ("bedrock", "us.anthropic.claude-haiku-4-5-20251001-v1:0", {"thinking_budget"}),
        ("bedrock", "us.anthropic.claude-mythos-preview", {"adaptive_thinking"}),
        ("bedrock", "amazon.nova-pro-v1:0", set()),
        ("gemini", "gemini-2.5-pro", {"thinking_budget"}),
        ("gemini", "models/gemini-2.5-flash", {"thinking_budget"}),
        ("gemini", "gemini-3-flash-preview", {"thinking_level"}),
        ("gemini", "gemini-3.8-flash", {"thinking_level"}),
        ("gemini", "gemini-flash-latest", {"thinking_level"}),
        ("openai", "gpt-5.4", set()),
    ],
)
def test_how_thinking_is_asked_for(kind: str, model: str, ways: set[str]) -> None:
    assert words(kind, model) & THINKING == ways


def test_every_thinking_claude_and_gemini_knows_a_way() -> None:
    """A new name in the list that no row of ours and no flag covers would think by default where it was told not to."""
    mute = [
        facts.upstream_model
        for kind in ("anthropic", "gemini")
        for facts in catalog.search("", 500, kind)
        if facts.mode == "chat" and "reasoning" in facts.capabilities and not THINKING & set(facts.capabilities)
    ]
    assert [
        name for name in mute if not name.startswith(("gemma-", "gemini-exp-", "gemini-omni-", "gemini-robotics-"))
    ] == []


@pytest.mark.parametrize(
    ("model", "dialects"),
    [
        ("gpt-5-codex", ("openai_responses",)),
        ("o3-pro", ("openai_responses",)),
        ("gpt-5.4", ("openai_responses", "openai_chat")),
        ("gpt-5.5-cyber", ("openai_responses", "openai_chat")),
        ("gpt-4.1", ("openai_chat", "openai_responses")),
        ("gpt-4o", ()),
    ],
)
def test_dialects_of_openai_models(model: str, dialects: tuple[str, ...]) -> None:
    assert translation_facts("openai", model).dialects == dialects


def test_efforts_and_refusals() -> None:
    assert "effort_minimal" in words("gemini", "gemini-3.5-flash")
    assert "effort_minimal" not in words("gemini", "gemini-3.8-flash")
    assert "effort_none" in words("gemini", "gemini-2.5-flash")
    assert "effort_none" not in words("gemini", "gemini-2.5-pro")
    assert {"no_sampling", "no_prefill", "effort", "effort_max"} <= words("anthropic", "claude-opus-4-8")
    assert "no_sampling" in words("openai", "o4-mini")
    assert "no_sampling" not in words("openai", "gpt-4o") | words("openai", "gpt-5-chat-latest")


def test_answers_by_schema() -> None:
    assert "json_schema" in words("anthropic", "claude-opus-4-7")
    assert "json_schema" in words("bedrock", "anthropic.claude-haiku-4-5-20251001-v1:0")
    assert "json_schema" not in words("bedrock", "us-gov.anthropic.claude-opus-4-8")
    assert "json_schema" not in words("bedrock", "eu.amazon.nova-2-lite-v1:0")
    assert "json_schema" not in words("bedrock", "anthropic.claude-opus-4-1-20250805-v1:0")
    assert "mid_system" in words("anthropic", "claude-opus-4-8")


@pytest.mark.parametrize("content", [None, "", "[]", "{}", '{"format": 1}', '{"format": 2}'])
def test_without_the_index_everything_is_unknown(content: str | None, tmp_path: Path) -> None:
    path = tmp_path / "traits.json"
    if content is not None:
        path.write_text(content)
    assert traits.load(path).of("openai", "gpt-4o") == traits.UNKNOWN


def test_it_is_cheap_and_opens_nothing_else() -> None:
    code = """
import json, sys, time
import orjson, dataclasses, functools
from gateway import catalog
opened = []
sys.addaudithook(lambda event, details: opened.append(str(details[0])) if event == "open" else None)
start = time.process_time()
assert catalog.translation_facts("anthropic", "claude-opus-4-8-20990101").max_output_tokens
first = time.process_time()
for _ in range(1000): catalog.translation_facts("anthropic", "claude-opus-4-8-20990101")
again = time.process_time()
read = [path for path in opened if path.endswith(".json")]
print(json.dumps({"first_ms": (first - start) * 1e3, "again_us": (again - first) * 1e3, "opened": read}))
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(DATA.parents[2])},
    )
    found = json.loads(done.stdout)
    print(f"\ntraits: {found}")
    assert [Path(path).name for path in found["opened"]] == ["traits.json"]
    assert (
        found["first_ms"] < 30
    )  # some 2 ms on an idle machine, most of it the regular expressions of a name that needs them
    assert found["again_us"] < 20
    assert (DATA / "traits.json").stat().st_size < 80_000

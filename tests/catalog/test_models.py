"""The built catalog: provenance, names, prices."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from genai_prices import Usage, calc_price

from gateway import catalog
from gateway.catalog import DATA, CatalogMissing
from gateway.catalog.models import Facts, Models, load

BUILT = DATA / "models.json"
pytestmark = pytest.mark.skipif(not BUILT.exists(), reason="NOT RUN: the catalog is not built (make setup)")

GENAI_PROVIDERS = {
    "openai": "openai",
    "anthropic": "anthropic",
    "gemini": "google",
    "mistral": "mistral",
    "xai": "x-ai",
    "groq": "groq",
}

WELL_KNOWN = [
    ("openai", "gpt-4o"),
    ("openai", "gpt-4o-2024-08-06"),
    ("openai", "gpt-4o-mini"),
    ("openai", "gpt-4.1"),
    ("openai", "gpt-4.1-mini"),
    ("openai", "gpt-4.1-nano"),
    ("openai", "gpt-4"),
    ("openai", "gpt-4-turbo"),
    ("openai", "gpt-3.5-turbo"),
    ("openai", "gpt-5"),
    ("openai", "gpt-5-mini"),
    ("openai", "gpt-5-nano"),
    ("openai", "gpt-5.1"),
    ("openai", "gpt-5.2"),
    ("openai", "gpt-5.4"),
    ("openai", "o1"),
    ("openai", "o3"),
    ("openai", "o3-mini"),
    ("openai", "o4-mini"),
    ("anthropic", "claude-haiku-4-5"),
    ("anthropic", "claude-haiku-4-5-20251001"),
    ("anthropic", "claude-sonnet-4-5"),
    ("anthropic", "claude-sonnet-4-5-20250929"),
    ("anthropic", "claude-sonnet-4-6"),
    ("anthropic", "claude-opus-4-5"),
    ("anthropic", "claude-opus-4-6"),
    ("anthropic", "claude-opus-4-7"),
    ("gemini", "gemini-2.5-pro"),
    ("gemini", "gemini-2.5-flash"),
    ("gemini", "gemini-2.5-flash-lite"),
    ("gemini", "gemini-3-flash-preview"),
    ("gemini", "gemini-3.1-pro-preview"),
    ("mistral", "mistral-small-latest"),
    ("groq", "openai/gpt-oss-120b"),
]


def _their_pico(kind: str, model: str, usage: Usage, unit: int) -> float:
    """What `genai-prices` asks for one token of a kind, in pico-dollars."""
    price = calc_price(usage, model_ref=model, provider_id=GENAI_PROVIDERS[kind]).total_price
    return float(price) * 1e12 / unit


@pytest.mark.parametrize(("kind", "model"), WELL_KNOWN)
def test_prices_agree_with_an_independent_list(kind: str, model: str) -> None:
    facts = catalog.lookup(kind, model)
    assert facts is not None
    assert facts.price is not None
    assert facts.price.input == pytest.approx(_their_pico(kind, model, Usage(input_tokens=1000), 1000), rel=0.01)
    assert facts.price.output == pytest.approx(_their_pico(kind, model, Usage(output_tokens=1000), 1000), rel=0.01)
    theirs = _their_pico(kind, model, Usage(input_tokens=1000, cache_read_tokens=1000), 1000)
    if facts.price.cache_read is not None:
        assert facts.price.cache_read == pytest.approx(theirs, rel=0.01)


@pytest.mark.parametrize(
    ("kind", "model", "part", "usage"),
    [
        ("openai", "gpt-4o-transcribe", "audio_input", {"input_tokens": 1000, "input_audio_tokens": 1000}),
        ("openai", "gpt-4o-transcribe", "input", {"input_tokens": 1000}),
        ("openai", "gpt-4o-mini-transcribe", "audio_input", {"input_tokens": 1000, "input_audio_tokens": 1000}),
        ("openai", "gpt-4o-mini-transcribe", "output", {"output_tokens": 1000}),
        ("openai", "gpt-4o-mini-tts", "audio_output", {"output_tokens": 1000}),
        ("openai", "gpt-4o-mini-tts", "input", {"input_tokens": 1000}),
        ("openai", "gpt-image-1", "output", {"output_tokens": 1000}),
        ("openai", "gpt-image-1", "input", {"input_tokens": 1000}),
        ("openai", "gpt-image-1-mini", "output", {"output_tokens": 1000}),
        ("openai", "gpt-audio", "audio_input", {"input_tokens": 1000, "input_audio_tokens": 1000}),
        ("openai", "gpt-audio", "audio_output", {"output_tokens": 1000, "output_audio_tokens": 1000}),
        ("gemini", "gemini-2.5-flash", "audio_input", {"input_tokens": 1000, "input_audio_tokens": 1000}),
        ("gemini", "gemini-2.5-flash-preview-tts", "output", {"output_tokens": 1000}),
    ],
)
def test_prices_of_sound_and_pictures_agree(kind: str, model: str, part: str, usage: dict[str, int]) -> None:
    facts = catalog.lookup(kind, model)
    assert facts is not None
    assert facts.price is not None
    assert getattr(facts.price, part) == pytest.approx(_their_pico(kind, model, Usage(**usage), 1000), rel=0.01)


def test_most_of_all_prices_agree() -> None:
    agree = compared = 0
    for kind in GENAI_PROVIDERS:
        for facts in catalog.search("", 1000, kind):
            if facts.mode != "chat" or facts.price is None or not facts.price.input:
                continue
            try:
                theirs = _their_pico(kind, facts.upstream_model, Usage(input_tokens=1000), 1000)
            except LookupError:
                continue
            compared += 1
            agree += facts.price.input == pytest.approx(theirs, rel=0.01)
    print(f"{agree} of {compared} input prices agree with genai-prices")
    assert compared > 100
    assert agree / compared > 0.9


def test_provenance() -> None:
    found = catalog.provenance()
    assert found["package"] == "litellm"
    assert found["licence"].startswith("MIT")
    lock = (Path(__file__).parents[2] / "infra" / "locks" / "catalog.txt").read_text("utf-8")
    assert f"litellm=={found['version']} " in lock
    assert found["wheel_sha256"] in lock
    assert len(found["member_sha256"]) == 64
    assert catalog.search("gpt-4o", 1)[0].provenance == f"litellm {found['version']}"


def test_every_row_reads_and_is_plausible() -> None:
    count = 0
    models = load(BUILT)
    for kind in models.kinds:
        for facts in models.search("", 10_000, kind):
            count += 1
            price = facts.price
            assert facts.context_window is None or 0 < facts.context_window <= 20_000_000
            if price is not None:
                assert 0 <= price.input <= 1_000_000_000  # a thousand dollars per million
                assert 0 <= price.output <= 2_000_000_000
                assert all(tier.above >= 32_000 and tier.input >= price.input for tier in price.tiers)
    assert 700 < count < 2000
    assert BUILT.stat().st_size < 400_000


def test_facts_of_a_model() -> None:
    facts = catalog.lookup("gemini", "gemini-2.5-pro")
    assert facts is not None
    assert (facts.mode, facts.context_window, facts.max_output_tokens) == ("chat", 1_048_576, 65_536)
    assert {"tools", "vision", "reasoning"} <= set(facts.capabilities)
    assert facts.price is not None
    tier = facts.price.tiers[0]
    assert (tier.above, tier.input, tier.output, tier.cache_read) == (200_000, 2_500_000, 15_000_000, 250_000)
    modes = {row.mode for kind in ("openai", "mistral", "bedrock") for row in catalog.search("", 1000, kind)}
    assert modes == {"chat", "embedding", "image", "speech", "transcription", "moderation", "rerank"}


@pytest.mark.parametrize(
    ("kind", "asked", "found"),
    [
        ("openai", "gpt-4o", "gpt-4o"),
        (
            "openai",
            "gpt-4o-2024-05-13",
            "gpt-4o-2024-05-13",
        ),  # listed at its own price: the exact name wins over the alias
        ("openai", "gpt-4o-2031-01-31", "gpt-4o"),
        ("openai", "openai/gpt-4o", "gpt-4o"),
        ("openai", "ft:gpt-4o-2024-08-06:acme::AbC123", "ft:gpt-4o-2024-08-06"),
        ("anthropic", "claude-sonnet-4-5-20991231", "claude-sonnet-4-5"),
        ("anthropic", "claude-sonnet-4-5-latest", "claude-sonnet-4-5"),
        ("anthropic", "claude-sonnet-4-5@20250929", "claude-sonnet-4-5"),
        ("gemini", "models/gemini-2.5-pro", "gemini-2.5-pro"),
        ("gemini", "models/gemini-2.5-flash-001", "gemini-2.5-flash"),
        ("groq", "openai/gpt-oss-120b", "openai/gpt-oss-120b"),
        ("azure_openai", "gpt-5.4-2031-01-31", "gpt-5.4"),
        ("bedrock", "us.anthropic.claude-opus-4-6-v1", "us.anthropic.claude-opus-4-6-v1"),
        ("bedrock", "ca.anthropic.claude-opus-4-6-v1", "anthropic.claude-opus-4-6-v1"),
        (
            "bedrock",
            "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0",
            "amazon.nova-pro-v1:0",
        ),
        (
            "bedrock",
            "arn:aws-us-gov:bedrock:us-gov-west-1:123456789012:inference-profile/eu.amazon.nova-pro-v1:0",
            "eu.amazon.nova-pro-v1:0",
        ),
    ],
)
def test_names_and_aliases(kind: str, asked: str, found: str) -> None:
    facts = catalog.lookup(kind, asked)
    assert facts is not None
    assert facts.upstream_model == found
    assert facts.provider_kind == kind


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("openai", "gpt-4"[:-1]),
        ("openai", "gpt-4ox"),
        ("openai", "my-gpt-4o"),
        ("openai", "gpt-4o-2024-13-99"),
        ("openai", "gpt-4o-20240513x"),
        ("openai", "GPT-4O"),
        ("openai", "ft:gpt-99:acme::x"),
        ("anthropic", "claude"),
        ("anthropic", "gpt-4o"),
        ("anthropic", "gemini-2.5-pro-001"),
        ("openai_compatible", "gpt-4o"),
        ("openrouter", "openai/gpt-4o"),
        ("no-such-kind", "gpt-4o"),
        ("azure_openai", "us.openai.gpt-4o"),
        ("openai", "arn:aws:bedrock:us-east-1::foundation-model/gpt-4o"),
        ("bedrock", "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2c3"),
        ("bedrock", "xx.amazon.nova-pro-v1:0"),
        ("openai", ""),
        ("openai", "x" * 10_000),
        ("openai", "ft:" + ":" * 5000),
    ],
)
def test_never_a_guess(kind: str, asked: str) -> None:
    assert catalog.lookup(kind, asked) is None


def test_search() -> None:
    assert catalog.search("GPT-4O", 3)[0].upstream_model == "gpt-4o"
    assert all("sonnet" in facts.upstream_model for facts in catalog.search("sonnet", 50))
    assert len(catalog.search("", 7)) == 7
    assert {facts.provider_kind for facts in catalog.search("claude", 50, "anthropic")} == {"anthropic"}
    assert catalog.search("no such model", 5) == []
    assert catalog.search("gpt", 0) == []


def _models(rows: dict) -> Models:
    return Models({"format": 2, "provenance": {"package": "p", "version": "1"}, "models": {"k": rows}})


def test_an_undated_name_the_list_lacks_is_its_newest_snapshot() -> None:
    models = _models({f"m-{date}": {"mode": "chat"} for date in ("20240101", "20250101", "2026", "20260101-mini")})
    found = models.lookup("k", "m")
    assert found is not None
    assert found.upstream_model == "m-20250101"
    assert models.lookup("k", "m-latest") == found
    assert models.lookup("k", "m-") is None
    assert models.lookup("k", "20250101") is None


def test_a_row_without_a_price_is_unpriced() -> None:
    assert _models({"m": {"mode": "image", "unit_prices": {"image_output": 40}}}).lookup("k", "m") == Facts(
        "k", "m", "image", None, None, None, {"image_output": 40}, (), None, "p 1"
    )


def test_without_a_catalog_the_proxy_goes_on_and_the_admin_says_why(
    tmp_path: Path,
) -> None:
    with pytest.raises(CatalogMissing, match="make setup"):
        load(tmp_path / "models.json")
    absent = "from gateway import catalog; from pathlib import Path; catalog.DATA = Path('/nonexistent')\n"
    absent += "assert catalog.lookup('openai', 'gpt-4o') is None\ntry: catalog.search('x', 1)\nexcept catalog.CatalogMissing as error: print(error)"
    done = subprocess.run(
        [sys.executable, "-c", absent],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(DATA.parents[2])},
    )
    assert "make setup" in done.stdout


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": 99}', '{"format": 1}', "{\0"])
def test_a_broken_catalog_is_a_missing_one(content: str, tmp_path: Path) -> None:
    path = tmp_path / "models.json"
    path.write_text(content)
    with pytest.raises(CatalogMissing):
        load(path)


def test_loading_is_lazy_and_cheap() -> None:
    code = """
import json, sys, time
from pathlib import Path
def resident():
    status = Path("/proc/self/statm")  # where there is none, nothing is measured
    return int(status.read_text().split()[1]) * 4 if status.exists() else 0
import orjson, re, dataclasses
start = time.process_time()
from gateway import catalog
imported = time.process_time()
before = resident()
assert catalog.lookup("openai", "gpt-4o").price
first = time.process_time()
for _ in range(1000): catalog.lookup("openai", "gpt-4o-2031-01-31")
print(json.dumps({"import_ms": (imported - start) * 1e3, "first_ms": (first - imported) * 1e3, "lookup_us": (time.process_time() - first) * 1e3,
                  "kilobytes": resident() - before, "tiktoken": "tiktoken" in sys.modules}))
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(DATA.parents[2])},
    )
    found = json.loads(done.stdout)
    print(f"\ncatalog: {found}")
    assert not found["tiktoken"]
    assert found["first_ms"] < 150  # some 5 ms on an idle machine
    assert found["kilobytes"] < 30_000

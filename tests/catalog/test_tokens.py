"""Token estimates against tiktoken's own counts and the vendors' documented examples."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import tiktoken
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.catalog import DATA
from gateway.catalog.tokens import Estimate, Tokens, count, estimate_request, estimate_text, tokenizer_of

TABLE = json.loads((DATA / "tokenizers.json").read_text("utf-8"))
needs_ranks = pytest.mark.skipif(
    not (DATA / "ranks").is_dir(), reason="NOT RUN: the token ranks are not built (make setup)"
)

TEXTS = [
    "",
    "hello world",
    "tiktoken is great!",
    "The quick brown fox jumps over the lazy dog.\n\n" * 20,
    "antidisestablishmentarianism 2 + 2 = 4",
    "お誕生日おめでとう",
    "Съешь ещё этих мягких французских булок",
    "مرحبا بالعالم",
    "👩‍👩‍👧‍👦 🏳️‍🌈",
    "def f(x):\n\treturn {k: v for k, v in x.items() if v is not None}\n",
    '{"a": [1, 2, 3], "b": {"c": null}}',
    "    \t\t\r\n\r\n   x",
    "don't DON'T I'll WE'VE",
    "1234567890 12.34 1e-9",
    "<|endoftext|> is text here <|im_start|>",
    "a" * 5000,
    "\x00\x01\x7f",
]


@pytest.fixture(scope="module")
def reference() -> dict[str, tiktoken.Encoding]:
    os.environ["TIKTOKEN_CACHE_DIR"] = str(DATA / "ranks")
    try:
        return {name: tiktoken.get_encoding(name) for name in ("o200k_base", "cl100k_base")}
    finally:
        del os.environ["TIKTOKEN_CACHE_DIR"]


@needs_ranks
@pytest.mark.parametrize("name", ["o200k_base", "cl100k_base"])
@pytest.mark.parametrize("text", TEXTS, ids=lambda text: repr(text[:20]))
def test_equal_to_tiktoken(reference: dict, name: str, text: str) -> None:
    assert count(text, name) == Estimate(len(reference[name].encode(text, disallowed_special=())), "tiktoken")


@needs_ranks
@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=200), name=st.sampled_from(["o200k_base", "cl100k_base"]))
def test_equal_to_tiktoken_for_any_text(reference: dict, text: str, name: str) -> None:
    assert count(text, name).tokens == len(reference[name].encode_ordinary(text))


@needs_ranks
def test_the_patterns_are_tiktokens(reference: dict) -> None:
    for name, encoding in reference.items():
        assert TABLE["tokenizers"][name]["pattern"] == encoding._pat_str


@needs_ranks
def test_long_texts_are_counted_in_proportion() -> None:
    text = "The quick brown fox jumps over the lazy dog. " * 20_000
    estimate = count(text, "o200k_base")
    assert estimate.tokens == pytest.approx(200_000, rel=0.01)


def test_lone_surrogates_are_counted_not_fatal() -> None:
    assert count("a\ud800b", "claude").tokens > 0
    assert count("a\ud800b", "o200k_base").tokens > 0


@pytest.mark.parametrize(
    ("text", "tokenizer", "tokens"),
    [
        ("", "claude", 0),
        ("a", "claude", 1),
        ("a" * 35, "claude", 10),
        ("a" * 40, "gemini", 10),
        ("漢字", "gemini", 2),
        ("a" * 8, "general", 2),
    ],
)
def test_ratios(text: str, tokenizer: str, tokens: int) -> None:
    assert count(text, tokenizer) == Estimate(tokens, "ratio")


def test_text_without_a_tokenizer_is_by_the_general_ratio() -> None:
    assert estimate_text("a" * 8) == Estimate(2, "ratio")
    with pytest.raises(KeyError):
        estimate_text("a", "no-such-tokenizer")


@pytest.mark.parametrize(
    ("kind", "model", "name"),
    [
        ("openai", "gpt-4o-mini", "o200k_base"),
        ("openai", "gpt-4.1", "o200k_base"),
        ("openai", "gpt-4-turbo", "cl100k_base"),
        ("openai", "gpt-4", "cl100k_base"),
        ("openai", "gpt-3.5-turbo", "cl100k_base"),
        ("openai", "text-embedding-3-small", "cl100k_base"),
        ("openai", "gpt-7-of-the-future", "o200k_base"),
        ("openai", "o3-mini", "o200k_base"),
        ("openai", "ft:gpt-4o-2024-08-06:acme::x", "o200k_base"),
        ("azure_openai", "gpt-35-turbo", "cl100k_base"),
        ("bedrock", "anthropic.claude-opus-4-6-v1", "claude"),
        ("bedrock", "jp.anthropic.claude-opus-4-6-v1", "claude"),
        ("bedrock", "arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.anthropic.claude-x-v1:0", "claude"),
        ("bedrock", "global.openai.gpt-6-sol", "o200k_base"),
        ("bedrock", "amazon.nova-pro-v1:0", "general"),
        ("anthropic", "claude-sonnet-4-5", "claude"),
        ("openrouter", "anthropic/claude-x", "claude"),
        ("openrouter", "meta/llama", "general"),
        ("no-such-kind", "gpt-4o", None),
    ],
)
def test_tokenizers_of_models(kind: str, model: str, name: str | None) -> None:
    assert tokenizer_of(kind, model) == name


def test_openai_models_have_tiktokens_own_encodings() -> None:
    same = {"o200k_harmony": "o200k_base"}
    for model, name in {**tiktoken.model.MODEL_TO_ENCODING, **tiktoken.model.MODEL_PREFIX_TO_ENCODING}.items():
        if name in {"o200k_base", "o200k_harmony", "cl100k_base"} and model.startswith(
            ("gpt-", "o1", "o3", "o4", "text-embedding-", "ft:gpt")
        ):
            assert tokenizer_of("openai", model) == same.get(name, name), model


# The cookbook's own examples and what the API answered for them:
# https://developers.openai.com/cookbook/examples/how_to_count_tokens_with_tiktoken
COOKBOOK = [
    {
        "role": "system",
        "content": "You are a helpful, pattern-following assistant that translates corporate jargon into plain English.",
    },
    {"role": "system", "name": "example_user", "content": "New synergies will help drive top-line growth."},
    {"role": "system", "name": "example_assistant", "content": "Things working well together will increase revenue."},
    {
        "role": "system",
        "name": "example_user",
        "content": "Let's circle back when we have more bandwidth to touch base on opportunities for increased leverage.",
    },
    {
        "role": "system",
        "name": "example_assistant",
        "content": "Let's talk later when we're less busy about how to do better.",
    },
    {
        "role": "user",
        "content": "This late pivot means we don't have time to boil the ocean for the client deliverable.",
    },
]
WEATHER = {
    "messages": [
        {"role": "system", "content": "You are a helpful assistant that can answer to questions about the weather."},
        {"role": "user", "content": "What's the weather like in San Francisco?"},
    ],
    "tools": [
        {
            "type": "function",
            "function": {
                "name": "get_current_weather",
                "description": "Get the current weather in a given location",
                "parameters": {
                    "type": "object",
                    "properties": {
                        "location": {"type": "string", "description": "The city and state, e.g. San Francisco, CA"},
                        "unit": {
                            "type": "string",
                            "description": "The unit of temperature to return",
                            "enum": ["celsius", "fahrenheit"],
                        },
                    },
                    "required": ["location"],
                },
            },
        }
    ],
}


@needs_ranks
def test_the_cookbooks_counts() -> None:
    assert estimate_request("openai_chat", {"messages": COOKBOOK}, "cl100k_base") == Estimate(129, "tiktoken")
    assert estimate_request("openai_chat", {"messages": COOKBOOK}) == Estimate(124, "tiktoken")
    assert estimate_request("openai_chat", WEATHER) == Estimate(101, "tiktoken")


class TestWithoutRankFiles:
    def test_the_ratio_takes_over_and_says_so(self, tmp_path: Path) -> None:
        assert Tokens(TABLE, tmp_path).count("a" * 40, "o200k_base") == Estimate(10, "ratio")
        assert Tokens(TABLE, tmp_path / "absent").request("openai_chat", WEATHER).method == "ratio"

    def test_a_damaged_file_is_an_absent_one_and_stays_where_it_is(self, tmp_path: Path) -> None:
        for name in ("fb374d419588a4632f3f557e76b4b70aebbca790", "9b5ad71b2ce5302211f9c61530b329a4922fc6a4"):
            (tmp_path / name).write_bytes(b"IQ== 0\n")
        assert Tokens(TABLE, tmp_path).count("a" * 40, "o200k_base").method == "ratio"
        assert len(list(tmp_path.iterdir())) == 2

    def test_every_row_has_a_ratio_to_fall_back_on(self) -> None:
        assert all(row["bytes_per_token"] > 1 and row["source"] for row in TABLE["tokenizers"].values())
        named = {row["tokenizer"] for row in TABLE["dialects"].values()}
        named |= {row["default"] for row in TABLE["kinds"].values()}
        named |= {name for row in TABLE["kinds"].values() for name in row["prefixes"].values()}
        assert named <= set(TABLE["tokenizers"])


@needs_ranks
def test_tiktoken_is_loaded_late_and_without_its_downloader() -> None:
    code = """
import json, sys, time
from pathlib import Path
def resident():
    status = Path("/proc/self/statm")  # where there is none, nothing is measured
    return int(status.read_text().split()[1]) * 4096 / 2**20 if status.exists() else 0.0
from gateway.catalog import tokens
assert "tiktoken" not in sys.modules
tokens.count("hello", "claude")
assert "tiktoken" not in sys.modules
before, start = resident(), time.process_time()
assert tokens.count("hello", "o200k_base") == tokens.Estimate(1, "tiktoken")
assert not {"requests", "regex"} & set(sys.modules)
print(json.dumps({"seconds": time.process_time() - start, "megabytes": resident() - before}))
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(DATA.parents[2])},
    )
    found = json.loads(done.stdout)
    print(f"\no200k_base: {found}")
    assert found["megabytes"] < 200

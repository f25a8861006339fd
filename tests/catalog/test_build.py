"""The build steps, without a network."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import tarfile
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from infra.scripts import build_catalog, build_ranks, catalog_prices

ROW = {
    "litellm_provider": "openai",
    "mode": "chat",
    "input_cost_per_token": Decimal("1.5e-07"),
    "output_cost_per_token": Decimal("6e-07"),
}


def _price(**more: object) -> dict | None:
    return catalog_prices.price({**ROW, **more})


def test_prices_become_integers() -> None:
    assert _price() == {"input": 150_000, "output": 600_000}
    assert _price(cache_read_input_token_cost=Decimal("3.75e-08"))["cache_read"] == 37_500
    assert _price(
        cache_creation_input_token_cost=Decimal("3.75e-06"), cache_creation_input_token_cost_above_1hr=Decimal("6e-06")
    ) == {
        "input": 150_000,
        "output": 600_000,
        "cache_write_5m": 3_750_000,
        "cache_write_1h": 6_000_000,
    }
    assert _price(output_cost_per_reasoning_token=Decimal("3e-06"))["reasoning"] == 3_000_000
    assert _price(input_cost_per_query=Decimal("0.002"))["request"] == 2_000_000_000


def test_float_noise_is_not_a_price() -> None:
    assert catalog_prices.pico(Decimal("9.499999999999999E-7")) == 950_000
    assert catalog_prices.pico(Decimal("2.0000000000000002E-7")) == 200_000
    assert catalog_prices.pico(0) == 0


@pytest.mark.parametrize("value", ["1.41953125E-7", "1E-13", "-1E-6"])
def test_an_inexact_price_is_refused(value: str) -> None:
    with pytest.raises(catalog_prices.Inexact):
        catalog_prices.pico(Decimal(value))


def test_free_cache_writes_are_plain_input() -> None:
    assert "cache_write_5m" not in _price(cache_creation_input_token_cost=Decimal(0))
    assert _price(cache_read_input_token_cost=Decimal(0))["cache_read"] == 0


def test_tiers() -> None:
    found = _price(
        cache_read_input_token_cost=Decimal("1e-08"),
        output_cost_per_reasoning_token=Decimal("6e-07"),
        input_cost_per_token_above_200k_tokens=Decimal("3e-07"),
        output_cost_per_token_above_200k_tokens=Decimal("9e-07"),
        input_cost_per_token_above_128k_tokens=Decimal("2e-07"),
        input_cost_per_token_above_200k_tokens_priority=Decimal("9e-07"),
    )
    assert found["tiers"] == [
        {"above": 128_000, "input": 200_000, "output": 600_000, "cache_read": 10_000},
        {"above": 200_000, "input": 300_000, "output": 900_000, "cache_read": 10_000},
    ]


def test_rows_without_token_prices() -> None:
    assert (
        catalog_prices.price(
            {"litellm_provider": "openai", "mode": "image_generation", "input_cost_per_image": Decimal("0.04")}
        )
        is None
    )
    assert catalog_prices.price({"input_cost_per_request": Decimal("0.01")}) == {
        "input": 0,
        "output": 0,
        "request": 10_000_000_000,
    }


def _facts(kind: str = "openai", **more: object) -> dict:
    return build_catalog.entry(kind, {**ROW, **more})


def test_words_come_from_flags_and_from_refusals() -> None:
    found = _facts(supports_pdf_input=True, supports_vision=False, supports_sampling_params=False)
    assert found["capabilities"] == ["no_sampling", "pdf"]
    assert "capabilities" not in _facts(supports_sampling_params=True)


@pytest.mark.parametrize(
    ("flags", "word"),
    [
        ({}, True),
        ({"supports_native_structured_output": True}, True),
        ({"supports_native_structured_output": False}, False),
        ({"supports_native_structured_output": False, "supports_bedrock_native_structured_output": True}, True),
    ],
)
def test_a_schema_by_a_forced_tool_is_none(flags: dict, word: bool) -> None:
    assert ("json_schema" in _facts(supports_response_schema=True, **flags).get("capabilities", [])) is word


@pytest.mark.parametrize(
    ("kind", "row", "dialects"),
    [
        (
            "openai",
            {"supported_endpoints": ["/v1/chat/completions", "/v1/responses"]},
            ["openai_chat", "openai_responses"],
        ),
        (
            "azure_openai",
            {"supported_endpoints": ["/v1/chat/completions", "/v1/responses"], "supports_reasoning": True},
            ["openai_responses", "openai_chat"],
        ),
        ("openai", {"supported_endpoints": ["/v1/chat/completions", "/v1/batch"]}, ["openai_chat"]),
        ("openai", {"mode": "responses"}, ["openai_responses"]),
        ("openai", {}, None),
        ("openai", {"mode": "embedding", "supported_endpoints": ["/v1/responses"]}, None),
        ("deepseek", {}, None),
        ("gemini", {"supported_endpoints": ["/v1/chat/completions"]}, ["gemini"]),
        ("bedrock", {}, ["bedrock_converse"]),
    ],
)
def test_dialects_a_model_is_served_in(kind: str, row: dict, dialects: list[str] | None) -> None:
    assert _facts(kind, **row).get("dialects") == dialects


def test_our_own_table_lies_over_the_list() -> None:
    found = {
        "openai": {
            "m-1": {"mode": "chat", "capabilities": ["a", "b"]},
            "m-2": {"mode": "chat", "capabilities": ["b"], "dialects": ["openai_chat"]},
            "m-3": {"mode": "embedding", "capabilities": ["a"]},
            "xm-1": {"mode": "chat", "capabilities": ["a"]},
        },
        "gemini": {"m-1": {"mode": "chat", "capabilities": ["a"]}},
    }
    rows = [
        {"kinds": ["openai", "absent"], "pattern": "m-.", "when": ["a"], "add": ["c"], "remove": ["b"]},
        {"kinds": ["openai"], "pattern": "m-.", "dialects": ["openai_responses"]},
        {"kinds": ["openai"], "pattern": "m-.", "when": ["c"], "add": ["d"]},
    ]
    build_catalog.overlay(found, {"rows": rows})
    assert found["openai"]["m-1"] == {
        "mode": "chat",
        "capabilities": ["a", "c", "d"],
        "dialects": ["openai_responses"],
    }
    assert found["openai"]["m-2"] == {"mode": "chat", "capabilities": ["b"], "dialects": ["openai_chat"]}
    assert found["openai"]["m-3"]["capabilities"] == ["a"]
    assert found["openai"]["xm-1"]["capabilities"] == found["gemini"]["m-1"]["capabilities"] == ["a"]


def test_every_row_of_our_own_table_has_its_source_and_meets_a_model() -> None:
    table = json.loads(build_catalog.TABLE.read_bytes())
    built = json.loads(build_catalog.TARGET.read_bytes())["models"]
    for row in table["rows"]:
        assert set(row) <= {"kinds", "pattern", "when", "add", "remove", "dialects", "source"}
        assert row["source"].startswith("https://")
        for kind in row["kinds"]:
            assert any(re.fullmatch(row["pattern"], name) for name in built[kind]), row


def test_which_rows_are_kept_under_which_name() -> None:
    listed = {
        "sample_spec": {"mode": "one of: chat"},
        "gpt-x": ROW,
        "1024-x-1024/gpt-image-1": ROW,
        "deepseek-chat": {**ROW, "litellm_provider": "deepseek", "max_input_tokens": 1},
        "deepseek/deepseek-chat": {**ROW, "litellm_provider": "deepseek", "max_input_tokens": 2},
        "azure/gpt-x": {**ROW, "litellm_provider": "azure"},
        "azure/eu/gpt-x": {**ROW, "litellm_provider": "azure"},
        "groq/openai/gpt-oss": {**ROW, "litellm_provider": "groq"},
        "bedrock/us-east-1/m": {**ROW, "litellm_provider": "bedrock"},
        "eu.anthropic.m": {**ROW, "litellm_provider": "bedrock_converse"},
        "video": {**ROW, "mode": "video_generation"},
        "stranger/m": {**ROW, "litellm_provider": "stranger"},
        "odd": {**ROW, "input_cost_per_token": Decimal("1.41953125E-7")},
    }
    found, skipped = build_catalog.models(listed)
    assert {kind: list(rows) for kind, rows in found.items()} == {
        "azure_openai": ["gpt-x"],
        "bedrock": ["eu.anthropic.m"],
        "deepseek": ["deepseek-chat"],
        "groq": ["openai/gpt-oss"],
        "openai": ["gpt-x"],
    }
    assert found["deepseek"]["deepseek-chat"]["context_window"] == 2
    assert skipped == ["openai odd: a price finer than a pico-dollar"]


def _wheel(folder: Path, members: dict[str, str]) -> Path:
    path = folder / "litellm-9.8.7-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_the_file_is_the_same_each_time_and_says_where_it_is_from(tmp_path: Path) -> None:
    plain = {name: float(value) if isinstance(value, Decimal) else value for name, value in ROW.items()}
    member = "litellm/model_prices_and_context_window_backup.json"
    wheel = _wheel(
        tmp_path, {member: json.dumps({"b": plain, "a": plain}), "litellm/__init__.py": "raise SystemExit('imported')"}
    )
    provenance, raw = build_catalog.read_wheel(wheel)
    content, slim = build_catalog.build(provenance, raw, "stamp")
    assert (content, slim) == build_catalog.build(provenance, raw, "stamp")
    assert list(json.loads(slim)["models"]["openai"]) == ["a", "b"]
    document = json.loads(content)
    assert document["made_from"] == "stamp"
    assert list(document["models"]["openai"]) == ["a", "b"]
    assert document["provenance"]["version"] == "9.8.7"
    assert document["provenance"]["wheel_sha256"] == hashlib.sha256(wheel.read_bytes()).hexdigest()
    assert document["provenance"]["member_sha256"] == hashlib.sha256(raw).hexdigest()


def test_a_wheel_without_the_list(tmp_path: Path) -> None:
    with pytest.raises(build_catalog.CatalogError, match="expected one price list"):
        build_catalog.read_wheel(_wheel(tmp_path, {"litellm/other.json": "{}"}))


def _archive(folder: Path, members: dict[str, bytes]) -> Path:
    path = folder / "package.tgz"
    with tarfile.open(path, "w:gz") as tar:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return path


def test_ranks_are_taken_only_when_they_are_tiktokens(tmp_path: Path) -> None:
    place = tmp_path / "ranks" / "name"
    archive = _archive(tmp_path, {"package/data/toy.tiktoken": b"IQ== 0\n"})
    with pytest.raises(build_ranks.RanksError, match="not those that tiktoken demands"):
        build_ranks.extract(archive, {"toy": (place, "0" * 64)})
    assert not place.exists()
    build_ranks.extract(archive, {"toy": (place, hashlib.sha256(b"IQ== 0\n").hexdigest())})
    assert place.read_bytes() == b"IQ== 0\n"
    with pytest.raises(build_ranks.RanksError, match="has no ranks of other"):
        build_ranks.extract(archive, {"other": (place, "")})


def test_the_pinned_hashes_are_those_in_tiktokens_own_source() -> None:
    import tiktoken_ext.openai_public as public

    source = Path(public.__file__).read_text("utf-8")
    for name, (place, sha256) in build_ranks.wanted().items():
        url = json.loads((build_ranks.DATA / "tokenizers.json").read_text("utf-8"))["tokenizers"][name]["url"]
        assert f'"{url}",\n        expected_hash="{sha256}"' in source
        assert place.name == hashlib.sha1(url.encode()).hexdigest()


def test_the_integrity_is_a_sha512() -> None:
    assert len(base64.b64decode(build_ranks.INTEGRITY.removeprefix("sha512-"))) == 64


def _dollars(**prices: str) -> dict[str, Decimal]:
    return {name: Decimal(value) for name, value in prices.items()}


@pytest.mark.parametrize(
    ("row", "price"),
    [
        # Sound at another price than text; pictures at the same, which may have steps by size.
        (
            _dollars(input_cost_per_audio_token="4e-05", input_cost_per_image_token="1.5e-07"),
            {"input": 150_000, "output": 600_000, "audio_input": 40_000_000},
        ),
        # Beside prices of tokens, one of a second or a picture says the same again.
        (
            _dollars(output_cost_per_second="0.00025", output_cost_per_image="0.04"),
            {"input": 150_000, "output": 600_000},
        ),
    ],
)
def test_prices_of_other_tokens(row: dict[str, Decimal], price: dict[str, int]) -> None:
    assert _price(**row) == price


@pytest.mark.parametrize(
    ("mode", "row", "price"),
    [
        (
            "audio_transcription",
            {"input_cost_per_second": "1e-4", "output_cost_per_second": "1e-4"},
            {"per_second_input": 10**8},
        ),
        ("audio_speech", {"input_cost_per_character": "1.5e-05"}, {"per_character": 15_000_000}),
        ("image_generation", {"output_cost_per_image": "0.04"}, {"per_image_output": 40_000_000_000}),
        ("image_generation", {"input_cost_per_image": "0.04"}, None),
        ("chat", {"output_cost_per_image": "0.08"}, None),
        ("chat", {"input_cost_per_token": "0", "output_cost_per_image": "0.08"}, None),
    ],
)
def test_rows_by_the_piece(mode: str, row: dict[str, str], price: dict[str, int] | None) -> None:
    found = catalog_prices.price({"litellm_provider": "openai", "mode": mode, **_dollars(**row)})
    assert found == (None if price is None else {"input": 0, "output": 0, **price})


def test_pictures_are_all_that_comes_out() -> None:
    row = _dollars(
        input_cost_per_token="5e-06", input_cost_per_image_token="1e-05", output_cost_per_image_token="4e-05"
    )
    found = catalog_prices.price({"litellm_provider": "openai", "mode": "image_generation", **row})
    assert found == {"input": 5_000_000, "output": 40_000_000, "image_input": 10_000_000}


def test_a_price_that_depends_on_the_size_is_not_certain() -> None:
    row = {"litellm_provider": "bedrock", "mode": "image_generation", **_dollars(output_cost_per_image="0.06")}
    assert catalog_prices.price(row, "amazon.nova-canvas-v1:0") is None
    assert catalog_prices.price(row, "stability.sd3-large-v1:0") is not None


def test_service_tiers() -> None:
    more = _dollars(
        input_cost_per_token_priority="3e-07",
        output_cost_per_token_priority="12e-07",
        input_cost_per_token_above_200k_tokens_priority="6e-07",
        input_cost_per_token_flex="7.5e-08",
    )
    found = _price(**more)
    assert found["priority"] == {
        "input": 300_000,
        "output": 1_200_000,
        "tiers": [{"above": 200_000, "input": 600_000, "output": 1_200_000}],
    }
    assert "flex" not in found, "half a price is none"
    assert "tiers" not in found
    assert "priority" not in _price(litellm_provider="gemini", **more), "its answers do not name the tier"

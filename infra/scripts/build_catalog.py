"""Make functions/gateway/catalog/data/models.json and traits.json: what vendors' models can do and cost, from the price list inside the
`litellm` wheel and from model_traits.json, our own table of what that list lacks. `traits.json` is the little that a translation needs.

    python infra/scripts/build_catalog.py [--force]

Only one JSON member of the hash-pinned wheel (infra/locks/catalog.txt) is read; the package is neither installed nor imported. The result
depends on the lock, that table, catalog_prices.py and this file alone, so two machines make the same bytes; when it is already there, nothing
happens. Prices become integers of pico-dollars, the unit of `gateway.neutral.config.Price`. A row whose price has no such form is left out
and counted.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from infra.scripts.catalog_prices import KINDS, MODES, SERVED_MODES, UNIT_PRICES, Inexact, picture, price, prices  # noqa: E402
from infra.scripts.wheels import WheelError, download  # noqa: E402

PRICES = Path(__file__).with_name("catalog_prices.py")
LOCK = ROOT / "infra" / "locks" / "catalog.txt"
TABLE = Path(__file__).with_name("model_traits.json")
TARGET = ROOT / "functions" / "gateway" / "catalog" / "data" / "models.json"
TRAITS = TARGET.with_name("traits.json")
CACHE = ROOT / ".build" / "catalog"
FORMAT = 2
MEMBER = re.compile(r"litellm/model_prices_and_context_window[a-z_]*\.json")

CAPABILITIES = {
    "supports_adaptive_thinking": "adaptive_thinking",
    "supports_audio_input": "audio_input",
    "supports_audio_output": "audio_output",
    "supports_computer_use": "computer_use",
    "supports_function_calling": "tools",
    "supports_legacy_thinking": "thinking_budget",
    "supports_max_reasoning_effort": "effort_max",
    "supports_mid_conversation_system": "mid_system",
    "supports_minimal_reasoning_effort": "effort_minimal",
    "supports_none_reasoning_effort": "effort_none",
    "supports_output_config": "effort",
    "supports_parallel_function_calling": "parallel_tools",
    "supports_pdf_input": "pdf",
    "supports_prompt_caching": "prompt_caching",
    "supports_reasoning": "reasoning",
    "supports_response_schema": "json_schema",
    "supports_video_input": "video_input",
    "supports_vision": "vision",
    "supports_web_search": "web_search",
    "supports_xhigh_reasoning_effort": "effort_xhigh",
}
# What the list says a model refuses.
REFUSALS = {
    "supports_assistant_prefill": "no_prefill",
    "supports_forced_tool_use": "no_forced_tools",
    "supports_sampling_params": "no_sampling",
}
# The list's endpoints that are dialects of ours, the preferred one first: Responses hands a model's thoughts on from turn to turn.
ENDPOINTS = {"/v1/responses": "openai_responses", "/v1/chat/completions": "openai_chat"}
# Where the list has one of these, `supports_response_schema` alone means a forced tool in its stead.
NATIVE_SCHEMA = ("supports_native_structured_output", "supports_bedrock_native_structured_output")
# Kinds that speak one dialect only. For those with a choice the endpoints of the row decide; without any, nothing is said.
ONLY_DIALECT = {"anthropic": "anthropic_messages", "gemini": "gemini", "bedrock": "bedrock_converse"}
WITH_CHOICE = ("openai", "azure_openai")
# Rows for one region, one commitment or one picture size: the same model again at another price that a name alone cannot choose.
VARIANT = re.compile(
    r"\d+-x-\d+|max-x-max|steps|commitment|^(us|eu|apac|global|global-standard|us-gov|speech|invoke|claude_platform)$"
)


class CatalogError(Exception):
    """The catalog cannot be made; the message says why."""


def _capabilities(row: Mapping[str, Any]) -> list[str]:
    able = {word for flag, word in CAPABILITIES.items() if row.get(flag) is True}
    native = [row[flag] for flag in NATIVE_SCHEMA if flag in row]
    if native and not any(native):
        able.discard("json_schema")
    return sorted(able | {word for flag, word in REFUSALS.items() if row.get(flag) is False})


def _dialects(kind: str, row: Mapping[str, Any]) -> list[str]:
    """The dialects a chat model is served in; [] where the list does not say."""
    if MODES[row["mode"]] != "chat":
        return []
    if kind in ONLY_DIALECT:
        return [ONLY_DIALECT[kind]]
    if kind not in WITH_CHOICE:
        return []
    listed = row.get("supported_endpoints") or (["/v1/responses"] if row["mode"] == "responses" else [])
    found = [ours for theirs, ours in ENDPOINTS.items() if theirs in listed]
    return found if row.get("supports_reasoning") else found[::-1]


def entry(kind: str, row: Mapping[str, Any], name: str = "") -> dict[str, Any]:
    """One model's facts; Inexact when a price has no exact form."""
    found: dict[str, Any] = {"mode": MODES[row["mode"]]}
    for theirs, ours in (("max_input_tokens", "context_window"), ("max_output_tokens", "max_output_tokens")):
        if isinstance(row.get(theirs), int) and row[theirs] > 0:
            found[ours] = row[theirs]
    found["price"] = price(row, name)
    found["unit_prices"] = prices(row, UNIT_PRICES)
    found["capabilities"] = _capabilities(row)
    found["dialects"] = _dialects(kind, row)
    date = row.get("deprecation_date")
    if isinstance(date, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", date):
        found["deprecated_on"] = date
    return {name: value for name, value in found.items() if value not in (None, {}, [])}


def _candidates(listed: Mapping[str, Any]) -> Iterator[tuple[str, str, bool, Mapping[str, Any]]]:
    """Kind, the vendor's own name of the model, whether the list's name had the vendor's prefix, and the row."""
    for name, row in listed.items():
        vendor = row.get("litellm_provider")
        if vendor not in KINDS or row.get("mode") not in MODES:
            continue
        if MODES[row["mode"]] not in SERVED_MODES.get(KINDS[vendor], MODES.values()):
            continue
        bare = name.removeprefix(f"{vendor}/")
        if vendor == "bedrock_converse":
            bare = bare.removeprefix("bedrock/")
        parents = bare.split("/")[:-1]
        regional = vendor.startswith("bedrock") and bool(parents)
        if not regional and not any(VARIANT.search(part) for part in parents):
            yield KINDS[vendor], bare, bare != name, row


def models(listed: Mapping[str, Any]) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """Facts by kind and model, and which rows were left out for which reason."""
    found: dict[str, dict[str, Any]] = {}
    skipped: list[str] = []
    prefixed: set[tuple[str, str]] = set()
    for kind, name, has_prefix, row in _candidates(listed):
        if (kind, name) in prefixed:
            continue
        try:
            found.setdefault(kind, {})[name] = entry(kind, row, name)
        except Inexact:
            skipped.append(f"{kind} {name}: a price finer than a pico-dollar")
            continue
        if has_prefix:
            prefixed.add((kind, name))
    return {kind: dict(sorted(rows.items())) for kind, rows in sorted(found.items())}, skipped


def lay_pictures(found: Mapping[str, dict[str, Any]], listed: Mapping[str, Any]) -> None:
    """Add what the list says of single qualities and sizes to models that are billed by the picture."""
    for name, row in sorted(listed.items()):
        vendor = row.get("litellm_provider")
        said = picture(name.removeprefix(f"{vendor}/"), row) if vendor in KINDS else None
        if said is not None:
            base = found.get(KINDS[vendor], {}).get(said[0], {}).get("price", {})
            if "per_image_output" in base:
                base.setdefault("pictures", []).append(said[1])


def overlay(found: Mapping[str, dict[str, Any]], table: Mapping[str, Any]) -> None:
    """Lay the rows of our own table over the models, in its order."""
    for row in table["rows"]:
        pattern, when = re.compile(row["pattern"]), set(row.get("when", ()))
        for kind in row["kinds"]:
            for name, facts in found.get(kind, {}).items():
                words = set(facts.get("capabilities", ()))
                if facts["mode"] == "chat" and when <= words and pattern.fullmatch(name):
                    _lay(facts, row, words)


def _lay(facts: dict[str, Any], row: Mapping[str, Any], words: set[str]) -> None:
    words = (words | set(row.get("add", ()))) - set(row.get("remove", ()))
    if words:
        facts["capabilities"] = sorted(words)
    if "dialects" in row and not facts.get("dialects"):
        facts["dialects"] = row["dialects"]


def traits(found: Mapping[str, Mapping[str, Any]]) -> bytes:
    """The file's bytes: limits, words and dialects of chat models by kind and name, equal sets written once."""
    words: list[list[str]] = []
    dialects: list[list[str]] = []

    def place(among: list[list[str]], one: list[str]) -> int:
        if one not in among:
            among.append(one)
        return among.index(one)

    def slim(row: Mapping[str, Any]) -> list[Any]:
        limits = [row.get("context_window"), row.get("max_output_tokens")]
        return [*limits, place(words, row.get("capabilities", [])), place(dialects, row.get("dialects", []))]

    models = {
        kind: {name: slim(row) for name, row in rows.items() if row["mode"] == "chat"} for kind, rows in found.items()
    }
    whole = {"format": FORMAT, "capabilities": words, "dialects": dialects, "models": models}
    return json.dumps(whole, separators=(",", ":")).encode() + b"\n"


def read_wheel(wheel: Path) -> tuple[dict[str, str], bytes]:
    """Provenance and the one member."""
    with zipfile.ZipFile(wheel) as archive:
        members = [name for name in archive.namelist() if MEMBER.fullmatch(name)]
        if len(members) != 1:
            raise CatalogError(f"expected one price list in the wheel, found {members}")
        raw = archive.read(members[0])
    provenance = {
        "package": "litellm",
        "version": wheel.name.split("-")[1],
        "wheel": wheel.name,
        "wheel_sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "member": members[0],
        "member_sha256": hashlib.sha256(raw).hexdigest(),
        "licence": "MIT, Copyright (c) 2023 Berri AI",
    }
    return provenance, raw


def _source(stamp: str) -> tuple[dict[str, str], bytes]:
    """Provenance and price list, from the local copy of an earlier run with the same lock, else from the registry."""
    about, listed = CACHE / f"{stamp}.provenance.json", CACHE / f"{stamp}.list.json"
    if about.exists() and listed.exists():
        provenance, raw = json.loads(about.read_text("utf-8")), listed.read_bytes()
        if hashlib.sha256(raw).hexdigest() == provenance["member_sha256"]:
            return provenance, raw
    with tempfile.TemporaryDirectory() as folder:
        provenance, raw = read_wheel(download("litellm", "catalog.txt", Path(folder), "abi3"))
    CACHE.mkdir(parents=True, exist_ok=True)
    listed.write_bytes(raw)
    about.write_text(json.dumps(provenance), "utf-8")
    return provenance, raw


def build(provenance: Mapping[str, str], raw: bytes, made_from: str) -> tuple[bytes, bytes]:
    """The bytes of models.json (sorted names, one model per line) and of traits.json."""
    listed = json.loads(raw, parse_float=Decimal)
    rows, skipped = models(listed)
    lay_pictures(rows, listed)
    overlay(rows, json.loads(TABLE.read_bytes()))
    head = {
        "format": FORMAT,
        "made_from": made_from,
        "provenance": {**provenance, "left_out": sorted(skipped)},
    }
    lines = [json.dumps(head, sort_keys=True)[:-1] + ', "models": {']
    for kind, found in rows.items():
        body = ",\n".join(f"{json.dumps(name)}:{json.dumps(row, separators=(',', ':'))}" for name, row in found.items())
        lines.append(f"{json.dumps(kind)}: {{\n{body}\n}}{'' if kind == list(rows)[-1] else ','}")
    return ("\n".join([*lines, "}}"]) + "\n").encode(), traits(rows)


def _fresh(made_from: str) -> bool:
    try:
        return TRAITS.exists() and bool(json.loads(TARGET.read_bytes())["made_from"] == made_from)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def main() -> int:
    """Build when missing or stale; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--force", action="store_true", help="build even if nothing changed")
    force = parser.parse_args().force
    lock = LOCK.read_bytes()
    made_from = hashlib.sha256(
        lock + TABLE.read_bytes() + PRICES.read_bytes() + Path(__file__).read_bytes()
    ).hexdigest()
    if _fresh(made_from) and not force:
        return 0
    try:
        provenance, raw = _source(hashlib.sha256(lock).hexdigest()[:16])
        content, slim = build(provenance, raw, made_from)
    except (CatalogError, WheelError) as error:
        print(error, file=sys.stderr)
        return 1
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    for path, written in ((TRAITS, slim), (TARGET, content)):
        partial = path.with_suffix(".part")
        partial.write_bytes(written)
        partial.replace(path)
    shown = json.loads(content)
    counts = {kind: len(rows) for kind, rows in shown["models"].items()}
    print(
        f"{sum(counts.values())} models, {len(content) // 1024} KB and {len(slim) // 1024} KB, from litellm {provenance['version']}: {counts}"
    )
    print(f"left out: {shown['provenance']['left_out']}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""The prices of one row of the price list, as integers of pico-dollars in the shape of `gateway.neutral.config.Price`.

A price that is not certain is left out: the list uses some of its names for different things, and says some prices twice in different units.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Context, Decimal
from typing import Any

# The list's vendor → our provider kind. Others are left out: there is no kind to serve them.
KINDS = {
    "openai": "openai",
    "text-completion-openai": "openai",
    "anthropic": "anthropic",
    "gemini": "gemini",
    "deepseek": "deepseek",
    "groq": "groq",
    "azure": "azure_openai",
    "azure_text": "azure_openai",
    "bedrock": "bedrock",
    "bedrock_converse": "bedrock",
    "mistral": "mistral",
    "xai": "xai",
    "together_ai": "together",
    "cohere": "cohere",
    "voyage": "voyage",
    "jina_ai": "jina",
    "ollama": "ollama",
}
MODES = {
    "chat": "chat",
    "responses": "chat",
    "completion": "chat",
    "embedding": "embedding",
    "image_generation": "image",
    "image_edit": "image",
    "audio_speech": "speech",
    "audio_transcription": "transcription",
    "moderation": "moderation",
    "rerank": "rerank",
}
# Of vendors that are served for some operations only; their other models are left out.
SERVED_MODES = {"cohere": {"embedding", "rerank"}, "voyage": {"embedding", "rerank"}, "jina": {"embedding", "rerank"}}
# Pico-dollars a token: no embedding costs a tenth of it. The list has one price a thousand times too high.
MOST_OF_EMBEDDING = 10_000_000
TOKEN_PRICES = {
    "input_cost_per_token": "input",
    "output_cost_per_token": "output",
    "cache_read_input_token_cost": "cache_read",
    "cache_creation_input_token_cost": "cache_write_5m",
    "cache_creation_input_token_cost_above_1hr": "cache_write_1h",
    "output_cost_per_reasoning_token": "reasoning",
}
REQUEST_PRICES = ("input_cost_per_request", "input_cost_per_query")
MEDIA_PRICES = {
    "input_cost_per_audio_token": "audio_input",
    "output_cost_per_audio_token": "audio_output",
    "input_cost_per_image_token": "image_input",
    "output_cost_per_image_token": "image_output",
}
# By mode, since the list uses some of its names for different things. The price of a picture that is made is only certain as one of output.
PIECES = {
    "image": {"output_cost_per_image": "per_image_output"},
    "speech": {"input_cost_per_character": "per_character"},
    "transcription": {"input_cost_per_second": "per_second_input"},
    "embedding": {"input_cost_per_image": "per_image_input"},
}
# What the list calls a picture that goes in is one that is made, where the vendor's own page says so: https://docs.x.ai/docs/models
MADE = {("xai", "image"): {"input_cost_per_image": "per_image_output"}}
# Service tiers, and the kinds whose answers say at which one a request was served.
SERVICES = ("priority", "flex")
SERVED = ("openai", "azure_openai", "bedrock")
# Prices by something else than text tokens, pico-dollars per unit, as the list has them; kept for the pages.
UNIT_PRICES = {
    "input_cost_per_audio_token": "audio_input_token",
    "output_cost_per_audio_token": "audio_output_token",
    "input_cost_per_image_token": "image_input_token",
    "output_cost_per_image_token": "image_output_token",
    "input_cost_per_image": "image_input",
    "output_cost_per_image": "image_output",
    "input_cost_per_second": "second_input",
    "output_cost_per_second": "second_output",
    "input_cost_per_character": "character_input",
    "output_cost_per_character": "character_output",
}
# Where the list repeats the price of text for sound, which has one of its own: https://platform.openai.com/docs/pricing
SOUND = {
    re.compile(r"gpt-4o-transcribe(-.*)?"): 6_000_000,
    re.compile(r"gpt-4o-mini-transcribe(-.*)?"): 3_000_000,
}
# Models whose price depends on the size or the quality of the picture, of which a name tells one only.
BY_SIZE = re.compile(r".*(titan-image-generator|nova-canvas|stable-diffusion-xl).*")
# Names of the same model again in one quality and size, which the list prices apart: `low/1024-x-1024/grok-imagine-image-2.0`.
PICTURE = re.compile(r"(?:([a-z]+)/)?(\d+)-x-(\d+)/([^/]+)")
TIER = re.compile(r"(" + "|".join(TOKEN_PRICES) + r")_above_(\d+)k_tokens")


class Inexact(ValueError):
    """A price that is no whole number of pico-dollars."""


def pico(value: Any) -> int:
    """Dollars per unit as pico-dollars. The list holds binary floats: what differs from a decimal in the 13th digit is that decimal."""
    exact = Context(prec=12).create_decimal(Decimal(value)) * 10**12
    if exact != exact.to_integral_value() or exact < 0:
        raise Inexact(str(value))
    return int(exact)


def prices(row: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, int]:
    return {ours: pico(row[theirs]) for theirs, ours in names.items() if row.get(theirs) is not None}


def _tiers(row: Mapping[str, Any], base: Mapping[str, int], suffix: str = "") -> list[dict[str, int]]:
    """The price steps by input size, smallest first. A cache price a step does not name is the base's; thinking follows the step's output."""
    kept = {name: value for name, value in base.items() if name != "reasoning"}
    steps: dict[int, dict[str, int]] = {}
    for name, value in row.items():
        match = TIER.fullmatch(name.removesuffix(suffix)) if name.endswith(suffix) else None
        if match and value is not None:
            steps.setdefault(int(match[2]) * 1000, {})[TOKEN_PRICES[match[1]]] = pico(value)
    return [{"above": above, **kept, **steps[above]} for above in sorted(steps)]


def price(row: Mapping[str, Any], name: str = "") -> dict[str, Any] | None:
    """The prices of a row (of the model `name`) in the shape of `Price`; None when it has none that is certain."""
    base = _base(prices(row, TOKEN_PRICES))
    if row.get("mode") == "embedding" and (base or {}).get("input", 0) > MOST_OF_EMBEDDING:
        return None
    requests = [pico(row[name]) for name in REQUEST_PRICES if row.get(name)]
    pieces = {} if BY_SIZE.fullmatch(name) else _pieces(row)
    if base is None and not requests and not pieces:
        return None
    if not any((base or {}).values()) and not requests and not pieces and any(prices(row, UNIT_PRICES).values()):
        return None  # tokens for nothing and a price by something that is not counted: that is not free
    if base is not None and "output" not in base and row.get("output_cost_per_image_token"):
        base["output"] = pico(row["output_cost_per_image_token"])  # pictures are all that comes out
    found: dict[str, Any] = {"input": 0, "output": 0, **(base or {})}
    tiers = _tiers(row, found)
    found |= _media(row, found) if base is not None else {}
    sound = next((each for model, each in SOUND.items() if model.fullmatch(name)), None)
    if base is not None and sound is not None:
        found["audio_input"] = sound
    found |= pieces
    if requests:
        found["request"] = requests[0]
    return {**found, **({"tiers": tiers} if tiers else {}), **_services(row)}


def _base(found: dict[str, int]) -> dict[str, int] | None:
    """Token prices; None without one of input. Cache writes for nothing are not billed as such, so those tokens are plain input."""
    if "input" not in found:
        return None
    free = {name for name in ("cache_write_5m", "cache_write_1h") if found.get(name) == 0 and found["input"]}
    return {name: value for name, value in found.items() if name not in free}


def _media(row: Mapping[str, Any], base: Mapping[str, int]) -> dict[str, int]:
    """Prices of tokens of sound and pictures, where they are not those of text: text may have steps by size, they have none."""
    found = prices(row, MEDIA_PRICES)
    return {name: value for name, value in found.items() if value != base[name.partition("_")[2]]}


def _pieces(row: Mapping[str, Any]) -> dict[str, int]:
    """Prices by picture, second and character. Beside prices of tokens they mean the same once more, except where a model bills its text by
    the token and pictures beside it."""
    mode = MODES[row["mode"]] if "mode" in row else ""
    by_request = any(row.get(name) for name in REQUEST_PRICES)
    if by_request or (mode != "embedding" and any(row.get(name) for name in TOKEN_PRICES)):
        return {}
    names = MADE.get((row.get("litellm_provider", ""), mode), PIECES.get(mode, {}))
    return {name: value for name, value in prices(row, names).items() if value}


def _services(row: Mapping[str, Any]) -> dict[str, Any]:
    """Prices of the service tiers that an upstream names in its answers."""
    if KINDS.get(row.get("litellm_provider", "")) not in SERVED:
        return {}
    found: dict[str, Any] = {}
    for service in SERVICES:
        names = {f"{theirs}_{service}": ours for theirs, ours in TOKEN_PRICES.items()}
        base = _base(prices(row, names))
        if base is not None and "output" in base:
            tiers = _tiers(row, base, f"_{service}")
            found[service] = {**base, **({"tiers": tiers} if tiers else {})}
    return found


def picture(name: str, row: Mapping[str, Any]) -> tuple[str, dict[str, Any]] | None:
    """The model that a row prices in one quality and size, and that price; None for any other row."""
    match = PICTURE.fullmatch(name)
    mode = MODES.get(row.get("mode", ""), "")
    names = MADE.get((row.get("litellm_provider", ""), mode), PIECES["image"])
    if match is None or mode != "image":
        return None
    found = prices(row, names).get("per_image_output")
    if not found:
        return None
    return match[4], {"price": found, "quality": match[1] or "", "size": f"{match[2]}x{match[3]}"}

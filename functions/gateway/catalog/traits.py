"""What a translation must know of a model: its limits, what it can do, and in which dialects its vendor serves it.

From `data/traits.json`, which infra/scripts/build_catalog.py writes beside `models.json`: a fifth of its size, without prices, so that a
translated request on a fresh instance pays some 0.3 ms for it, once. The words of `capabilities`:

- `reasoning`, `vision`, `pdf`, `audio_input`, `audio_output`, `video_input`, `tools`, `parallel_tools`, `json_schema` (an answer by a
  schema), `prompt_caching`, `web_search`, `computer_use`: what it can do. The source lists miss some: a word that is not there is a reason to
  prefer another way, none to refuse content; the vendor refuses what it cannot read.
- `thinking_budget`: thinking is asked for in tokens (Claude `budget_tokens`, Gemini 2.5 `thinkingBudget`). `thinking_level`: Gemini
  `thinkingLevel`. `adaptive_thinking`: Claude `thinking.type: adaptive`. Claude models with the last word but not the first refuse a budget.
- `mid_system`: Claude takes system messages between turns.
- `effort`: Claude `output_config.effort`. `effort_none`, `effort_minimal`, `effort_xhigh`, `effort_max`: words for the effort that the model
  takes besides low, medium and high. `effort_none` for Gemini: a budget of 0 is allowed.
- `no_sampling`: refuses temperature, top_p and top_k other than their defaults (OpenAI's models with `effort_none` take them while they
  do not think). `no_prefill`: refuses a conversation that ends with the assistant. `no_forced_tools`: refuses a tool choice that forces a call.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from gateway.catalog.names import resolve
from gateway.neutral.dialects import Dialect

FORMAT = 2


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """Limits in tokens; None = not known. `capabilities` None = the model is not known at all.

    `dialects`: those the vendor serves the model in, the preferred one first; () = not known, so any the vendor speaks.
    """

    context_window: int | None = None
    max_output_tokens: int | None = None
    capabilities: frozenset[str] | None = None
    dialects: tuple[Dialect, ...] = ()


UNKNOWN = ModelFacts()


class Traits:
    """The file in memory, as parsed JSON."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._rows: Mapping[str, Mapping[str, Any]] = document["models"]
        self._words = [frozenset(words) for words in document["capabilities"]]
        self._dialects = [tuple(dialects) for dialects in document["dialects"]]

    def of(self, kind: str, upstream_model: str) -> ModelFacts:
        """Facts of a model as provider kind `kind` names it; UNKNOWN when it is not listed."""
        rows = self._rows.get(kind, {})
        name = resolve(rows, kind, upstream_model)
        if name is None:
            return UNKNOWN
        window, limit, words, dialects = rows[name]
        return ModelFacts(window, limit, self._words[words], self._dialects[dialects])


def load(path: Path) -> Traits:
    """The traits of a file; empty ones when there is none or it cannot be read: translation goes on without them."""
    try:
        document = orjson.loads(path.read_bytes())
        if document["format"] == FORMAT:
            return Traits(document)
    except (OSError, KeyError, TypeError, orjson.JSONDecodeError):
        pass
    return Traits({"models": {}, "capabilities": [], "dialects": []})

"""Which of a catalog's names a model's name means: the exact one, then what the rules of `ALIASES` make of it. Pure.

Each rule is documented by its vendor; nothing is ever matched by likeness.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Alias:
    """A name matching `pattern` means what `replacement` names (`re` templates), if the catalog has it. `kind` None = any provider kind."""

    pattern: str
    replacement: str
    why: str
    kind: str | None = None


_DATE = r"20\d\d(?:-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])|(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))"
_BEDROCK = "bedrock"

ALIASES = (
    # https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html#API_runtime_Converse_RequestSyntax: modelId may be
    # the ARN of a foundation model or of a system-defined inference profile; both end in the id
    Alias(
        r"arn:aws(?:-[a-z]+)*:bedrock:[a-z0-9-]*:\d*:(?:foundation-model|inference-profile)/(.+)",
        r"\1",
        "the ARN of a model or profile",
        _BEDROCK,
    ),
    # https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html: {geography}.{vendor}.{model}. Where the profile is
    # not listed itself, its model's own price stands in, to which AWS may add a tenth for a geography.
    Alias(
        r"(?:us|us-gov|eu|apac|au|jp|ca|in|sa|global)\.([a-z0-9]+\..+)",
        r"\1",
        "a cross-Region inference profile",
        _BEDROCK,
    ),
    # https://ai.google.dev/api/models: the resource name of a model is models/{model}
    Alias(r"models/(.+)", r"\1", "Gemini's resource name"),
    # https://platform.openai.com/docs/guides/fine-tuning: ft:{base}:{organisation}:{suffix}:{id}; priced as the base's fine-tunes
    Alias(r"(ft:[^:]+):.*", r"\1", "a fine-tuned model of one organisation"),
    # https://platform.openai.com/docs/models, https://platform.claude.com/docs/en/about-claude/models: snapshots carry their date
    Alias(rf"(.+)-{_DATE}", r"\1", "a dated snapshot"),
    # https://cloud.google.com/vertex-ai/generative-ai/docs/learn/model-versions, and Claude on Vertex: name@date
    Alias(rf"(.+)@(?:{_DATE}|default)", r"\1", "a dated snapshot"),
    # https://ai.google.dev/gemini-api/docs/models#model-versions: -001 is a stable revision of the name before it
    Alias(r"(gemini-.+)-00\d", r"\1", "a stable revision"),
    # https://docs.mistral.ai/getting-started/models, https://platform.claude.com/docs: -latest points at the newest snapshot
    Alias(r"(.+)-latest", r"\1", "the newest snapshot"),
)


def resolve(names: Collection[str], kind: str, asked: str) -> str | None:
    """The one of `names` that `asked` means at a provider of `kind`, or None."""
    for name in meanings(kind, asked):
        if name in names:
            return name
    return _newest_snapshot(names, asked.removesuffix("-latest"))


def meanings(kind: str, asked: str) -> Iterator[str]:
    """The name asked for, then what alias rules make of it, each rule at most once."""
    yield asked
    name = asked.removeprefix(f"{kind}/")
    yield name
    for alias in ALIASES:
        match = re.fullmatch(alias.pattern, name) if alias.kind in {None, kind} else None  # `re` keeps what it compiled
        if match:
            name = match.expand(alias.replacement)
            yield name


def _newest_snapshot(names: Collection[str], base: str) -> str | None:
    """The latest dated snapshot of exactly this name, for vendors whose undated name the list lacks."""
    snapshot = re.compile(rf"-{_DATE}")
    dated = (name for name in names if name.startswith(base) and snapshot.fullmatch(name, len(base)))
    return max(dated, default=None)

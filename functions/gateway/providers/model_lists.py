"""How each vendor lists its models: where to ask, what an answer says, and where the list goes on. Pure.

https://platform.openai.com/docs/api-reference/models/list, https://docs.anthropic.com/en/api/models-list, https://ai.google.dev/api/models,
https://docs.aws.amazon.com/bedrock/latest/APIReference/API_ListFoundationModels.html, …/API_ListInferenceProfiles.html. Servers that speak OpenAI's
dialect add what they like; the names of windows below are those of Groq, Mistral, OpenRouter, Together and vLLM.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol
from urllib.parse import quote, urlsplit

from gateway.errors import BadAnswer
from gateway.neutral import redaction
from gateway.neutral.probe import LONGEST_NAME, MOST_MODELS, Offered
from gateway.providers.vendor import Vendor, join_url

_MOST_TOKENS: Final = 1_000_000_000
_WINDOWS: Final = ("context_window", "context_length", "max_model_len", "max_context_length")
_OUTPUTS: Final = ("max_completion_tokens", "max_output_tokens")
_TITLES: Final = ("display_name", "name")
_RUNTIME: Final = re.compile(r"bedrock-runtime(-fips)?(\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?)")
_PROFILES: Final = "/inference-profiles?maxResults=1000"


class NoList(Exception):
    """This provider has no list to ask for; the message says why, and what to do instead."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One answer. `following`: the path, with its query, of the next one; None = the list ends here."""

    models: tuple[Offered, ...]
    following: str | None = None


class ModelList(Protocol):
    """A vendor's way of listing. Paths begin with the vendor's version segment."""

    @property
    def first(self) -> str:
        """The path, with its query, of the first answer."""

    def read(self, data: Any) -> Listed:
        """What an answer (parsed JSON) says; BadAnswer when it is no list of models."""


def model_list(vendor: Vendor) -> ModelList:
    """How this vendor lists its models; NoList when it does not."""
    if vendor.kind == "azure_openai":
        raise NoList("Azure has no list of deployments for an API key: add models by the names of their deployments.")
    if vendor.auth == "aws":
        return _Bedrock()
    if vendor.dialects[0] == "openai_embeddings":
        raise NoList(f"{vendor.title} has no list of models that could be read here: add models by their names.")
    ways: Mapping[str, ModelList] = {"anthropic_messages": _Anthropic(), "gemini": _Gemini()}
    return ways.get(vendor.dialects[0], _OpenAI())


def list_url(vendor: Vendor, base_url: str | None, path: str) -> str:
    """The address of an answer. NoList when it is not known where the list lives, ValueError when there is no base URL."""
    if vendor.auth != "aws":
        return join_url(vendor, base_url, path)
    url = join_url(vendor, base_url, "")
    parts = urlsplit(url.replace("{region}", "region-1"))
    if parts.scheme != "https" or not _RUNTIME.fullmatch(parts.netloc) or parts.path:
        raise NoList("Amazon Bedrock lists its models at another endpoint, which is not known for this base URL.")
    return url.replace("://bedrock-runtime", "://bedrock", 1) + path


class _OpenAI:
    first: Final = "/v1/models"

    def read(self, data: Any) -> Listed:
        # Together answers the bare list.
        return Listed(tuple(_compatible(row) for row in _rows(data if isinstance(data, list) else _of(data, "data"))))


def _compatible(row: Mapping[str, Any]) -> Offered:
    top = row.get("top_provider")
    outputs = (row, top) if isinstance(top, Mapping) else (row,)
    return Offered(
        id=row["id"],
        title=_title(row, _TITLES),
        context_window=_tokens(row, _WINDOWS),
        max_output_tokens=next((found for one in outputs if (found := _tokens(one, _OUTPUTS))), None),
    )


class _Anthropic:
    first: Final = "/v1/models?limit=1000"

    def read(self, data: Any) -> Listed:
        models = tuple(
            Offered(
                row["id"],
                _title(row, _TITLES),
                _tokens(row, ("max_input_tokens", *_WINDOWS)),
                _tokens(row, ("max_tokens",)),
            )
            for row in _rows(_of(data, "data"))
        )
        last = data.get("last_id")
        more = data.get("has_more") is True and isinstance(last, str) and last
        return Listed(models, f"{self.first}&after_id={_word(last)}" if more else None)


class _Gemini:
    first: Final = "/v1beta/models?pageSize=1000"

    def read(self, data: Any) -> Listed:
        rows = [
            {**row, "id": row["name"].removeprefix("models/")}
            for row in _of(data, "models", missing=[])
            if isinstance(row, dict) and isinstance(row.get("name"), str)
        ]
        models = tuple(
            Offered(
                row["id"],
                _title(row, ("displayName",)),
                _tokens(row, ("inputTokenLimit",)),
                _tokens(row, ("outputTokenLimit",)),
            )
            for row in _rows(rows)
        )
        token = data.get("nextPageToken")
        return Listed(models, f"{self.first}&pageToken={_word(token)}" if isinstance(token, str) and token else None)


class _Bedrock:
    """Models that are called by their own name, then profiles, by which the newer ones are."""

    first: Final = "/foundation-models"

    def read(self, data: Any) -> Listed:
        if isinstance(data, dict) and "inferenceProfileSummaries" in data:
            return self._profiles(data)
        rows = [
            {**row, "id": row.get("modelId")}
            for row in _of(data, "modelSummaries")
            if isinstance(row, dict) and "ON_DEMAND" in _words(row, "inferenceTypesSupported")
        ]
        return Listed(tuple(Offered(row["id"], _title(row, ("modelName",))) for row in _rows(rows)), _PROFILES)

    def _profiles(self, data: dict[str, Any]) -> Listed:
        rows = [
            {**row, "id": row.get("inferenceProfileId")}
            for row in _of(data, "inferenceProfileSummaries")
            if isinstance(row, dict) and row.get("status", "ACTIVE") == "ACTIVE"
        ]
        models = tuple(Offered(row["id"], _title(row, ("inferenceProfileName",))) for row in _rows(rows))
        token = data.get("nextToken")
        return Listed(models, f"{_PROFILES}&nextToken={_word(token)}" if isinstance(token, str) and token else None)


def _of(data: Any, name: str, missing: list[Any] | None = None) -> list[Any]:
    """A list member of an answer; `missing` for one that is not there, where the vendor leaves out what is empty."""
    found = data.get(name, missing) if isinstance(data, dict) else None
    if not isinstance(found, list):
        raise BadAnswer("The provider's answer is not a list of models.")
    return found


def _rows(items: Sequence[Any]) -> Iterable[dict[str, Any]]:
    """The items that name a model. A name that nobody could have meant (control characters, endless, a credential's shape) is left out.
    Of a hundred thousand not all are looked at."""
    for item in items[: 2 * MOST_MODELS]:
        name = item.get("id") if isinstance(item, dict) else None
        if isinstance(name, str) and name.strip() == name != "" and redaction.line(name, LONGEST_NAME) == name:
            yield item


def _title(row: Mapping[str, Any], names: Iterable[str]) -> str | None:
    found = next((value for name in names if isinstance(value := row.get(name), str) and value.strip()), None)
    return None if found is None else redaction.line(found.strip(), LONGEST_NAME)


def _tokens(row: Mapping[str, Any], names: Iterable[str]) -> int | None:
    for name in names:
        value = row.get(name)
        if type(value) is int and 0 < value <= _MOST_TOKENS:
            return value
    return None


def _words(row: Mapping[str, Any], name: str) -> list[Any]:
    found = row.get(name)
    return found if isinstance(found, list) else []


def _word(value: str) -> str:
    """A vendor's cursor as a query's value."""
    return quote(value[:2048].encode("utf-8", "replace"), safe="")

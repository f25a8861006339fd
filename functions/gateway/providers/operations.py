"""Where each dialect's operation lives below a base URL."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from gateway.neutral.dialects import Dialect

# (whole answer, streamed answer); `{model}` is the upstream's name, percent-encoded.
_PATHS: Final[dict[Dialect, tuple[str, str]]] = {
    "openai_chat": ("/v1/chat/completions", "/v1/chat/completions"),
    "openai_responses": ("/v1/responses", "/v1/responses"),
    "openai_completions": ("/v1/completions", "/v1/completions"),
    "openai_embeddings": ("/v1/embeddings", "/v1/embeddings"),
    "openai_images": ("/v1/images/generations", "/v1/images/generations"),
    "openai_speech": ("/v1/audio/speech", "/v1/audio/speech"),
    "openai_transcriptions": ("/v1/audio/transcriptions", "/v1/audio/transcriptions"),
    "openai_moderations": ("/v1/moderations", "/v1/moderations"),
    "rerank": ("/v1/rerank", "/v1/rerank"),
    "anthropic_messages": ("/v1/messages", "/v1/messages"),
    "gemini": ("/v1beta/models/{model}:generateContent", "/v1beta/models/{model}:streamGenerateContent?alt=sse"),
    "gemini_embeddings": ("/v1beta/models/{model}:embedContent", "/v1beta/models/{model}:embedContent"),
    "bedrock_converse": ("/model/{model}/converse", "/model/{model}/converse-stream"),
}


def operation(dialect: Dialect, model: str, *, stream: bool) -> str:
    """Path (and query) of a call for `join_url`; KeyError for a dialect without one.

    Gemini's resource names (`models/gemini-…`) and plain names mean the same. Model names go into the path as one segment: an ARN of
    Bedrock holds slashes and colons.
    """
    path = _PATHS[dialect][stream]
    if "{model}" not in path:
        return path
    return path.replace("{model}", quote(model.removeprefix("models/"), safe=""))

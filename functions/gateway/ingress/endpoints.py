"""The table of the data plane: every path, its methods, its dialect, and how its bodies are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from gateway.errors import GatewayError, MethodNotAllowed, NotFound
from gateway.neutral.dialects import Dialect
from gateway.neutral.usage import Usage
from gateway.wire import anthropic_messages, gemini, openai_chat, openai_embeddings  # noqa: F401 - the dialects' rooms
from gateway.wire.anthropic_messages import errors as anthropic_errors
from gateway.wire.anthropic_messages import request as anthropic_request
from gateway.wire.anthropic_messages import response as anthropic_response
from gateway.wire.anthropic_messages.stream import MessagesRelay
from gateway.wire.gemini import errors as gemini_errors
from gateway.wire.openai_chat import errors as openai_errors
from gateway.wire.openai_chat import request as chat_request
from gateway.wire.openai_chat import response as chat_response
from gateway.wire.openai_chat.stream import ChatRelay
from gateway.wire.openai_embeddings import request as embeddings_request
from gateway.wire.openai_embeddings import response as embeddings_response
from gateway.wire.reading import Peek, StreamReader


@dataclass(frozen=True, slots=True)
class ErrorForm:
    """How a dialect words errors. `name` is the dialect's family as logged; `id_header` is where its SDK looks for a request id."""

    name: str
    id_header: bytes
    render: Callable[[GatewayError, str], bytes]
    stream_error: Callable[[GatewayError, str], bytes] | None = None


OPENAI: Final = ErrorForm("openai", b"x-request-id", openai_errors.render, openai_errors.stream_error)
ANTHROPIC: Final = ErrorForm("anthropic", b"request-id", anthropic_errors.render, anthropic_errors.stream_error)
GEMINI: Final = ErrorForm("gemini", b"x-request-id", gemini_errors.render)


@dataclass(frozen=True, slots=True)
class Relay:
    """An operation that is passed to an upstream of the same dialect."""

    dialect: Dialect
    path: str
    peek: Callable[[bytes], Peek]
    relay_body: Callable[..., bytes]
    usage: Callable[[Mapping[str, Any]], Usage | None]
    text: Callable[[Mapping[str, Any]], str]
    error: Callable[[Mapping[str, Any]], str | None]
    status_of: Callable[[str], int]
    reader: Callable[[bool], StreamReader] | None = None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One path. `action` is `relay`, `models`, `model`, `health` or `root`; `argument` is what the path holds (a model id)."""

    action: str
    errors: ErrorForm
    relay: Relay | None = None
    argument: str = ""


def _messages_reader(strip_usage: bool) -> StreamReader:
    del strip_usage  # Anthropic always reports usage; nothing was asked for that would have to be hidden
    return MessagesRelay()


def _chat_reader(strip_usage: bool) -> StreamReader:
    return ChatRelay(strip_usage=strip_usage)


_CHAT: Final = Relay(
    "openai_chat",
    "/v1/chat/completions",
    chat_request.peek,
    chat_request.relay_body,
    chat_response.usage,
    chat_response.text,
    chat_response.error,
    openai_errors.status_of,
    _chat_reader,
)
_EMBEDDINGS: Final = Relay(
    "openai_embeddings",
    "/v1/embeddings",
    embeddings_request.peek,
    embeddings_request.relay_body,
    embeddings_response.usage,
    embeddings_response.text,
    chat_response.error,
    openai_errors.status_of,
)
_MESSAGES: Final = Relay(
    "anthropic_messages",
    "/v1/messages",
    anthropic_request.peek,
    anthropic_request.relay_body,
    anthropic_response.usage,
    anthropic_response.text,
    anthropic_response.error,
    anthropic_errors.status_of,
    _messages_reader,
)
_COUNT_TOKENS: Final = Relay(
    "anthropic_messages",
    "/v1/messages/count_tokens",
    anthropic_request.peek,
    anthropic_request.relay_body,
    anthropic_response.counted,
    anthropic_response.text,
    anthropic_response.error,
    anthropic_errors.status_of,
)

_POST: Final = ("POST",)
_GET: Final = ("GET", "HEAD")
_TABLE: Final[Mapping[str, tuple[tuple[str, ...], Endpoint]]] = {
    "/v1/chat/completions": (_POST, Endpoint("relay", OPENAI, _CHAT)),
    "/v1/embeddings": (_POST, Endpoint("relay", OPENAI, _EMBEDDINGS)),
    "/v1/messages": (_POST, Endpoint("relay", ANTHROPIC, _MESSAGES)),
    "/v1/messages/count_tokens": (_POST, Endpoint("relay", ANTHROPIC, _COUNT_TOKENS)),
    "/v1/models": (_GET, Endpoint("models", OPENAI)),
    "/health": (_GET, Endpoint("health", OPENAI, argument="live")),
    "/health/live": (_GET, Endpoint("health", OPENAI, argument="live")),
    "/health/ready": (_GET, Endpoint("health", OPENAI, argument="ready")),
    "/": (_GET, Endpoint("root", OPENAI)),
}
_MODEL_PREFIX: Final = "/v1/models/"


def error_form(path: str, *, anthropic_version: bool) -> ErrorForm:
    """The dialect in which a path's errors are worded, also when the path does not exist."""
    if path == "/v1/messages" or path.startswith("/v1/messages/"):
        return ANTHROPIC
    if path.startswith("/v1beta"):
        return GEMINI
    if anthropic_version and path.startswith("/v1/models"):
        return ANTHROPIC
    return OPENAI


def find(method: str, path: str, *, anthropic_version: bool) -> Endpoint:
    """The endpoint of a request; NotFound, or MethodNotAllowed with the methods that are."""
    path = path.rstrip("/") or "/"
    entry = _TABLE.get(path)
    if entry is None and path.startswith(_MODEL_PREFIX) and len(path) > len(_MODEL_PREFIX):
        entry = (_GET, Endpoint("model", OPENAI, argument=path[len(_MODEL_PREFIX) :]))
    if entry is None:
        raise NotFound(f"There is no endpoint {method[:16]} {_shown(path)}.")
    methods, endpoint = entry
    if method not in methods:
        allowed = ", ".join(methods)
        raise MethodNotAllowed(f"{_shown(path)} answers {allowed} only.", headers={"allow": allowed})
    if anthropic_version and endpoint.action in {"models", "model"}:
        return Endpoint(endpoint.action, ANTHROPIC, argument=endpoint.argument)
    return endpoint


def _shown(path: str) -> str:
    """A client's path, fit for a message and without anything that could be a credential in it."""
    return "".join(char if char.isprintable() and char not in "?&=" else "\ufffd" for char in path[:100])

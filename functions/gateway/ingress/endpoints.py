"""The table of the data plane: every path, its methods, its dialect, and how its bodies are read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

import orjson

from gateway.dialogs import errors as dialogs_errors
from gateway.errors import GatewayError, MethodNotAllowed, NotFound
from gateway.ingress import relays
from gateway.ingress.http import Request
from gateway.ingress.relays import Relay
from gateway.ingress.shapes import HUB, UNIFIED, UNIFIED_STREAM, Shape
from gateway.wire.anthropic_messages import errors as anthropic_errors
from gateway.wire.gemini import errors as gemini_errors
from gateway.wire.hub_chat import errors as hub_errors
from gateway.wire.openai_chat import errors as openai_errors
from gateway.wire.openai_responses import errors as responses_errors
from gateway.wire.reading import load_object
from gateway.wire.unified_completions import errors as unified_errors
from gateway.wire.unified_completions.request import is_unified


@dataclass(frozen=True, slots=True)
class ErrorForm:
    """How a dialect words errors. `name` is the dialect's family as logged; `id_header` is where its SDK looks for a request id. `vendors`: the
    dialect is a vendor's, whose own request id stays on what it answered."""

    name: str
    id_header: bytes
    render: Callable[[GatewayError, str], bytes]
    stream_error: Callable[[GatewayError, str], bytes]
    vendors: bool = True


def _either(error: GatewayError, request_id: str) -> bytes:
    """Before the body says which of two shapes is meant, both find theirs."""
    return orjson.dumps(
        orjson.loads(openai_errors.render(error, request_id)) | orjson.loads(unified_errors.render(error, request_id))
    )


OPENAI: Final = ErrorForm("openai", b"x-request-id", openai_errors.render, openai_errors.stream_error)
ANTHROPIC: Final = ErrorForm("anthropic", b"request-id", anthropic_errors.render, anthropic_errors.stream_error)
GEMINI: Final = ErrorForm("gemini", b"x-request-id", gemini_errors.render, gemini_errors.stream_error)
UNIFIED_FORM: Final = ErrorForm(
    "unified", b"x-request-id", unified_errors.render, unified_errors.stream_error, vendors=False
)
HUB_FORM: Final = ErrorForm("hub", b"x-request-id", hub_errors.render, hub_errors.stream_error, vendors=False)
DIALOGS: Final = ErrorForm(
    "dialogs", b"x-request-id", dialogs_errors.render, dialogs_errors.stream_error, vendors=False
)
_EITHER: Final = ErrorForm("openai", b"x-request-id", _either, openai_errors.stream_error)
OPENAI_RESPONSES: Final = ErrorForm("openai", b"x-request-id", openai_errors.render, responses_errors.stream_error)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One path. `action` is `relay`, `models`, `model`, `providers`, `provider_health`, `stop`, `cache_stats`, `cache_clear`, `upload`, `messages`,
    `converse`, `converse_whole`, `stop_message`, `health` or `root`; `argument` is what the path holds: the id of a model, a provider, a request, a
    dialog, or of a dialog and a message with a slash between. `shape`: what the client writes and reads instead of the
    relay's dialect."""

    action: str
    errors: ErrorForm
    relay: Relay | None = None
    argument: str = ""
    shape: Shape | None = None


_MODEL_PREFIX: Final = "/v1/models/"
_PROVIDERS: Final = "/v1/providers"
_COMPLETIONS: Final = "/v1/completions"
_UNIFIED_PATHS: Final = frozenset([_COMPLETIONS + "/stream", _PROVIDERS, "/v1/cache", "/v1/cache/stats"])
_UNIFIED: Final = Endpoint("relay", UNIFIED_FORM, relays.CHAT, shape=UNIFIED)
_REQUESTS: Final = "/v1/requests/"
_DIALOGS: Final = "/api/v1/"
_MESSAGES: Final = re.compile(r"/api/v1/dialogs/([^/]+)/messages(/sync|/([^/]+)/run)?")
_GEMINI_MODELS: Final = "/v1beta/models"
_GEMINI_VERSIONS: Final = ("/v1beta/models/", "/v1/models/", "/v1alpha/models/")
_EVENTS: Final = frozenset([("alt", "sse"), ("$alt", "sse")])
_GOOGLE: Final = (b"x-goog-api-key", b"x-goog-api-client")
_FORMS: Final[Mapping[str, ErrorForm]] = {form.name: form for form in (OPENAI, ANTHROPIC, GEMINI)}
_POST: Final = ("POST",)
_GET: Final = ("GET", "HEAD")
_DELETE: Final = ("DELETE",)
_TABLE: Final[Mapping[str, tuple[tuple[str, ...], Endpoint]]] = {
    "/v1/chat/completions": (_POST, Endpoint("relay", OPENAI, relays.CHAT)),
    "/v1/responses": (_POST, Endpoint("relay", OPENAI_RESPONSES, relays.RESPONSES)),
    "/v1/chat": (_POST, Endpoint("relay", HUB_FORM, relays.CHAT, shape=HUB)),
    _COMPLETIONS: (_POST, Endpoint("relay", OPENAI, relays.TEXT)),
    _COMPLETIONS + "/stream": (_POST, Endpoint("relay", UNIFIED_FORM, relays.CHAT, shape=UNIFIED_STREAM)),
    "/v1/embeddings": (_POST, Endpoint("relay", OPENAI, relays.EMBEDDINGS)),
    "/v1/moderations": (_POST, Endpoint("relay", OPENAI, relays.MODERATIONS)),
    "/v1/images/generations": (_POST, Endpoint("relay", OPENAI, relays.IMAGES)),
    "/v1/images/edits": (_POST, Endpoint("relay", OPENAI, relays.IMAGE_EDITS)),
    "/v1/images/variations": (_POST, Endpoint("relay", OPENAI, relays.IMAGE_VARIATIONS)),
    "/v1/audio/speech": (_POST, Endpoint("relay", OPENAI, relays.SPEECH)),
    "/v1/audio/transcriptions": (_POST, Endpoint("relay", OPENAI, relays.TRANSCRIPTIONS)),
    "/v1/audio/translations": (_POST, Endpoint("relay", OPENAI, relays.TRANSLATIONS)),
    "/v1/audio/uploads": (_POST, Endpoint("upload", OPENAI)),
    "/v1/rerank": (_POST, Endpoint("relay", OPENAI, relays.RERANK)),
    "/v1/messages": (_POST, Endpoint("relay", ANTHROPIC, relays.MESSAGES)),
    "/v1/messages/count_tokens": (_POST, Endpoint("relay", ANTHROPIC, relays.COUNT_TOKENS)),
    "/v1/cache/stats": (_GET, Endpoint("cache_stats", UNIFIED_FORM)),
    "/v1/cache": (_DELETE, Endpoint("cache_clear", UNIFIED_FORM)),
    "/v1/models": (_GET, Endpoint("models", OPENAI)),
    _GEMINI_MODELS: (_GET, Endpoint("models", GEMINI)),
    _PROVIDERS: (_GET, Endpoint("providers", UNIFIED_FORM)),
    "/health": (_GET, Endpoint("health", OPENAI, argument="live")),
    "/health/live": (_GET, Endpoint("health", OPENAI, argument="live")),
    "/health/ready": (_GET, Endpoint("health", OPENAI, argument="ready")),
    "/": (_GET, Endpoint("root", OPENAI)),
}


def family(request: Request) -> str:
    """Whose SDK is asking, by the headers it sends: `anthropic`, `gemini` or `openai`. Decides the shape of what all of them ask for."""
    if request.header(b"anthropic-version") is not None:
        return ANTHROPIC.name
    if any(request.header(name) is not None for name in _GOOGLE):
        return GEMINI.name
    return OPENAI.name


def error_form(path: str, asking: str = "openai") -> ErrorForm:
    """The dialect in which a path's errors are worded, also when the path does not exist. `asking` is the `family` of the request."""
    if path.startswith(_DIALOGS):
        return DIALOGS
    if path == "/v1/messages" or path.startswith("/v1/messages/"):
        return ANTHROPIC
    if path == "/v1/responses":
        return OPENAI_RESPONSES
    if path == "/v1/chat":
        return HUB_FORM
    if path == _COMPLETIONS:
        return _EITHER
    if path in _UNIFIED_PATHS or path.startswith(_PROVIDERS + "/"):
        return UNIFIED_FORM
    if path.startswith(("/v1beta", "/v1alpha")) or _gemini(path, "") is not None:
        return GEMINI
    return _FORMS[asking] if path.startswith("/v1/models") else OPENAI


def find(method: str, path: str, query: str = "", asking: str = "openai") -> Endpoint:
    """The endpoint of a request; NotFound, or MethodNotAllowed with the methods that are."""
    path = path.rstrip("/") or "/"
    entry = _TABLE.get(path) or _dialog(method, path) or _named(path, query)
    if entry is None:
        raise NotFound(f"There is no endpoint {method[:16]} {_shown(path)}.")
    methods, endpoint = entry
    if method not in methods:
        allowed = ", ".join(methods)
        raise MethodNotAllowed(f"{_shown(path)} answers {allowed} only.", headers={"allow": allowed})
    if endpoint.action in {"models", "model"} and endpoint.errors is OPENAI:
        return Endpoint(endpoint.action, _FORMS[asking], argument=endpoint.argument)
    return endpoint


def _dialog(method: str, path: str) -> tuple[tuple[str, ...], Endpoint] | None:
    """The messages of a dialog, and the answer to one of them while it is at work."""
    found = _MESSAGES.fullmatch(path)
    if found is None:
        return None
    if found[3]:
        return _DELETE, Endpoint("stop_message", DIALOGS, argument=f"{found[1]}/{found[3]}")
    if found[2]:
        return _POST, Endpoint("converse_whole", DIALOGS, argument=found[1])
    return (*_GET, *_POST), Endpoint("messages" if method in _GET else "converse", DIALOGS, argument=found[1])


def by_body(endpoint: Endpoint, body: bytes) -> Endpoint:
    """`/v1/completions` serves two shapes, which only their bodies tell apart."""
    if endpoint.relay is not relays.TEXT:
        return endpoint
    data = load_object(body)
    return _UNIFIED if data is not None and is_unified(data) else endpoint


def _named(path: str, query: str) -> tuple[tuple[str, ...], Endpoint] | None:
    """Endpoints whose path names something: `/v1/models/{id}`, `/v1beta/models/{id}`, `…/models/{id}:{action}`, `/v1/providers/{id}/health`
    and `/v1/requests/{id}`."""
    endpoint = _gemini(path, query)
    if endpoint is not None:
        return _POST, endpoint
    for prefix, form in ((_MODEL_PREFIX, OPENAI), (_GEMINI_MODELS + "/", GEMINI)):
        name = path.removeprefix(prefix)
        if path.startswith(prefix) and name and not name.startswith(":"):
            return _GET, Endpoint("model", form, argument=name)
    return _own(path)


def _own(path: str) -> tuple[tuple[str, ...], Endpoint] | None:
    """The gateway's own: a provider's health, and a running request. Their ids hold no slash."""
    provider = path.removeprefix(_PROVIDERS + "/").removesuffix("/health")
    if provider and "/" not in provider and path == f"{_PROVIDERS}/{provider}/health":
        return _GET, Endpoint("provider_health", UNIFIED_FORM, argument=provider)
    request = path.removeprefix(_REQUESTS)
    if request and "/" not in request and path == _REQUESTS + request:
        return _DELETE, Endpoint("stop", OPENAI, argument=request)
    return None


def _gemini(path: str, query: str) -> Endpoint | None:
    """An operation of Gemini, in any version of its API: google-genai 3 asks for `v1`, earlier ones for `v1beta`.

    A model's name may hold slashes and colons itself (`ollama/llama3:8b`); the action is what follows the last colon.
    """
    version = next((one for one in _GEMINI_VERSIONS if path.startswith(one)), None)
    if version is None:
        return None
    model, colon, action = path[len(version) :].rpartition(":")
    relay = relays.gemini(action, model, array=_EVENTS.isdisjoint(parse_qsl(query))) if colon and model else None
    return None if relay is None else Endpoint("relay", GEMINI, relay, model)


def _shown(path: str) -> str:
    """A client's path, fit for a message and without anything that could be a credential in it."""
    return "".join(char if char.isprintable() and char not in "?&=" else "\ufffd" for char in path[:100])

"""The operations of the data plane: for each dialect how its bodies are read beside a relay, and where they go upstream."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from gateway.neutral.dialects import Dialect
from gateway.neutral.usage import Usage
from gateway.wire.anthropic_messages import errors as anthropic_errors
from gateway.wire.anthropic_messages import request as anthropic_request
from gateway.wire.anthropic_messages import response as anthropic_response
from gateway.wire.anthropic_messages.stream import MessagesRelay
from gateway.wire.gemini import counting as gemini_counting
from gateway.wire.gemini import embeddings as gemini_embeddings
from gateway.wire.gemini import errors as gemini_errors
from gateway.wire.gemini import request as gemini_request
from gateway.wire.gemini import response as gemini_response
from gateway.wire.gemini.stream import GeminiRelay
from gateway.wire.openai_chat import errors as openai_errors
from gateway.wire.openai_chat import request as chat_request
from gateway.wire.openai_chat import response as chat_response
from gateway.wire.openai_chat.stream import ChatRelay
from gateway.wire.openai_completions import request as text_request
from gateway.wire.openai_completions import response as text_response
from gateway.wire.openai_completions.stream import TextRelay
from gateway.wire.openai_embeddings import request as embeddings_request
from gateway.wire.openai_embeddings import response as embeddings_response
from gateway.wire.openai_media import edits, images, lengths, multipart, speech, transcriptions
from gateway.wire.openai_media.opaque import OpaqueRelay
from gateway.wire.openai_moderations import request as moderations_request
from gateway.wire.openai_moderations import response as moderations_response
from gateway.wire.openai_responses import errors as responses_errors
from gateway.wire.openai_responses import request as responses_request
from gateway.wire.openai_responses import response as responses_response
from gateway.wire.openai_responses.stream import ResponsesRelay
from gateway.wire.reading import Peek, StreamReader
from gateway.wire.rerank import request as rerank_request
from gateway.wire.rerank import response as rerank_response

COMMENT: Final = b": keep-alive\n\n"
"""A comment of the event stream: every conforming parser skips it."""


@dataclass(frozen=True, slots=True)
class Attaching:
    """How a request that names an uploaded file gets it: first the file's size, then the file, with the boundary of the form around it."""

    sized: Callable[[Peek, int], Peek]
    filled: Callable[[Peek, multipart.File, str], Peek]


@dataclass(frozen=True, slots=True)
class Relay:
    """An operation as its own dialect sees it.

    `path` is the upstream's, `{model}` in it the upstream's model. `generates` marks operations that can be translated to other dialects,
    `writes` others that generate something.

    `opaque` reads answers that are neither JSON nor events (sound, plain text); then there are no signs of life, which would end up in them.
    `most` is the most that a request may consume of what is no text, by its data; `beside` is a guess at it, where the provider tells no usage.
    `shown` is what a log may keep of a request that is not JSON. `attaching`: its file may be an upload's.
    `media_type` of the body that goes upstream; None = the client's, or JSON.
    `count` words the answer of a token count made here. `sign` is a sign of life inside a stream. `array` says that the client wants
    the stream as one JSON array.
    """

    dialect: Dialect
    path: str
    peek: Callable[[bytes], Peek]
    relay_body: Callable[..., bytes]
    usage: Callable[[Mapping[str, Any]], Usage | None]
    text: Callable[[Mapping[str, Any]], str]
    error: Callable[[Mapping[str, Any]], str | None]
    status_of: Callable[[str], int]
    reader: Callable[[bool], StreamReader] | None = None
    generates: bool = False
    count: Callable[[int], dict[str, Any]] | None = None
    sign: bytes = COMMENT
    array: bool = False
    writes: bool = False
    opaque: Callable[[], StreamReader] | None = None
    most: Callable[[Mapping[str, Any]], Usage] | None = None
    beside: Callable[[Mapping[str, Any]], Usage] | None = None
    shown: Callable[[Peek], bytes] | None = None
    attaching: Attaching | None = None
    media_type: Callable[[bytes], str] | None = None


def _chat_reader(strip_usage: bool) -> StreamReader:
    return ChatRelay(strip_usage=strip_usage)


def _images_reader(strip_usage: bool) -> StreamReader:
    del strip_usage  # OpenAI tells the usage unasked; as in the others below
    return images.ImagesRelay()


def _speech_reader(strip_usage: bool) -> StreamReader:
    del strip_usage
    return speech.SpeechRelay()


def _transcript_reader(strip_usage: bool) -> StreamReader:
    del strip_usage
    return transcriptions.TranscriptRelay()


def _text_reader(strip_usage: bool) -> StreamReader:
    return TextRelay(strip_usage=strip_usage)


def _messages_reader(strip_usage: bool) -> StreamReader:
    del strip_usage  # Anthropic always reports usage; nothing was asked for that would have to be hidden
    return MessagesRelay()


def _responses_reader(strip_usage: bool) -> StreamReader:
    del strip_usage  # as above
    return ResponsesRelay()


def _gemini_reader(strip_usage: bool) -> StreamReader:
    del strip_usage  # as above
    return GeminiRelay()


CHAT: Final = Relay(
    "openai_chat",
    "/v1/chat/completions",
    chat_request.peek,
    chat_request.relay_body,
    chat_response.usage,
    chat_response.text,
    chat_response.error,
    openai_errors.status_of,
    _chat_reader,
    generates=True,
)
RESPONSES: Final = Relay(
    "openai_responses",
    "/v1/responses",
    responses_request.peek,
    responses_request.relay_body,
    responses_response.usage,
    responses_response.text,
    responses_response.error,
    responses_errors.status_of,
    _responses_reader,
    generates=True,
)
EMBEDDINGS: Final = Relay(
    "openai_embeddings",
    "/v1/embeddings",
    embeddings_request.peek,
    embeddings_request.relay_body,
    embeddings_response.usage,
    embeddings_response.text,
    chat_response.error,
    openai_errors.status_of,
)
TEXT: Final = Relay(
    "openai_completions",
    "/v1/completions",
    text_request.peek,
    text_request.relay_body,
    text_response.usage,
    text_response.text,
    text_response.error,
    openai_errors.status_of,
    _text_reader,
    writes=True,
)
MODERATIONS: Final = Relay(
    "openai_moderations",
    "/v1/moderations",
    moderations_request.peek,
    moderations_request.relay_body,
    moderations_response.usage,
    moderations_response.text,
    chat_response.error,
    openai_errors.status_of,
)
IMAGES: Final = Relay(
    "openai_images",
    "/v1/images/generations",
    images.peek,
    images.relay_body,
    images.usage,
    images.text,
    chat_response.error,
    openai_errors.status_of,
    _images_reader,
    writes=True,
    most=images.most,
    beside=images.asked,
)
IMAGE_EDITS: Final = replace(
    IMAGES,
    path="/v1/images/edits",
    peek=edits.peek_edit,
    relay_body=edits.relay_body,
    most=edits.most,
    shown=edits.shown,
    media_type=multipart.media_type,
)
IMAGE_VARIATIONS: Final = replace(IMAGE_EDITS, path="/v1/images/variations", peek=edits.peek_variation)
SPEECH: Final = Relay(
    "openai_speech",
    "/v1/audio/speech",
    speech.peek,
    speech.relay_body,
    speech.usage,
    speech.text,
    chat_response.error,
    openai_errors.status_of,
    _speech_reader,
    writes=True,
    opaque=OpaqueRelay,
    most=speech.most,
    beside=speech.asked,
)
TRANSCRIPTIONS: Final = Relay(
    "openai_transcriptions",
    "/v1/audio/transcriptions",
    transcriptions.peek,
    transcriptions.relay_body,
    transcriptions.usage,
    transcriptions.text,
    chat_response.error,
    openai_errors.status_of,
    _transcript_reader,
    writes=True,
    opaque=lengths.Written,
    most=transcriptions.most,
    beside=transcriptions.guessed,
    shown=transcriptions.shown,
    attaching=Attaching(transcriptions.sized, transcriptions.filled),
    media_type=multipart.media_type,
)
TRANSLATIONS: Final = replace(TRANSCRIPTIONS, path="/v1/audio/translations")
RERANK: Final = Relay(
    "rerank",
    "/v1/rerank",
    rerank_request.peek,
    rerank_request.relay_body,
    rerank_response.usage,
    rerank_response.text,
    chat_response.error,
    openai_errors.status_of,
    most=rerank_request.most,
)
MESSAGES: Final = Relay(
    "anthropic_messages",
    "/v1/messages",
    anthropic_request.peek,
    anthropic_request.relay_body,
    anthropic_response.usage,
    anthropic_response.text,
    anthropic_response.error,
    anthropic_errors.status_of,
    _messages_reader,
    generates=True,
    sign=b'event: ping\ndata: {"type": "ping"}\n\n',
)
COUNT_TOKENS: Final = Relay(
    "anthropic_messages",
    "/v1/messages/count_tokens",
    anthropic_request.peek,
    anthropic_request.relay_body,
    anthropic_response.counted,
    anthropic_response.text,
    anthropic_response.error,
    anthropic_errors.status_of,
    count=lambda tokens: {"input_tokens": tokens},
)


def gemini(action: str, model: str, *, array: bool) -> Relay | None:
    """The operation behind `/v1beta/models/{model}:{action}`; None for an action that is not served. `array`: no `alt=sse` was asked for."""
    path = f"/v1beta/models/{{model}}:{action}"
    if action in {"generateContent", "streamGenerateContent"}:
        stream = action == "streamGenerateContent"
        # Server-sent events are asked for in any case: the other form is made of them.
        return _gemini_generates(path + "?alt=sse" if stream else path, model, stream=stream, array=array)
    if action == "countTokens":
        return Relay(
            "gemini",
            path,
            partial(gemini_counting.peek, model=model),
            gemini_counting.relay_body,
            gemini_counting.counted,
            gemini_response.text,
            gemini_response.error,
            gemini_errors.status_of,
            count=gemini_counting.encode_count,
        )
    if action in {"embedContent", "batchEmbedContents"}:
        return Relay(
            "gemini",
            path,
            partial(gemini_embeddings.peek if action == "embedContent" else gemini_embeddings.peek_batch, model=model),
            gemini_embeddings.relay_body,
            gemini_embeddings.usage,
            gemini_embeddings.text,
            gemini_response.error,
            gemini_errors.status_of,
        )
    return None


def _gemini_generates(path: str, model: str, *, stream: bool, array: bool) -> Relay:
    return Relay(
        "gemini",
        path,
        partial(gemini_request.peek, model=model, stream=stream),
        gemini_request.relay_body,
        gemini_response.usage,
        gemini_response.text,
        gemini_response.error,
        gemini_errors.status_of,
        _gemini_reader if stream else None,
        generates=True,
        # google-genai takes a comment for a broken event (its `_api_client.py`), but skips blank lines; in the array they are white space.
        sign=b"\n\n",
        array=stream and array,
    )

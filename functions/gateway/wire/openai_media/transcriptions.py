"""Writing down what is said: https://platform.openai.com/docs/api-reference/audio/createTranscription, …/createTranslation.

The request is a form, or names a file that was uploaded before. The answer is JSON, plain text or subtitles by `response_format`, or a
stream of events.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

import orjson

from gateway.errors import InvalidRequest
from gateway.neutral.usage import IMPOSSIBLE, Usage
from gateway.wire.json_body import JsonBody, parse
from gateway.wire.openai_chat import response as chat_response
from gateway.wire.openai_media import lengths, multipart
from gateway.wire.reading import EventRelay, Peek, count, impossible, load_object

_FILE: Final = "file"
_UPLOAD: Final = "upload"
_READ: Final = ("model", "prompt", "stream", "response_format", _UPLOAD)
_NAME: Final = re.compile(r"\w+(?:\[\w*\])*", re.ASCII)
_LONGEST_NAME: Final = 128
# Speech that is compressed as hard as anybody does has this many bytes a second; what the file is, nobody here decodes.
_LEAST_BYTES_PER_SECOND: Final = 1_000
_USUAL_BYTES_PER_SECOND: Final = 8_000
_SIZE, _LENGTH = "file_bytes", "file_milliseconds"
# $0.006 a minute at $6 per million tokens of sound: https://platform.openai.com/docs/pricing
_TOKENS_PER_SECOND: Final = 17
_WORDS_PER_SECOND: Final = 6


def peek(raw: bytes) -> Peek:
    """Read the model; there must be one file, or an upload in its place. `data` of the body are the fields and, of a form with a file, its size.

    A request without a file may be JSON, with the form's fields as members: it is made a form on its way.
    """
    if raw.lstrip()[:1] == b"{":
        return _named(JsonBody(raw, _plain(raw), {}))
    form = multipart.read(raw, _READ)
    files, fields = [part for part in form.parts if part.file], form.fields()
    if not files and _UPLOAD in fields:
        return _named(JsonBody(raw, fields, {}))
    if len(files) != 1 or files[0].name != _FILE or _UPLOAD in fields:
        raise InvalidRequest(
            "The form must have exactly one file, in the field 'file', or none and an 'upload'.", param=_FILE
        )
    size = files[0].span.end - files[0].span.start
    if size == 0:
        raise InvalidRequest("The file is empty.", param=_FILE)
    start = files[0].span.start
    return _peek(JsonBody(raw, {**fields, **_file(raw[start : start + lengths.LOOKED_AT], size)}, {}))


def _file(head: bytes, size: int) -> dict[str, int | None]:
    return {_SIZE: size, _LENGTH: lengths.milliseconds(head[:size], size)}


def _named(body: JsonBody) -> Peek:
    identifier = body.data.get(_UPLOAD)
    if not isinstance(identifier, str) or not identifier:
        raise InvalidRequest(
            "The request must be multipart/form-data with a file, or name an 'upload' (POST /v1/audio/uploads) in its place.",
            param=_UPLOAD,
        )
    if any(name.partition("[")[0] == _FILE for name in body.data):
        raise InvalidRequest("A request names an 'upload' or has a 'file', not both.", param=_FILE)
    return replace(_peek(body), upload=identifier)


def _peek(body: JsonBody) -> Peek:
    model = body.data.get("model")
    model = model.strip() if isinstance(model, str) else ""
    if not model or len(model) > 256:
        raise InvalidRequest("The field 'model' must be a text of 1 to 256 characters.", param="model")
    asked = body.data.get("stream")
    stream = asked if isinstance(asked, bool) else str(asked).strip().lower() in {"true", "1"}
    return Peek(body, model, stream=stream)


def _plain(raw: bytes) -> dict[str, Any]:
    """The members of a JSON body, all of which have a form as fields."""
    body = parse(raw)
    for _ in _pairs(body):
        pass
    return dict(body.data)


def sized(request: Peek, size: int) -> Peek:
    """The request with the size of its upload."""
    return replace(request, body=replace(request.body, data={**request.body.data, _SIZE: size}))


def filled(request: Peek, file: multipart.File, boundary: str) -> Peek:
    """The request as a form that holds its file; nothing is left of the upload."""
    pairs = [pair for pair in _pairs(request.body) if pair[0] != _UPLOAD]
    data = {name: value for name, value in request.body.data.items() if name != _UPLOAD}
    data |= _file(file.content[: lengths.LOOKED_AT], len(file.content))
    return replace(request, body=JsonBody(multipart.encode(pairs, file, boundary), data, {}), upload="")


def _pairs(body: JsonBody) -> Iterator[tuple[str, bytes]]:
    """The fields of a form, or the members of JSON as the SDKs write them into one: `name[]` for each item of a list, `name[key]` of an object."""
    if not body.raw.lstrip().startswith(b"{"):
        for part in multipart.read(body.raw).parts:
            yield part.name, body.raw[part.span.start : part.span.end]
        return
    for name, value in parse(body.raw).data.items():
        yield from _flat(name, value)


def _flat(name: str, value: Any) -> Iterator[tuple[str, bytes]]:
    if not _NAME.fullmatch(name) or len(name) > _LONGEST_NAME:
        raise InvalidRequest(
            "The name of a field must be of letters, digits and underscores, and its value not nested deeply.",
            param=name[:64],
        )
    if isinstance(value, list):
        for item in value:
            yield from _flat(f"{name}[]", item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _flat(f"{name}[{key}]", item)
    elif value is not None:
        yield name, value.encode() if isinstance(value, str) else orjson.dumps(value)


def shown(peeked: Peek) -> bytes:
    """What a log may keep of the request: its fields, and of the file its size alone."""
    return orjson.dumps(dict(peeked.body.data))


def relay_body(request: Peek, model: str, *, ask_usage: bool) -> bytes:
    """The form for the upstream: only the model's name is replaced."""
    del ask_usage
    raw = request.body.raw
    return raw if model == request.model else multipart.read(raw).replace("model", model)


def most(data: Mapping[str, Any]) -> Usage:
    """The longest that the sound may be by the file's size, and as many words as fit in."""
    size = data.get(_SIZE)
    seconds = -(-size // _LEAST_BYTES_PER_SECOND) if isinstance(size, int) else 0
    return Usage(audio_ms_in=seconds * 1000, fresh=seconds * _TOKENS_PER_SECOND, output=seconds * _WORDS_PER_SECOND)


def guessed(data: Mapping[str, Any]) -> Usage:
    """How long it is by its header, or else usually, where nobody tells: plain text and subtitles come without usage."""
    size, known = data.get(_SIZE), data.get(_LENGTH)
    usual = size * 1000 // _USUAL_BYTES_PER_SECOND if isinstance(size, int) else 0
    length = known if isinstance(known, int) else usual
    tokens = length * _TOKENS_PER_SECOND // 1000
    return Usage(audio_ms_in=length, fresh=tokens, audio_input=tokens)


def usage(body: Mapping[str, Any]) -> Usage | None:
    """`usage` of type `tokens` or `duration` (seconds); older models tell `duration` in a verbose answer."""
    data = body.get("usage")
    if impossible(data):
        return IMPOSSIBLE
    told = data if isinstance(data, Mapping) else {}
    # Mistral counts seconds beside tokens that are not billed: https://docs.mistral.ai/capabilities/audio_transcription
    seconds = told.get("seconds", told.get("prompt_audio_seconds", body.get("duration")))
    if isinstance(told.get("input_tokens"), int):
        given, sound = count(told, "input_tokens"), count(told.get("input_token_details"), "audio_tokens")
        return Usage(fresh=given, audio_input=min(given, sound), output=count(told, "output_tokens"), source="upstream")
    if isinstance(seconds, int | float) and not isinstance(seconds, bool) and 0 < seconds < 10**6:
        return Usage(audio_ms_in=round(seconds * 1000), source="upstream")
    return None


def text(body: Mapping[str, Any]) -> str:
    """What was written down."""
    found = body.get("text")
    return found if isinstance(found, str) else ""


class TranscriptRelay(EventRelay):
    """Sideways reader of `transcript.text.delta` and `transcript.text.done`: https://platform.openai.com/docs/api-reference/audio/transcript-text-delta-event"""

    markers = (b"transcript.text.done", b'"error"')

    def look(self, data: bytes) -> bool:
        """Learn the usage and the end."""
        event = load_object(data)
        if event is None:
            return True
        self.note_error(chat_response.error(event), data)
        if event.get("type") == "transcript.text.done":
            self.finished, self.usage = True, usage(event)
        return True

    def shows(self, name: bytes, data: bytes) -> bool | None:
        """See `EventRelay`: a piece of text."""
        del name
        event = load_object(data)
        return None if event is None else bool(event.get("delta") or event.get("text"))

    def words(self, event: Mapping[str, Any]) -> str:
        """The piece."""
        found = event.get("delta")
        return found if isinstance(found, str) else ""

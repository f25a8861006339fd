"""A stream of a Gemini upstream (`alt=sse`), as events. See `stream` for what counts as a good end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.neutral.response import ChoiceEnd, Event, Failed, Finished, Stop
from gateway.neutral.usage import Usage
from gateway.wire import sse
from gateway.wire.gemini import answer, errors, response
from gateway.wire.gemini.candidate import CandidateReader
from gateway.wire.gemini.fields import extras
from gateway.wire.reading import count, load_object


class GeminiDecoder:
    """See `wire.codec.StreamDecoder`. Choices end when the upstream's stream does: parts may follow a reason to end."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._held = bytearray()
        self._readers: dict[int, CandidateReader] = {}
        self._begun = False
        self._over = False
        self._blocked: str | None = None
        self._counts: Mapping[str, Any] = {}
        self._rest: dict[str, Any] = {}

    def feed(self, chunk: bytes) -> list[Event]:
        """Events that are complete with this chunk. No byte is looked at twice."""
        if self._over:
            return []
        whole = sse.gather(self._held, chunk).replace(b"\r\n", b"\n")  # no line break stands inside JSON
        if not whole and len(self._held) > sse.LONGEST:
            return self._fail("The provider sent an event that does not end.")
        events: list[Event] = []
        for event in sse.split(whole):
            self._event(sse.fields(event)[1], events)
        return events

    @property
    def may_end(self) -> bool:
        """See `StreamDecoder`: every candidate has named its reason, or the prompt was blocked."""
        if self._over:
            return False
        readers = self._readers.values()
        return all(reader.ended for reader in readers) if readers else self._blocked is not None

    def close(self) -> list[Event]:
        """The upstream ended. A last event may lack its blank line."""
        events: list[Event] = []
        if self._over:
            return events
        data = sse.fields(bytes(self._held))[1]
        if load_object(data) is not None:
            self._event(data, events)
        if not self._over:
            events += self._end()
        return events

    def _event(self, data: bytes, events: list[Event]) -> None:
        if self._over or not data or data == b"[DONE]":
            return
        chunk = load_object(data)
        if chunk is None:
            events += self._fail("The provider sent an event that is not a JSON object.")
        elif chunk.get("error"):
            self._over = True
            failed = errors.decode_error(errors.status_of(response.error(chunk) or ""), chunk)
            events.append(Failed(failed.message, failed.status, failed.code, usage=self._usage()))
        else:
            self._chunk(chunk, events)

    def _chunk(self, chunk: Mapping[str, Any], events: list[Event]) -> None:
        if not self._begun:
            self._begun = True
            events.append(answer.started(chunk))
        for name, value in chunk.items():
            if name == "usageMetadata":
                self._counts = chunk if response.counts(value) else self._counts
            elif name not in answer.READ:
                self._rest[name] = value
                self._blocked = response.blocked(chunk) or self._blocked
        for candidate in response.candidates(chunk):
            index = count(candidate, "index")
            reader = self._readers.get(index)
            if reader is None:
                reader = self._readers[index] = CandidateReader(index, self._seed)
            events += reader.read(candidate)

    def _usage(self) -> Usage | None:
        """Usage as it was told last: it grows from chunk to chunk."""
        return response.usage(self._counts)

    def _end(self) -> list[Event]:
        if not self._readers and self._blocked is not None:
            ends: list[Event] = [ChoiceEnd(Stop("content_filter", raw=self._blocked))]
        elif self._readers and all(reader.ended for reader in self._readers.values()):
            ends = [event for index in sorted(self._readers) for event in self._readers[index].end()]
        else:
            return self._fail("The provider's stream ended before it was complete.")
        self._over = True
        first = self._readers[min(self._readers)].extras if self._readers else {}
        return [*ends, Finished(self._usage(), extras=extras({**self._rest, **first}))]

    def _fail(self, message: str) -> list[Event]:
        self._over = True
        return [Failed(message, code="upstream_bad_answer", usage=self._usage())]

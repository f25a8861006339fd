"""A user with a dialog, in front of the exchange: what the provider says, what the client reads, what is stored."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, replace
from typing import Any

from tests.exchange.kit import Door, Heard, release_for
from tests.upstream.server import Upstream
from tests.upstream.steps import JSON, Steps, events, reply

from gateway.neutral.config import Model
from gateway.neutral.dialogs import AgentConfig, Dialog, Message
from gateway.neutral.logrow import LogRow
from gateway.neutral.people import Person

USER = "usr_1"
DIALOG = Dialog("dlg_1", USER, 1_000, 1_000, title="Talk", model_name="chat-model")
USAGE = {"prompt_tokens": 30, "completion_tokens": 5, "total_tokens": 35}


def token(user: str, exp: float = 4_000_000_000) -> str:
    """What looks like an access token. Whether it is one, the double of the identity function says."""
    parts = ({"alg": "HS256", "typ": "JWT"}, {"sub": user, "exp": exp})
    words = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join([*words, "c2lnbmF0dXJl"])


def said(text: str) -> Steps:
    """A whole answer of the provider."""
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    return reply(200, json.dumps({"id": "c", "model": "up-chat", "choices": [choice], "usage": USAGE}).encode(), JSON)


def stream_of(*texts: str, end: bool = True, usage: bool = True) -> bytes:
    """A streamed answer of the provider."""
    chunks: list[dict[str, Any]] = [{"choices": [{"index": 0, "delta": {"content": text}}]} for text in texts]
    if end:
        chunks.append({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
    if end and usage:
        chunks.append({"choices": [], "usage": USAGE})
    lines = [json.dumps({"id": "c", "model": "up-chat", **chunk}) for chunk in chunks] + (["[DONE]"] if end else [])
    return "".join(f"data: {line}\n\n" for line in lines).encode()


def streamed(*texts: str, **more: Any) -> Steps:
    return events(stream_of(*texts, **more))


def data_of(heard: Heard) -> list[Any]:
    """The events of a stream; comments are skipped."""
    return [json.loads(line[6:]) for line in heard.body.decode().split("\n") if line.startswith("data: ")]


@dataclass
class Talking:
    """One user's door. `bearer` is their token."""

    door: Door
    upstream: Upstream
    bearer: str

    @classmethod
    def begin(cls, upstream: Upstream, *models: Model, **settings: Any) -> Talking:
        release = release_for(upstream.url)
        door = Door(replace(release, models=(*release.models, *models)))
        if settings:
            door.settings = replace(door.settings, **settings)
            door.__post_init__()
        door.dialogs.add(DIALOG)
        found = cls(door, upstream, token(USER))
        door.people.people[found.bearer] = Person(USER, "ada", "user", True)
        return found

    def again(self, **release: Any) -> None:
        """A door with another release, or with nothing remembered, before the same stores."""
        old = self.door
        old.release = replace(old.release, **release)
        dialogs, people = old.dialogs, old.people
        old.__post_init__()
        old.dialogs.__dict__.update(dialogs.__dict__)
        old.people.__dict__.update(people.__dict__)

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        return (("authorization", f"Bearer {self.bearer}"),)

    async def whole(self, content: str, dialog: str = DIALOG.id, **more: Any) -> Heard:
        return await self._ask(f"/api/v1/dialogs/{dialog}/messages/sync", content, more)

    async def stream(self, content: str, dialog: str = DIALOG.id, **more: Any) -> Heard:
        return await self._ask(f"/api/v1/dialogs/{dialog}/messages", content, more)

    async def _ask(self, path: str, content: str, more: dict[str, Any]) -> Heard:
        asks = {name: more.pop(name) for name in ("leave", "on_part") if name in more}
        headers = (*self.headers, *more.pop("headers", ()))
        return await self.door.ask("POST", path, {"content": content, **more}, headers, **asks)

    async def listed(self, query: str = "", dialog: str = DIALOG.id) -> Heard:
        return await self.door.ask("GET", f"/api/v1/dialogs/{dialog}/messages{query}", b"", self.headers)

    @property
    def stored(self) -> list[Message]:
        return self.door.dialogs.stored(DIALOG)

    @property
    def told(self) -> list[tuple[str, str]]:
        """Role and text of what is stored."""
        return [(one.role, one.content) for one in self.stored]

    @property
    def row(self) -> LogRow:
        """The last row, which says how a request ended."""
        return self.door.logs.rows[-1]

    @property
    def dialog(self) -> Dialog:
        return self.door.dialogs.dialogs[USER, DIALOG.id]

    def change(self, **fields: Any) -> None:
        config = fields.pop("config", None)
        if config is not None:
            fields["config"] = AgentConfig(**config)
        self.door.dialogs.dialogs[USER, DIALOG.id] = replace(self.dialog, **fields)

    async def sent(self, number: int = -1) -> Any:
        """What the provider was asked."""
        return json.loads((await self.upstream.seen())[number].body)

"""A client's own dialogs. What is not theirs is not there: a foreign id and one that never was are answered alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, TypeVar

from gateway.admin.clients import Client
from gateway.admin.dialog_schemas import DialogIn, DialogOut, DialogPage, DialogPatch
from gateway.admin.dialog_shapes import Offer, config_value, dialog_out, offer
from gateway.admin.errors import Conflict, Invalid, Missing, Stale
from gateway.admin.services import Services
from gateway.admin.trail import Trail
from gateway.neutral.dialogs import Dialog, Message
from gateway.stores.dialog_rows import keeps
from gateway.stores.dialogs import MOST_DIALOGS, Dialogs, Full
from gateway.stores.entities import Contended
from gateway.stores.versioned import Outdated

T = TypeVar("T")

Sort = Literal["created", "updated"]
NOUN: Final = "dialog"
_CHOSEN: Final = ("title", "system_prompt", "model_name", "agent")
FULL: Final = f"You have {MOST_DIALOGS} dialogs, the most there may be. Delete some."
_BUSY: Final = "Others kept changing it at the same moment; try again."
_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,128}")
_TRIES: Final = 8


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of the list, from 1 on, and of what: `q` is part of the title."""

    number: int
    size: int
    q: str = ""
    sort: Sort = "created"


class Desk:
    """The dialogs of one client, for one request."""

    def __init__(self, services: Services, client: Client, trail: Trail | None = None) -> None:
        self._store: Dialogs = services.dialogs
        self.clock = services.clock
        self._owner = client.owner
        self._trail = trail
        self.offer: Offer = offer(services.in_force.index(), client.identity.narrowed)

    def out(self, dialog: Dialog) -> DialogOut:
        """A dialog's reply."""
        return dialog_out(dialog, self.offer)

    def page(self, wanted: Page) -> DialogPage:
        """Newest first."""
        rows, needle = self._store.all(self._owner), wanted.q.casefold()
        if needle:
            rows = [row for row in rows if needle in (row.title or "").casefold()]
        if wanted.sort == "updated":
            rows.sort(key=lambda row: (row.updated_at, row.id), reverse=True)
        first = (wanted.number - 1) * wanted.size
        shown = rows[first : first + wanted.size]
        return DialogPage(
            items=[self.out(row) for row in shown],
            total=len(rows),
            page=wanted.number,
            page_size=wanted.size,
            has_next=first + wanted.size < len(rows),
        )

    def get(self, identifier: str, expected: int | None = None) -> Dialog:
        """One dialog; Missing, or Stale when it is not at the `expected` version."""
        found = self._store.get(self._owner, identifier) if _ID.fullmatch(identifier) else None
        if found is None:
            raise Missing("There is no such dialog.")
        if expected is not None and found.version != expected:
            raise Stale
        return found

    def create(self, body: DialogIn) -> Dialog:
        """A new dialog."""
        now = self.clock.now_ms()
        fields = {name: getattr(body, name) for name in _CHOSEN}
        config = config_value(body.agent_config)
        dialog = Dialog(self.clock.new_id("dlg"), self._owner, now, now, config=config, **fields)
        self.offer.check(dialog)
        self._about("create", dialog.id)
        self._store.tidy(self._owner)
        created = settled(lambda: self._store.create(dialog))
        self._noted(dialog.id, None, _shown(created))
        return created

    def identifiers(self, count: int) -> list[str]:
        """New ids, which sort as they stand here."""
        return sorted(self.clock.new_id("dlg") for _ in range(count))

    def take_in(self, identifier: str, body: DialogIn, messages: Sequence[Message]) -> Dialog:
        """A new dialog with messages, in this order (`created_at` -1 = now). A model and an agent that are not here are kept by their names."""
        now = self.clock.now_ms()
        fields = {name: getattr(body, name) for name in _CHOSEN}
        dialog = Dialog(identifier, self._owner, now, now, config=config_value(body.agent_config), **fields)
        placed = _placed(dialog, messages, sorted(self.clock.new_id("msg") for _ in messages))
        for at, message in enumerate(placed):
            if not keeps(self._owner, message):
                raise Invalid(f"messages[{at}].content: is too long to be stored whole")
        self._about("import", identifier)
        created = settled(lambda: self._store.create(dialog, placed))
        self._noted(identifier, None, _shown(created))
        return created

    def update(self, identifier: str, body: DialogPatch, expected: int | None) -> Dialog:
        """Change a dialog; what is as it was is not written."""
        fields: dict[str, Any] = {name: getattr(body, name) for name in body.model_fields_set}
        if "agent_config" in fields:
            fields["config"] = config_value(fields.pop("agent_config"))
        for _ in range(_TRIES):
            before = self.get(identifier, expected)
            after = replace(before, **fields)
            if after == before:
                return before
            self._check(before, after)
            self._about("update", identifier)
            try:
                # Not before a message that is there: the next one's place is behind `updated_at`.
                at_ms = max(before.updated_at, self.clock.now_ms())
                changed = self._store.change(before, replace(after, updated_at=at_ms))
            except Outdated:
                continue
            self._noted(identifier, _shown(before), _shown(after) | {"changed": sorted(body.model_fields_set)})
            return changed
        raise Conflict(_BUSY)

    def delete(self, identifier: str, expected: int | None) -> None:
        """Remove a dialog with its messages, or go on with a removal that was cut off."""
        if _ID.fullmatch(identifier) and self._store.leftover(self._owner, identifier):
            self._about("delete", identifier)
            self._store.sweep(self._owner, identifier)
            self._noted(identifier, {}, None)
            return
        for _ in range(_TRIES):
            dialog = self.get(identifier, expected)
            self._about("delete", identifier)
            self._store.tidy(self._owner)
            try:
                settled(lambda dialog=dialog: self._store.remove(dialog))  # type: ignore[misc]
            except Outdated:  # a message came
                continue
            self._noted(identifier, _shown(dialog), None)
            return
        raise Conflict(_BUSY)

    def _check(self, before: Dialog, after: Dialog) -> None:
        """What was chosen may have gone since: it is judged when something else is chosen."""
        same = frozenset(
            name for name in ("model_name", "agent", "config") if getattr(before, name) == getattr(after, name)
        )
        if len(same) < 3:
            self.offer.check(after, same)

    def _about(self, action: str, identifier: str) -> None:
        if self._trail is not None:
            self._trail.about(action, NOUN, identifier)

    def _noted(self, identifier: str, before: dict[str, Any] | None, after: dict[str, Any] | None) -> None:
        if self._trail is not None:
            self._trail.noted(NOUN, identifier, before, after)


def settled(act: Callable[[], T]) -> T:
    """What it gives; Conflict where there is no room, or others kept writing."""
    try:
        return act()
    except Full:
        raise Conflict(FULL) from None
    except Contended:
        raise Conflict(_BUSY) from None


def _placed(dialog: Dialog, messages: Sequence[Message], identifiers: Sequence[str]) -> list[Message]:
    """Messages in their places: as they come, none after now."""
    placed, at_ms = list[Message](), 0
    for message, identifier in zip(messages, identifiers, strict=True):
        written = dialog.created_at if message.created_at < 0 else message.created_at
        at_ms = max(at_ms, min(written, dialog.created_at))
        placed.append(replace(message, id=identifier, dialog_id=dialog.id, at_ms=at_ms, created_at=written))
    return placed


def _shown(dialog: Dialog) -> dict[str, Any]:
    """What the audit log may hold of a dialog: none of its texts."""
    return {"model_name": dialog.model_name, "agent": dialog.agent, "messages": dialog.message_count}

"""Invitations to register, by the digest of their token. `Users.create` uses them up."""

from __future__ import annotations

from dataclasses import dataclass

from pynamodb.exceptions import DeleteError

from gateway.stores.tables import InvitationItem, Tables
from gateway.stores.users import Role
from gateway.stores.versioned import Outdated

_LOST = "ConditionalCheckFailedException"
_KEPT_SECONDS = 30 * 86_400


@dataclass(frozen=True, slots=True)
class Invitation:
    """`digest` is the SHA-256 of the token in hex. Times are Unix ms; `used_by` is the id of the user it became."""

    id: str
    digest: str
    role: Role
    created_by: str
    created_at: int
    expires_at: int
    note: str | None = None
    used_by: str | None = None
    used_at: int | None = None

    def open(self, now_ms: int) -> bool:
        """True while somebody may register with it."""
        return self.used_by is None and now_ms < self.expires_at


class Invitations:
    """The list and `get` go through an index that lags by milliseconds. A month after its end an invitation is forgotten."""

    def __init__(self, tables: Tables) -> None:
        self._item = tables.invitation

    def by_digest(self, digest: str) -> Invitation | None:
        """The invitation with this token, strongly consistent."""
        try:
            return _invitation(self._item.get(f"invitation#{digest}", "invitation", consistent_read=True))
        except self._item.DoesNotExist:
            return None

    def get(self, identifier: str) -> Invitation | None:
        """The invitation with this id."""
        found = self._item.by_kind.query("invitation", self._item.id == identifier, limit=1)
        address = next((item.pk for item in found), None)
        return None if address is None else self.by_digest(address.removeprefix("invitation#"))

    def page(self, after: str | None, limit: int) -> tuple[list[Invitation], str | None]:
        """At most `limit` invitations, newest first, older than `after`, and where to go on from (None = the end)."""
        beyond = None if after is None else self._item.id < after
        size = limit + 1
        found = self._item.by_kind.query("invitation", beyond, scan_index_forward=False, limit=size, page_size=size)
        rows = [_invitation(item) for item in found]
        return rows[:limit], rows[limit - 1].id if len(rows) > limit else None

    def create(self, invitation: Invitation) -> None:
        """Add an invitation; its digest is of 256 random bits, so nothing is there before."""
        item = self._item(f"invitation#{invitation.digest}", "invitation", kind="invitation", id=invitation.id)
        item.role = invitation.role
        item.created_by = invitation.created_by
        item.created_at = invitation.created_at
        item.expires_at = invitation.expires_at
        item.note = invitation.note
        item.ttl = invitation.expires_at // 1000 + _KEPT_SECONDS
        item.save(condition=self._item.pk.does_not_exist())

    def delete(self, invitation: Invitation) -> None:
        """Revoke it; Outdated when it is gone."""
        try:
            self._item(f"invitation#{invitation.digest}", "invitation").delete(condition=self._item.pk.exists())
        except DeleteError as error:
            if error.cause_response_code == _LOST:
                raise Outdated from None
            raise


def _invitation(item: InvitationItem) -> Invitation:
    role: Role = item.role  # type: ignore[assignment]
    return Invitation(
        id=item.id,
        digest=item.pk.removeprefix("invitation#"),
        role=role,
        created_by=item.created_by,
        created_at=int(item.created_at),
        expires_at=int(item.expires_at),
        note=item.note,
        used_by=item.used_by,
        used_at=None if item.used_at is None else int(item.used_at),
    )

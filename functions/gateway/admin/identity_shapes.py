"""Users and invitations as replies."""

from __future__ import annotations

from typing import Any

from gateway.admin.identity_schemas import InvitationOut, Source, UserRow
from gateway.stores.invitations import Invitation
from gateway.stores.users import Account


def source_of(account: Account) -> Source:
    """Who vouches for a user."""
    if account.user.from_deployment:
        return "deployment"
    return "local" if account.issuer is None else "external"


def user_row(account: Account) -> UserRow:
    """A user, without the password's hash."""
    user = account.user
    return UserRow(
        id=user.id,
        username=user.username,
        role=user.role,
        active=user.active,
        source=source_of(account),
        issuer=account.issuer,
        email=account.email,
        last_login=account.last_login,
        created_at=user.created_at,
        version=account.version,
        updated_at=account.updated_at or user.created_at,
    )


def shown(account: Account) -> dict[str, Any]:
    """What the audit log keeps of a user. The version tells that a password was replaced."""
    user = account.user
    return {"username": user.username, "role": user.role, "active": user.active, "version": account.version}


def invitation_out(invitation: Invitation, now_ms: int) -> InvitationOut:
    """An invitation, without its token's hash."""
    ended = "used" if invitation.used_by is not None else "expired"
    return InvitationOut(
        id=invitation.id,
        role=invitation.role,
        state="open" if invitation.open(now_ms) else ended,  # type: ignore[arg-type]
        note=invitation.note,
        created_by=invitation.created_by,
        created_at=invitation.created_at,
        expires_at=invitation.expires_at,
        used_by=invitation.used_by,
        used_at=invitation.used_at,
    )

"""Invitations to register."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from gateway.admin.access import access
from gateway.admin.changing import Leaving
from gateway.admin.identity_schemas import InvitationCreated, InvitationIn, InvitationOut
from gateway.admin.identity_shapes import invitation_out
from gateway.admin.paging import Cursor, Limit, decode_cursor, encode_cursor
from gateway.admin.schemas import Page
from gateway.admin.services import Services, services_of
from gateway.stores.users import User

router = APIRouter(prefix="/api/admin/invitations", tags=["users"])
S = Annotated[Services, Depends(services_of)]
Actor = Annotated[User, Depends(access("invitations"))]


@router.get("")
def list_invitations(services: S, _actor: Actor, limit: Limit = 50, cursor: Cursor = None) -> Page[InvitationOut]:
    """Invitations, newest first; used and expired ones stay for a month after their end."""
    rows, following = services.identity.registration.invitations(decode_cursor(cursor), limit)
    now = services.clock.now_ms()
    total = len(rows) if cursor is None and following is None else None
    further = None if following is None else encode_cursor(following)
    return Page(items=[invitation_out(row, now) for row in rows], next_cursor=further, total=total)


@router.post("", status_code=201)
def create_invitation(body: InvitationIn, services: S, actor: Actor, trail: Leaving) -> InvitationCreated:
    """Invite somebody. The reply is the only place its token is ever shown."""
    identifier = services.clock.new_id("inv")
    trail.about("create", "invitation", identifier)
    token, invitation = services.identity.registration.invite(body, actor.id, identifier)
    trail.noted("invitation", identifier, None, {"role": invitation.role, "expires_at": invitation.expires_at})
    return InvitationCreated(**invitation_out(invitation, services.clock.now_ms()).model_dump(), token=token)


@router.delete("/{id}", status_code=204)
def delete_invitation(id: str, services: S, _actor: Actor, trail: Leaving) -> Response:  # noqa: A002
    """Revoke an invitation. Whoever has registered with it stays a user."""
    trail.about("delete", "invitation", id)
    services.identity.registration.revoke(id)
    trail.noted("invitation", id, {"state": "open"}, None)
    return Response(status_code=204)

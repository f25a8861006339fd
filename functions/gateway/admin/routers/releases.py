"""Releases: what was in force, how two differ, and going back to one."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response

from gateway.admin.access import access
from gateway.admin.audit_shapes import change_out
from gateway.admin.changing import Changing
from gateway.admin.errors import BadRequest
from gateway.admin.paging import Cursor, IfMatch, Limit, decode_cursor, encode_cursor, expected, set_etag
from gateway.admin.release_schemas import (
    DraftDiff,
    DraftIn,
    EntityOut,
    PublicationOut,
    ReleaseContent,
    ReleaseDiff,
    RolledBack,
)
from gateway.admin.rollback import differences
from gateway.admin.schemas import Page
from gateway.admin.secretless import described
from gateway.admin.services import Services, services_of
from gateway.neutral.config import Release
from gateway.stores.composing import contents
from gateway.stores.users import User

router = APIRouter(prefix="/api/admin/releases", tags=["release"], dependencies=[Depends(access("release"))])
rollback_router = APIRouter(prefix="/api/admin/releases", tags=["release"])
publish_router = APIRouter(prefix="/api/admin/releases", tags=["release"])
S = Annotated[Services, Depends(services_of)]
Actor = Annotated[User, Depends(access("rollback"))]
Hash = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the release")]


@router.get("")
def list_releases(services: S, limit: Limit = 50, cursor: Cursor = None) -> Page[PublicationOut]:
    """Publications, newest first. They and the releases are kept for ever."""
    position = decode_cursor(cursor)
    if position is not None and not (position.isascii() and position.isdigit() and len(position) <= 12):
        raise BadRequest("The cursor is not valid.", field="cursor")
    rows, following = services.editors.rollbacks.page(None if position is None else int(position), limit)
    number = services.editors.rollbacks.pointer().number
    accounts = {by: services.users.get(by) for by in {row.making.by for row in rows}}
    items = [
        PublicationOut(
            number=row.number,
            release=row.release,
            at=row.at,
            by=row.making.by,
            by_name=None if (account := accounts[row.making.by]) is None else account.user.username,
            cause=row.making.cause,
            in_force=row.number == number,
            providers=row.making.providers,
            upstream_keys=row.making.upstream_keys,
            models=row.making.models,
            routes=row.making.routes,
        )
        for row in rows
    ]
    return Page(items=items, next_cursor=None if following is None else encode_cursor(str(following)))


@router.get("/draft")
def get_draft(response: Response, services: S) -> DraftDiff:
    """What publishing the draft would change: the configuration as it is stored, beside the release in force. The ETag is the number in force."""
    draft = services.editors.publisher.draft()
    set_etag(response, draft.seen.number)
    changes = [change_out(change) for change in draft.changes]
    return DraftDiff(before=draft.seen.release or None, after=draft.address, number=draft.seen.number, changes=changes)


@publish_router.post("/draft/publish")
def publish_draft(
    response: Response,
    services: Changing,
    actor: Annotated[User, Depends(access("publish"))],
    body: DraftIn | None = None,
    if_match: IfMatch = None,
) -> RolledBack:
    """Put the draft in force, in one step. `if-match` is the number in force (412 when another is); with `release` only the draft that was looked
    at is published (409 when it was changed since)."""
    shown = None if body is None else body.release
    moved, changed = services.editors.publisher.publish_draft(actor.id, expected(if_match), shown)
    set_etag(response, moved.number)
    return RolledBack(release=moved.release, number=moved.number, changed=changed)


@publish_router.post("/draft/discard")
def discard_draft(
    response: Response,
    services: Changing,
    actor: Annotated[User, Depends(access("discard"))],
    if_match: IfMatch = None,
) -> RolledBack:
    """Throw the draft away: the configuration is what is in force again, in one step and as a new number. 409 when that would write more than 98
    things. `if-match` is the number in force."""
    moved, changed = services.editors.rollbacks.discard(expected(if_match), actor.id)
    set_etag(response, moved.number)
    return RolledBack(release=moved.release, number=moved.number, changed=changed)


@router.get("/{hash}")
def get_release_content(hash: Hash, services: S) -> ReleaseContent:  # noqa: A002
    """What a release holds, without secrets."""
    release = services.editors.rollbacks.read(hash)
    items = [
        EntityOut(noun=noun, id=identifier, fields=described(value))  # type: ignore[arg-type]
        for noun, values in contents(release).items()
        for identifier, value in values.items()
    ]
    return ReleaseContent(release=hash, in_force=services.editors.rollbacks.pointer().release == hash, items=items)


@router.get("/{hash}/diff")
def get_release_diff(
    hash: Hash,  # noqa: A002
    services: S,
    since: Annotated[str | None, Query(pattern=r"^[0-9a-f]{64}$", description="Default: the release in force")] = None,
) -> ReleaseDiff:
    """What is different in a release from another, by default from the one in force: so what a rollback to it would change."""
    rollbacks = services.editors.rollbacks
    before = since or rollbacks.pointer().release or None
    after = rollbacks.read(hash)
    changes = differences(Release() if before is None else rollbacks.read(before), after)
    return ReleaseDiff(before=before, after=hash, changes=[change_out(change) for change in changes])


@rollback_router.post("/{hash}/rollback")
def roll_back(
    hash: Hash,  # noqa: A002
    response: Response,
    services: Changing,
    actor: Actor,
    if_match: IfMatch = None,
) -> RolledBack:
    """Make the configuration what it was in a release, in one step and as a new number; credentials that were deleted since come back as they were
    sealed. Virtual keys, teams and end users are no part of it. `if-match` is the number in force, the ETag of `/api/admin/release`."""
    moved, changed = services.editors.rollbacks.restore(hash, expected(if_match), actor.id)
    set_etag(response, moved.number)
    return RolledBack(release=moved.release, number=moved.number, changed=changed)

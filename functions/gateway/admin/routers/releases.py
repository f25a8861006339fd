"""Releases: what was in force, how two differ, and going back to one."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response

from gateway.admin.access import access
from gateway.admin.audit_shapes import change_out
from gateway.admin.changing import Changing
from gateway.admin.errors import BadRequest
from gateway.admin.paging import Cursor, IfMatch, Limit, decode_cursor, encode_cursor, expected, set_etag
from gateway.admin.release_schemas import EntityOut, PublicationOut, ReleaseContent, ReleaseDiff, RolledBack
from gateway.admin.rollback import contents, differences
from gateway.admin.schemas import Page
from gateway.admin.secretless import described
from gateway.admin.services import Services, services_of
from gateway.neutral.config import Release
from gateway.stores.users import User

router = APIRouter(prefix="/api/admin/releases", tags=["release"], dependencies=[Depends(access("release"))])
rollback_router = APIRouter(prefix="/api/admin/releases", tags=["release"])
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

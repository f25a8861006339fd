"""Token balances of end users: what is left, topping up, deducting, and what changed them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends

from gateway.admin.access import access
from gateway.admin.account_schemas import BalanceIn, BalanceLimitIn, BalanceOut, EntryOut
from gateway.admin.changing import Leaving
from gateway.admin.errors import BadRequest, Conflict
from gateway.admin.paging import Cursor, Limit, decode_cursor, encode_cursor
from gateway.admin.schemas import Page
from gateway.admin.services import Services, services_of
from gateway.stores.balances import BadPlace, Balance, Change, Entry
from gateway.stores.entities import Contended
from gateway.stores.users import User
from gateway.stores.versioned import Taken

router = APIRouter(prefix="/api/admin/end-users", tags=["end users"])
S = Annotated[Services, Depends(services_of)]
Actor = Annotated[User, Depends(access("end-users"))]
_BUSY = "Others kept changing it at the same moment; try again."


@router.get("/{id:path}/balance")
def get_balance(id: str, services: S, _actor: Actor) -> BalanceOut:  # noqa: A002
    """What an end user has left. One whose requests do not pay from it (`token_balance`) has a balance all the same."""
    return _balance(services.balances.get(_known(services, id)))


@router.post("/{id:path}/balance")
def change_balance(id: str, body: BalanceIn, services: S, trail: Leaving, actor: Actor) -> BalanceOut:  # noqa: A002
    """Add tokens, or take them away (a negative amount; the balance may go below zero). The same `id` again changes nothing."""
    change = Change(_known(services, id), abs(body.amount), actor.id, body.id or services.clock.new_id("chg"))
    trail.about("top_up" if body.amount > 0 else "deduct", "end_user", change.user)
    try:
        (services.balances.top_up if body.amount > 0 else services.balances.deduct)(change)
    except Taken:
        raise Conflict("This id was used for another change.", field="id") from None
    except Contended:
        raise Conflict(_BUSY) from None
    trail.noted("end_user", change.user, None, {"tokens": body.amount, "change": change.id})
    return _balance(services.balances.get(id))


@router.patch("/{id:path}/balance")
def limit_balance(id: str, body: BalanceLimitIn, services: S, trail: Leaving, _actor: Actor) -> BalanceOut:  # noqa: A002
    """The most tokens an end user may ever use; null = no limit."""
    before = services.balances.get(_known(services, id)).limit
    trail.about("limit", "end_user", id)
    try:
        after = services.balances.set_limit(id, body.limit)
    except Contended:
        raise Conflict(_BUSY) from None
    trail.noted("end_user", id, {"token_limit": before}, {"token_limit": after.limit})
    return _balance(after)


@router.get("/{id:path}/balance/history")
def get_balance_history(
    id: str,  # noqa: A002
    services: S,
    _actor: Actor,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[EntryOut]:
    """What changed a balance, newest first."""
    try:
        entries, following = services.balances.history(_known(services, id), limit, decode_cursor(cursor))
    except BadPlace:
        raise BadRequest("The cursor is not valid.", field="cursor") from None
    position = None if following is None else encode_cursor(following)
    return Page(items=[_entry(one) for one in entries], next_cursor=position)


def _known(services: Services, identifier: str) -> str:
    """The id of an end user that exists; Missing otherwise."""
    return services.editors.end_users.get(identifier).value.id


def _balance(found: Balance) -> BalanceOut:
    return BalanceOut(
        available=found.available, held=found.held, used=found.used, granted=found.granted, limit=found.limit
    )


def _entry(found: Entry) -> EntryOut:
    return EntryOut(
        amount=found.amount,
        reason=found.reason,
        at=found.at_ms,
        id=found.message_id,
        request_id=found.request_id,
        model=found.model,
        admin=found.admin,
    )

"""The tokens of any owner, with an account or without: look, limit, top up, deduct."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from gateway.admin.clients import Client, ClientTrail, calling
from gateway.admin.dialog_admin_schemas import OwnerOut, TokenBalanceOut, TokenLimitIn, TokensIn
from gateway.admin.dialog_schemas import DIALOG_ERRORS, TransactionOut
from gateway.admin.errors import Conflict
from gateway.admin.owners import owner_out, person
from gateway.admin.services import Services, services_of
from gateway.admin.token_shapes import MOST_SKIPPED, transactions
from gateway.neutral.dialogs import iso
from gateway.stores.balances import Change
from gateway.stores.entities import Contended
from gateway.stores.versioned import Taken

router = APIRouter(prefix="/api/v1/admin/users", tags=["dialogs administration"], responses=DIALOG_ERRORS)
S = Annotated[Services, Depends(services_of)]
Caller = Annotated[Client, Depends(calling("balances"))]
_NOUN = "end_user"
_BUSY = "Others kept changing it at the same moment; try again."


@router.get("/{id:path}/tokens/history")
def get_owner_token_history(
    id: str,  # noqa: A002
    services: S,
    _client: Caller,
    skip: Annotated[int, Query(ge=0, le=MOST_SKIPPED, description="How many of the newest to pass over")] = 0,
    limit: Annotated[int, Query(ge=1, le=100, description="At most so many")] = 50,
) -> list[TransactionOut]:
    """What changed a balance, newest first."""
    return transactions(services.balances, person(services, id).id, skip, limit)


@router.post("/{id:path}/tokens")
def change_owner_tokens(id: str, body: TokensIn, services: S, trail: ClientTrail, client: Caller) -> TokenBalanceOut:  # noqa: A002
    """Add tokens, or take them away (negative; the balance may go below zero). The same `id` again changes nothing."""
    owner = person(services, id).id
    change = Change(owner, abs(body.amount), client.author.id, body.id or services.clock.new_id("chg"))
    trail.about("top_up" if body.amount > 0 else "deduct", _NOUN, owner)
    try:
        (services.balances.top_up if body.amount > 0 else services.balances.deduct)(change)
    except Taken:
        raise Conflict("This id was used for another change.", field="id") from None
    except Contended:
        raise Conflict(_BUSY) from None
    trail.noted(_NOUN, owner, None, {"tokens": body.amount, "change": change.id})
    return _out(services, owner)


@router.patch("/{id:path}/limits")
def limit_owner_tokens(
    id: str,  # noqa: A002
    body: TokenLimitIn,
    services: S,
    trail: ClientTrail,
    _client: Caller,
) -> TokenBalanceOut:
    """The most tokens that an owner may ever use; null = no limit. It holds from the next message on."""
    owner = person(services, id).id
    before = services.balances.get(owner).limit
    trail.about("limit", _NOUN, owner)
    try:
        after = services.balances.set_limit(owner, body.limit)
    except Contended:
        raise Conflict(_BUSY) from None
    trail.noted(_NOUN, owner, {"token_limit": before}, {"token_limit": after.limit})
    return _out(services, owner)


@router.get("/{id:path}")
def get_owner(id: str, services: S, _client: Caller) -> OwnerOut:  # noqa: A002
    """One owner of dialogs or of a balance; 404 when nobody is known by this id."""
    one = person(services, id)
    return owner_out(one, services.balances.get(one.id))


def _out(services: Services, owner: str) -> TokenBalanceOut:
    found = services.balances.get(owner)
    return TokenBalanceOut(
        user_id=owner, balance=found.available, limit=found.limit, updated_at=iso(services.clock.now_ms())
    )

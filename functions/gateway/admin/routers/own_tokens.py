"""A client's token balance."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from gateway.admin.clients import Client, calling
from gateway.admin.dialog_schemas import DIALOG_ERRORS, OwnTokensOut, TransactionOut
from gateway.admin.services import Services, services_of
from gateway.admin.token_shapes import MOST_SKIPPED, own_tokens_out, pays, transactions

router = APIRouter(prefix="/api/v1/users/me/tokens", tags=["dialogs"], responses=DIALOG_ERRORS)
S = Annotated[Services, Depends(services_of)]
Caller = Annotated[Client, Depends(calling("dialogs"))]
Skip = Annotated[int, Query(ge=0, le=MOST_SKIPPED, description="How many of the newest to pass over")]


@router.get("")
def get_own_tokens(services: S, client: Caller) -> OwnTokensOut:
    """Your token balance, what you used, and the most that you may ever use."""
    paying = pays(client.identity.user, services.settings.token_grant)
    return own_tokens_out(services.balances.get(client.owner), paying)


@router.get("/history")
def get_own_token_history(
    services: S,
    client: Caller,
    skip: Skip = 0,
    limit: Annotated[int, Query(ge=1, le=100, description="At most so many")] = 50,
) -> list[TransactionOut]:
    """What changed your balance, newest first."""
    return transactions(services.balances, client.owner, skip, limit)

"""Token balances in the shapes of `/api/v1`."""

from __future__ import annotations

from itertools import islice
from typing import Final

from gateway.admin.dialog_schemas import OwnTokensOut, TransactionOut
from gateway.neutral.dialogs import iso
from gateway.neutral.limits import Account
from gateway.stores.balances import Balance, Balances, Entry

MOST_SKIPPED: Final = 10_000


def pays(account: Account | None, grant: int) -> bool:
    """Whether messages are paid from a balance: as the account says; without one, where the deployment grants tokens."""
    return grant > 0 if account is None else account.token_balance


def own_tokens_out(found: Balance, paying: bool) -> OwnTokensOut:
    """A balance for its owner."""
    return OwnTokensOut(balance=found.available, total_used=found.used, limit=found.limit, held=found.held, pays=paying)


def transactions(balances: Balances, owner: str, skip: int, limit: int) -> list[TransactionOut]:
    """What changed a balance, newest first."""
    return [_transaction(owner, entry) for entry in islice(balances.entries(owner), skip, skip + limit)]


def _transaction(owner: str, entry: Entry) -> TransactionOut:
    return TransactionOut(
        id=entry.place,
        user_id=owner,
        amount=entry.amount,
        reason=entry.reason,
        message_id=entry.message_id,
        request_id=entry.request_id,
        model=entry.model,
        admin_user_id=entry.admin,
        created_at=iso(entry.at_ms),
    )

"""What can go wrong in a call to AWS.

    AwsFault
    ├── StoreUnavailable          not now; the retries this call was allowed are used up
    │   ├── Unreachable           no usable answer: connection, timeout or 5xx
    │   │   └── OutcomeUnknown    … and a write that must not be repeated blindly may have been applied
    │   ├── Throttled             refused for its rate; nothing was applied
    │   └── CredentialsUnavailable
    ├── ConditionFailed           the condition of a single write did not hold; `item` is the item that stood in the way
    ├── TransactionCancelled      one of the writes was refused; `reasons` has one entry per write, in order
    │   └── TransactionConflict   … only because somebody else was writing the same items
    ├── AccessDenied              the role or the key policy does not allow it
    ├── NotFound                  no such table, secret, parameter, object or key
    ├── Rejected                  AWS calls the request wrong: a fault of this program
    └── SealBroken                a sealed secret does not open: wrong context, wrong key or tampered

Messages name the service, the operation, AWS's error code and its request id. They never hold an item, a header or a secret: AWS's own
message text can quote values, so it is kept apart in `detail` and stays out of `str()`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class AwsFault(Exception):
    """Base of this tree. `operation` is e.g. `dynamodb.PutItem`, `code` AWS's error code or a short word of ours."""

    def __init__(self, operation: str, code: str, *, detail: str = "", request_id: str = "") -> None:
        super().__init__(operation, code)
        self.operation = operation
        self.code = code
        self.detail = detail
        self.request_id = request_id

    def __str__(self) -> str:
        tail = f" (AWS request {self.request_id})" if self.request_id else ""
        return f"{self.operation}: {self.code}{tail}"


class StoreUnavailable(AwsFault):
    """The service could not be used now; a later call may succeed."""


class Unreachable(StoreUnavailable):
    """Connection fault, timeout, 5xx or an answer that is none."""


class OutcomeUnknown(Unreachable):
    """The write was sent and its answer was lost: it may or may not have been applied, and repeating it could apply it twice."""


class Throttled(StoreUnavailable):
    """Refused because of the rate; not applied."""


class CredentialsUnavailable(StoreUnavailable):
    """There are no credentials, or they could not be renewed."""


class ConditionFailed(AwsFault):
    """The condition did not hold. `item` is the stored item (plain values), None when there is none or it was not asked for."""

    def __init__(self, operation: str, item: Mapping[str, Any] | None = None, *, request_id: str = "") -> None:
        super().__init__(operation, "ConditionalCheckFailedException", request_id=request_id)
        self.item = item


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one write of a transaction was refused. `code` is AWS's, e.g. `ConditionalCheckFailed`; `None` (the word) when it was fine."""

    code: str
    item: Mapping[str, Any] | None = None


class TransactionCancelled(AwsFault):
    """Nothing of the transaction was applied. `reasons[i]` belongs to the i-th write."""

    def __init__(self, operation: str, reasons: tuple[Reason, ...], *, request_id: str = "") -> None:
        super().__init__(operation, "TransactionCanceledException", request_id=request_id)
        self.reasons = reasons

    def __str__(self) -> str:
        return f"{super().__str__()} [{', '.join(reason.code for reason in self.reasons)}]"


class TransactionConflict(TransactionCancelled):
    """Cancelled only because of other writers; trying again later may succeed."""


class AccessDenied(AwsFault):
    """Not allowed by the role, the resource policy or the key policy."""


class NotFound(AwsFault):
    """The named resource does not exist."""


class Rejected(AwsFault):
    """AWS refuses the request as malformed or inconsistent."""


class SealBroken(AwsFault):
    """A sealed secret does not open."""

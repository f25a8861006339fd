"""DynamoDB for the data plane: seven operations on plain Python values.

Repetition. Reads, unconditional puts and deletes, and transactions (they carry a token) may be repeated after a lost answer. A
conditional put is repeated too, and when the repetition finds that the condition no longer holds, the stored item decides: if it is the
one this call puts, the lost attempt had succeeded. So a condition that must have one winner needs an item that names its writer. An
update is not repeated after a lost answer unless the caller says that it is idempotent (`SET a = :a`); it raises OutcomeUnknown.
https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/Welcome.html
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import orjson

from gateway.aws.attributes import NotStorable, decode_item, encode, encode_item
from gateway.aws.faults import AwsFault, ConditionFailed, Reason, Throttled, TransactionCancelled, TransactionConflict
from gateway.aws.session import Answer, AwsSession, Call, Transient, refusal
from gateway.aws.writes import Check, Delete, Expr, Put, Update, Write

__all__ = ["Check", "Delete", "DynamoDB", "Expr", "Item", "Page", "Put", "Query", "Returns", "Update", "Write"]

Item = dict[str, Any]
Returns = Literal["NONE", "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW"]

_JSON = ("content-type", "application/x-amz-json-1.0")
_BATCH_ROUNDS = 5
_PASSING = frozenset(
    {"None", "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded", "RequestLimitExceeded"}
)


@dataclass(frozen=True, slots=True)
class Query:
    """One page of the items of a partition. `start` is the `next` of the page before; `limit` counts items read, before `only`."""

    table: str
    where: Expr
    index: str | None = None
    only: Expr | None = None
    limit: int | None = None
    forward: bool = True
    consistent: bool = False
    start: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Items in key order; `next` is None on the last page."""

    items: tuple[Item, ...]
    next: Item | None


class DynamoDB:
    """Faults: ConditionFailed, TransactionCancelled and its Conflict, StoreUnavailable's tree, NotFound, AccessDenied, Rejected;
    NotStorable (a ValueError) before anything is sent."""

    def __init__(self, session: AwsSession) -> None:
        self._session = session

    @property
    def ahead(self) -> float:
        """Seconds that this machine's clock is ahead of the store's, as its last answers told (`gateway.aws.skew`)."""
        return self._session.skew.ahead

    async def get_item(self, table: str, key: Mapping[str, Any], *, consistent: bool = False) -> Item | None:
        """The item under `key`, or None."""
        payload = {"TableName": table, "Key": encode_item(key), "ConsistentRead": consistent}
        data = await self._run("GetItem", payload)
        return decode_item(data["Item"]) if "Item" in data else None

    async def batch_get_item(
        self, table: str, keys: Sequence[Mapping[str, Any]], *, consistent: bool = False
    ) -> list[Item]:
        """The items there are, in any order; at most 100 keys. What DynamoDB leaves out for its rate is asked for again."""
        pending: dict[str, Any] = {table: {"Keys": [encode_item(key) for key in keys], "ConsistentRead": consistent}}
        found: list[Item] = []
        for round_ in range(_BATCH_ROUNDS):
            data = await self._run("BatchGetItem", {"RequestItems": pending})
            found += [decode_item(item) for item in data["Responses"].get(table, ())]
            pending = data.get("UnprocessedKeys") or {}
            if not pending:
                return found
            await asyncio.sleep(self._session.pause(round_ + 1))
        raise Throttled("dynamodb.BatchGetItem", "UnprocessedKeys")

    async def query(self, query: Query) -> Page:
        """One page (at most 1 MB)."""
        payload: dict[str, Any] = {"TableName": query.table, "KeyConditionExpression": query.where.text}
        payload |= {"ScanIndexForward": query.forward, "ConsistentRead": query.consistent}
        if query.index is not None:
            payload["IndexName"] = query.index
        if query.only is not None:
            payload["FilterExpression"] = query.only.text
        if query.limit is not None:
            payload["Limit"] = query.limit
        if query.start is not None:
            payload["ExclusiveStartKey"] = encode_item(query.start)
        payload |= _placeholders(query.where, query.only)
        data = await self._run("Query", payload)
        last = data.get("LastEvaluatedKey")
        return Page(tuple(decode_item(item) for item in data["Items"]), decode_item(last) if last else None)

    async def put_item(self, table: str, item: Mapping[str, Any], *, when: Expr | None = None) -> None:
        """Write the item; ConditionFailed with the stored item when `when` does not hold."""
        answer = await self._write("PutItem", _put(Put(table, item, when)), repeatable=True)
        if answer.code != "ConditionalCheckFailedException":
            return
        stored = _stored(answer.data)
        if not (answer.repeated and stored == decode_item(encode_item(item))):
            raise ConditionFailed("dynamodb.PutItem", stored, request_id=answer.request_id)

    async def update_item(self, update: Update, *, returns: Returns = "NONE", idempotent: bool = False) -> Item | None:
        """Change the item; the attributes asked for by `returns`. Say `idempotent` only if applying it twice is as good as once."""
        payload = {**_update(update), "ReturnValues": returns}
        answer = await self._write("UpdateItem", payload, repeatable=idempotent)
        if answer.code:
            raise ConditionFailed("dynamodb.UpdateItem", _stored(answer.data), request_id=answer.request_id)
        return decode_item(answer.data["Attributes"]) if "Attributes" in answer.data else None

    async def delete_item(self, table: str, key: Mapping[str, Any], *, when: Expr | None = None) -> None:
        """Remove the item. With `when`, a lost answer raises OutcomeUnknown: a repetition could not tell who removed it."""
        answer = await self._write("DeleteItem", _delete(Delete(table, key, when)), repeatable=when is None)
        if answer.code:
            raise ConditionFailed("dynamodb.DeleteItem", _stored(answer.data), request_id=answer.request_id)

    async def transact_write(self, writes: Sequence[Write], *, token: str, patient: bool = True) -> None:
        """All or nothing, at most 100 writes on different items, one operation per item.

        `token` (1 to 36 characters) makes it idempotent for ten minutes: the same token with the same writes is applied once, so a
        caller may also repeat it after StoreUnavailable. Conflicts with other writers are retried here; with `patient` False they are raised at
        once, for a caller that learns from them.
        """
        if not 1 <= len(token) <= 36:
            raise ValueError("a transaction token has 1 to 36 characters")
        payload = {"TransactItems": [_transact(write) for write in writes], "ClientRequestToken": token}
        answer = await self._send(
            "TransactWriteItems", payload, repeatable=True, transient=_passing_conflict if patient else None
        )
        if answer.code == "TransactionCanceledException":
            raise _cancelled(answer)
        if answer.code:
            raise refusal(Call("dynamodb", "TransactWriteItems"), answer)

    async def _run(self, operation: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        answer = await self._send(operation, payload, repeatable=True)
        if answer.code:
            raise refusal(Call("dynamodb", operation), answer)
        return answer.data

    async def _write(self, operation: str, payload: dict[str, Any], *, repeatable: bool) -> Answer:
        """A success or a failed condition."""
        answer = await self._send(operation, payload, repeatable=repeatable)
        if answer.code and answer.code != "ConditionalCheckFailedException":
            raise refusal(Call("dynamodb", operation), answer)
        return answer

    async def _send(
        self, operation: str, payload: Mapping[str, Any], *, repeatable: bool, transient: Transient | None = None
    ) -> Answer:
        try:
            body = orjson.dumps(payload)
        except TypeError:
            raise NotStorable("a text holds a lone surrogate, which UTF-8 cannot carry") from None
        headers = (_JSON, ("x-amz-target", f"DynamoDB_20120810.{operation}"))
        call = Call("dynamodb", operation, body, headers=headers, repeatable=repeatable)
        return await self._session.call(call, transient)


def _placeholders(*expressions: Expr | None) -> dict[str, Any]:
    """ExpressionAttributeNames and -Values of all expressions of one request; a placeholder cannot stand for two things."""
    names: dict[str, str] = {}
    values: dict[str, Any] = {}
    for expression in expressions:
        if expression is None:
            continue
        for placeholder, name in expression.names.items():
            if names.setdefault(placeholder, name) != name:
                raise ValueError(f"{placeholder} stands for two names")
        for placeholder, value in expression.values.items():
            if values.setdefault(placeholder, value) != value:
                raise ValueError(f"{placeholder} stands for two values")
    found: dict[str, Any] = {"ExpressionAttributeNames": names} if names else {}
    if values:
        found["ExpressionAttributeValues"] = {name: encode(value) for name, value in values.items()}
    return found


def _condition(when: Expr | None, *others: Expr) -> dict[str, Any]:
    found = _placeholders(when, *others)
    if when is not None:
        found["ConditionExpression"] = when.text
        found["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
    return found


def _put(write: Put) -> dict[str, Any]:
    return {"TableName": write.table, "Item": encode_item(write.item), **_condition(write.when)}


def _update(write: Update) -> dict[str, Any]:
    fixed = {"TableName": write.table, "Key": encode_item(write.key), "UpdateExpression": write.change.text}
    return {**fixed, **_condition(write.when, write.change)}


def _delete(write: Delete) -> dict[str, Any]:
    return {"TableName": write.table, "Key": encode_item(write.key), **_condition(write.when)}


def _transact(write: Write) -> dict[str, Any]:
    if isinstance(write, Put):
        return {"Put": _put(write)}
    if isinstance(write, Update):
        return {"Update": _update(write)}
    if isinstance(write, Delete):
        return {"Delete": _delete(write)}
    return {"ConditionCheck": {"TableName": write.table, "Key": encode_item(write.key), **_condition(write.when)}}


def _stored(data: Mapping[str, Any]) -> Item | None:
    return decode_item(data["Item"]) if data.get("Item") else None


def _reasons(answer: Answer) -> tuple[Reason, ...]:
    listed = answer.data.get("CancellationReasons") or ()
    return tuple(Reason(str(entry.get("Code", "None")), _stored(entry)) for entry in listed)


def _passing_conflict(answer: Answer) -> bool:
    """Cancelled for nothing but other writers or the rate."""
    if answer.code != "TransactionCanceledException":
        return False
    codes = {reason.code for reason in _reasons(answer)}
    return codes <= _PASSING and codes != {"None"} and bool(codes)


def _cancelled(answer: Answer) -> AwsFault:
    reasons = _reasons(answer)
    kind = TransactionConflict if _passing_conflict(answer) else TransactionCancelled
    return kind("dynamodb.TransactWriteItems", reasons, request_id=answer.request_id)

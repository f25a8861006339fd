"""Round trips with the local AWS; boto3 reads what we write and the other way round."""

from __future__ import annotations

import asyncio

import pytest
from boto3.dynamodb.types import TypeDeserializer

from gateway.aws.dynamodb import Check, Delete, DynamoDB, Expr, Put, Query, Update
from gateway.aws.faults import ConditionFailed, NotFound, Rejected, TransactionCancelled
from gateway.aws.session import AwsSession

pytestmark = pytest.mark.stack

KEY = {"pk": "a", "sk": "1"}
ITEM = {
    **KEY,
    "n": 12345678901234567890,
    "t": True,
    "x": None,
    "b": b"\x00\xff",
    "l": [1, "é", {"a": -1}],
    "e": "",
    "m": {},
}
ABSENT = Expr("attribute_not_exists(pk)")


def _add(table: str, amount: int) -> Update:
    return Update(table, KEY, Expr("ADD #n :n", {"#n": "n"}, {":n": amount}))


async def test_an_item_comes_back_as_it_went_and_boto3_agrees(
    db: DynamoDB, table: str, boto, session: AwsSession
) -> None:
    await db.put_item(table, ITEM)
    assert await db.get_item(table, KEY, consistent=True) == ITEM
    theirs = boto("dynamodb").get_item(TableName=table, Key={"pk": {"S": "a"}, "sk": {"S": "1"}})["Item"]
    assert TypeDeserializer().deserialize({"M": theirs}) == ITEM
    assert session.calls == {"dynamodb.PutItem": 1, "dynamodb.GetItem": 1}


async def test_absent_item_is_none(db: DynamoDB, table: str) -> None:
    assert await db.get_item(table, {"pk": "no", "sk": "no"}) is None


async def test_batch_get(db: DynamoDB, table: str) -> None:
    for number in range(3):
        await db.put_item(table, {"pk": "a", "sk": str(number)})
    found = await db.batch_get_item(table, [{"pk": "a", "sk": str(number)} for number in (0, 2, 9)])
    assert sorted(item["sk"] for item in found) == ["0", "2"]


async def test_query_pages_both_ways(db: DynamoDB, table: str) -> None:
    for number in range(5):
        await db.put_item(table, {"pk": "a", "sk": str(number), "n": number})
    where = Expr("pk = :p AND sk > :s", values={":p": "a", ":s": "0"})
    first = await db.query(Query(table, where, limit=3))
    rest = await db.query(Query(table, where, limit=3, start=first.next))
    assert [item["sk"] for item in first.items + rest.items] == ["1", "2", "3", "4"]
    assert rest.next is None
    last = await db.query(Query(table, where, limit=1, forward=False))
    assert last.items[0]["sk"] == "4"
    even = Expr("#n = :two", {"#n": "n"}, {":two": 2})
    assert [item["n"] for item in (await db.query(Query(table, where, only=even))).items] == [2]


async def test_a_failed_condition_shows_the_item_in_the_way(db: DynamoDB, table: str) -> None:
    await db.put_item(table, ITEM, when=ABSENT)
    with pytest.raises(ConditionFailed) as failed:
        await db.put_item(table, {**KEY, "n": 2}, when=ABSENT)
    assert failed.value.item == ITEM


async def test_update_returns_what_was_asked_for(db: DynamoDB, table: str) -> None:
    assert await db.update_item(_add(table, 5)) is None
    assert await db.update_item(_add(table, 2), returns="UPDATED_NEW") == {"n": 7}
    cap = Expr("#n <= :cap", {"#n": "n"}, {":cap": 7})
    assert await db.update_item(Update(table, KEY, _add(table, 1).change, cap), returns="ALL_NEW") == {**KEY, "n": 8}
    with pytest.raises(ConditionFailed) as failed:
        await db.update_item(Update(table, KEY, _add(table, 1).change, cap))
    assert failed.value.item == {**KEY, "n": 8}


async def test_delete(db: DynamoDB, table: str) -> None:
    await db.put_item(table, ITEM)
    with pytest.raises(ConditionFailed):
        await db.delete_item(table, KEY, when=Expr("n = :n", values={":n": 1}))
    await db.delete_item(table, KEY)
    await db.delete_item(table, KEY)
    assert await db.get_item(table, KEY) is None


async def test_transaction_is_all_or_nothing_and_names_the_culprit(db: DynamoDB, table: str) -> None:
    await db.put_item(table, {**KEY, "n": 1})
    await db.put_item(table, {"pk": "gone", "sk": "1"})
    other = {"pk": "b", "sk": "1"}
    writes = [_add(table, 1), Put(table, other, ABSENT), Delete(table, {"pk": "gone", "sk": "1"})]
    await db.transact_write([*writes, Check(table, {"pk": "c", "sk": "1"}, ABSENT)], token="one")
    with pytest.raises(TransactionCancelled) as cancelled:
        await db.transact_write([_add(table, 1), Put(table, other, ABSENT)], token="two")
    assert [reason.code for reason in cancelled.value.reasons] == ["None", "ConditionalCheckFailed"]
    assert cancelled.value.reasons[1].item == other
    assert (await db.get_item(table, KEY))["n"] == 2


async def test_a_token_applies_a_transaction_once(db: DynamoDB, table: str) -> None:
    for _ in range(3):
        await db.transact_write([_add(table, 1)], token="the-same")
    assert (await db.get_item(table, KEY))["n"] == 1
    with pytest.raises(Rejected, match="IdempotentParameterMismatch"):
        await db.transact_write([_add(table, 2)], token="the-same")


async def test_concurrent_writers_lose_nothing(db: DynamoDB, table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # An answer after two seconds counts as lost, and a busy machine takes longer for fifty; how long it takes is not the question here.
    attempt = AwsSession._attempt
    monkeypatch.setattr(
        AwsSession, "_attempt", lambda self, call, _seconds, repeated: attempt(self, call, 60.0, repeated)
    )
    await asyncio.gather(*(db.update_item(_add(table, 1)) for _ in range(50)))
    assert (await db.get_item(table, KEY))["n"] == 50


async def test_refusals(db: DynamoDB, table: str) -> None:
    with pytest.raises(NotFound, match=r"dynamodb\.GetItem: ResourceNotFoundException \(AWS request .+\)"):
        await db.get_item("no-such-table", KEY)
    with pytest.raises(Rejected) as rejected:
        await db.get_item(table, {"pk": "secret-looking value"})
    assert "secret-looking" not in str(rejected.value)


@pytest.mark.parametrize("token", ["", "x" * 37])
async def test_a_bad_token_is_refused_before_anything_is_sent(
    db: DynamoDB, table: str, session: AwsSession, token: str
) -> None:
    with pytest.raises(ValueError, match="token"):
        await db.transact_write([_add(table, 1)], token=token)
    assert not session.calls


async def test_a_placeholder_has_one_meaning(db: DynamoDB, table: str) -> None:
    with pytest.raises(ValueError, match=":n stands for two values"):
        await db.update_item(Update(table, KEY, _add(table, 1).change, Expr("n < :n", values={":n": 3})))
    with pytest.raises(ValueError, match="#n stands for two names"):
        await db.update_item(Update(table, KEY, _add(table, 1).change, Expr("#n < :m", {"#n": "other"}, {":m": 3})))

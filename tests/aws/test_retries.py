"""Faults on the way: what is repeated, what is not, and that nothing is applied twice."""

from __future__ import annotations

import asyncio
import json

import pytest
from tests.aws.conftest import IMPATIENT, new_session
from tests.aws.faulty import DROP_AFTER, DROP_BEFORE, GARBAGE, HALF, HANG, Faulty, refuse

from gateway.aws import faults
from gateway.aws.dynamodb import DynamoDB, Expr, Put, Update
from gateway.aws.retries import Policy, Quota
from gateway.aws.session import AwsSession, Call

KEY = {"pk": "a", "sk": "1"}
ABSENT = Expr("attribute_not_exists(pk)")
EMPTY = (200, b"{}")
THROTTLED = refuse(400, "ThrottlingException")
LOST = [DROP_BEFORE, HALF, GARBAGE, refuse(500, "InternalServerError"), (503, b"<html>overloaded</html>"), (502, b"")]


def _add(table: str, amount: int = 1) -> Update:
    return Update(table, KEY, Expr("ADD n :n", values={":n": amount}))


async def _closing(session: AwsSession, work):
    try:
        return await work
    finally:
        await session.close()


@pytest.mark.parametrize("fault", [*LOST, THROTTLED, (429, b"")], ids=str)
async def test_a_read_survives_one_fault(faulty: Faulty, fault: object) -> None:
    faulty.script = [fault, (200, json.dumps({"Item": {"pk": {"S": "a"}}}).encode())]
    session = new_session(faulty.url)
    assert await _closing(session, DynamoDB(session).get_item("ttt", KEY)) == {"pk": "a"}
    assert session.calls == {"dynamodb.GetItem": 2}


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (THROTTLED, faults.Throttled),
        (refuse(500, "InternalServerError"), faults.Unreachable),
        (DROP_BEFORE, faults.Unreachable),
    ],
)
async def test_attempts_are_bounded(faulty: Faulty, fault: object, kind: type[Exception]) -> None:
    faulty.script = [fault] * 10
    session = new_session(faulty.url)
    with pytest.raises(kind):
        await _closing(session, DynamoDB(session).get_item("ttt", KEY))
    assert len(faulty.seen) == 4


async def test_a_refusal_is_not_repeated(faulty: Faulty) -> None:
    faulty.script = [refuse(400, "ValidationException")]
    session = new_session(faulty.url)
    with pytest.raises(faults.Rejected, match="ValidationException"):
        await _closing(session, DynamoDB(session).get_item("ttt", KEY))
    assert len(faulty.seen) == 1


async def test_nobody_listening(faulty: Faulty) -> None:
    session = new_session("http://127.0.0.1:1")
    with pytest.raises(faults.Unreachable) as unreachable:
        await _closing(session, DynamoDB(session).update_item(_add("ttt")))
    # Certainly not delivered, so even an update was tried again, and the outcome is known: nothing happened.
    assert not isinstance(unreachable.value, faults.OutcomeUnknown)
    assert session.calls["dynamodb.UpdateItem"] == 4


async def test_one_attempt_is_bounded_in_time(faulty: Faulty) -> None:
    faulty.script = [HANG, EMPTY]
    session = new_session(faulty.url)
    answer = await _closing(session, session.call(Call("dynamodb", "GetItem", b"{}", seconds=0.1)))
    assert answer.code == ""
    assert answer.repeated
    assert len(faulty.seen) == 2


async def test_one_call_is_bounded_in_time(faulty: Faulty) -> None:
    faulty.script = [HANG] * 10
    session = new_session(faulty.url, Policy(attempts=10, base=0.0, total=0.3))
    async with asyncio.timeout(5):
        with pytest.raises(faults.Unreachable, match="timeout"):
            await _closing(session, session.call(Call("dynamodb", "GetItem", b"{}", seconds=0.1)))
    assert 2 <= len(faulty.seen) <= 4


@pytest.mark.parametrize("fault", LOST, ids=str)
async def test_an_update_whose_answer_is_lost_is_not_repeated(faulty: Faulty, fault: object) -> None:
    faulty.script = [fault]
    session = new_session(faulty.url)
    with pytest.raises(faults.OutcomeUnknown):
        await _closing(session, DynamoDB(session).update_item(_add("ttt")))
    assert len(faulty.seen) == 1


async def test_a_throttled_update_is_repeated(faulty: Faulty) -> None:
    faulty.script = [THROTTLED, THROTTLED, EMPTY]
    session = new_session(faulty.url)
    await _closing(session, DynamoDB(session).update_item(_add("ttt")))
    assert len(faulty.seen) == 3


async def test_the_quota_ends_a_storm(faulty: Faulty) -> None:
    faulty.script = [THROTTLED] * 1000
    session = new_session(faulty.url)
    db = DynamoDB(session)
    for _ in range(40):
        with pytest.raises(faults.Throttled):
            await db.get_item("ttt", KEY)
    await session.close()
    assert len(faulty.seen) == 40 + 50  # fifty retries in all, not three for each


def test_the_quota_refills_with_success() -> None:
    quota = Quota(1)
    assert quota.take()
    assert not quota.take()
    for _ in range(5):
        quota.give_back(0.2)
    assert quota.take()
    quota.give_back(100)
    assert [quota.take(), quota.take()] == [True, False]


def test_pauses_have_full_jitter_and_a_cap() -> None:
    policy = Policy(base=0.025, cap=1.0)
    assert policy.pause(1, 0.0) == 0.0
    assert policy.pause(1, 0.5) == 0.025
    assert policy.pause(30, 0.999) < 1.0


async def test_cancelling_a_call_leaves_the_session_usable(faulty: Faulty) -> None:
    faulty.script = [HANG, EMPTY]
    session = new_session(faulty.url)
    task = asyncio.create_task(session.call(Call("dynamodb", "GetItem", b"{}")))
    while not faulty.seen:
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await _closing(session, session.call(Call("dynamodb", "GetItem", b"{}")))).code == ""


async def test_transaction_conflicts_are_retried_and_then_named(faulty: Faulty) -> None:
    reasons = [{"Code": "None"}, {"Code": "TransactionConflict"}]
    conflict = (400, json.dumps({"__type": "x#TransactionCanceledException", "CancellationReasons": reasons}).encode())
    faulty.script = [conflict, EMPTY, *[conflict] * 4]
    session = new_session(faulty.url)
    db = DynamoDB(session)
    await db.transact_write([_add("ttt")], token="t")
    bodies = [json.loads(request.partition(b"\r\n\r\n")[2]) for request in faulty.requests]
    assert bodies[0] == bodies[1]
    with pytest.raises(faults.TransactionConflict) as failed:
        await db.transact_write([_add("ttt")], token="u")
    await session.close()
    assert [reason.code for reason in failed.value.reasons] == ["None", "TransactionConflict"]
    assert len(faulty.seen) == 6


async def test_what_batch_get_leaves_out_is_asked_for_again(faulty: Faulty) -> None:
    keys = [{"pk": {"S": name}, "sk": {"S": "1"}} for name in "ab"]
    part = {"Responses": {"ttt": [keys[0]]}, "UnprocessedKeys": {"ttt": {"Keys": [keys[1]]}}}
    rest = {"Responses": {"ttt": [keys[1]]}, "UnprocessedKeys": {}}
    none = {"Responses": {}, "UnprocessedKeys": part["UnprocessedKeys"]}
    faulty.script = [(200, json.dumps(answer).encode()) for answer in (part, rest, *[none] * 5)]
    session = new_session(faulty.url)
    db = DynamoDB(session)
    found = await db.batch_get_item("ttt", [{"pk": "a", "sk": "1"}, {"pk": "b", "sk": "1"}])
    assert [item["pk"] for item in found] == ["a", "b"]
    with pytest.raises(faults.Throttled):
        await db.batch_get_item("ttt", [{"pk": "b", "sk": "1"}])
    await session.close()


@pytest.mark.stack
class TestAnswerDroppedAfterCommit:
    """The backend did it; the client never heard."""

    @pytest.fixture
    async def lossy(self, faulty_aws: Faulty):
        session = new_session(faulty_aws.url, IMPATIENT)
        yield DynamoDB(session)
        await session.close()

    async def test_a_put_is_repeated_and_is_there_once(
        self, lossy: DynamoDB, db: DynamoDB, faulty_aws: Faulty, table: str
    ) -> None:
        faulty_aws.script = [DROP_AFTER]
        await lossy.put_item(table, {**KEY, "n": 1})
        assert faulty_aws.seen == ["PutItem", "PutItem"]
        assert await db.get_item(table, KEY) == {**KEY, "n": 1}

    async def test_a_conditional_put_recognises_its_own_item(
        self, lossy: DynamoDB, faulty_aws: Faulty, table: str
    ) -> None:
        faulty_aws.script = [DROP_AFTER]
        await lossy.put_item(table, {**KEY, "owner": "me", "n": 10**20}, when=ABSENT)
        assert faulty_aws.seen == ["PutItem", "PutItem"]

    async def test_a_conditional_put_does_not_take_anothers_item_for_its_own(
        self, lossy: DynamoDB, db: DynamoDB, faulty_aws: Faulty, table: str
    ) -> None:
        await db.put_item(table, {**KEY, "owner": "they"})
        faulty_aws.script = [DROP_AFTER]
        with pytest.raises(faults.ConditionFailed):
            await lossy.put_item(table, {**KEY, "owner": "me"}, when=ABSENT)
        # And without a lost answer, an equal item is still somebody else's.
        with pytest.raises(faults.ConditionFailed):
            await lossy.put_item(table, {**KEY, "owner": "they"}, when=ABSENT)

    async def test_an_addition_is_applied_once_and_the_doubt_is_told(
        self, lossy: DynamoDB, db: DynamoDB, faulty_aws: Faulty, table: str
    ) -> None:
        faulty_aws.script = [DROP_AFTER]
        with pytest.raises(faults.OutcomeUnknown):
            await lossy.update_item(_add(table))
        assert (await db.get_item(table, KEY))["n"] == 1

    async def test_an_idempotent_update_is_repeated(
        self, lossy: DynamoDB, db: DynamoDB, faulty_aws: Faulty, table: str
    ) -> None:
        faulty_aws.script = [DROP_AFTER]
        await lossy.update_item(Update(table, KEY, Expr("SET n = :n", values={":n": 7})), idempotent=True)
        assert faulty_aws.seen == ["UpdateItem", "UpdateItem"]
        assert (await db.get_item(table, KEY))["n"] == 7

    async def test_a_transaction_is_repeated_under_its_token(
        self, lossy: DynamoDB, db: DynamoDB, faulty_aws: Faulty, table: str
    ) -> None:
        faulty_aws.script = [DROP_AFTER, DROP_AFTER]
        await lossy.transact_write([_add(table), Put(table, {"pk": "b", "sk": "1"}, ABSENT)], token="once")
        assert len(faulty_aws.seen) == 3
        assert (await db.get_item(table, KEY))["n"] == 1

    async def test_deletes(self, lossy: DynamoDB, db: DynamoDB, faulty_aws: Faulty, table: str) -> None:
        await db.put_item(table, KEY)
        faulty_aws.script = [DROP_AFTER]
        await lossy.delete_item(table, KEY)
        assert faulty_aws.seen == ["DeleteItem", "DeleteItem"]
        faulty_aws.script = [DROP_AFTER]
        with pytest.raises(faults.OutcomeUnknown):
            await lossy.delete_item(table, KEY, when=Expr("attribute_exists(pk)"))

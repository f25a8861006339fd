"""One idempotency key, many clients, several processes: one call of the provider, one charge, one answer."""

from __future__ import annotations

import asyncio
from collections import Counter

from tests.e2e.fleet import eventually
from tests.e2e.limits_client import Told
from tests.e2e.limits_room import Fleet, Room, chat, cost, fleet_in, streamed
from tests.upstream.journal import Recorded
from tests.upstream.steps import Steps, gated

from gateway.aws.attributes import decode_item, encode_item

OUTPUT = 40
EVENTS = streamed(OUTPUT)
GATES = [*(f"part-{number}" for number in range(len(EVENTS))), "part-end"]
MANY = 20
HEADER = {"idempotency-key": "order 66"}
BODY = chat(OUTPUT, stream=True, stream_options={"include_usage": True})


def slowly(_: Recorded) -> Steps:
    """A stream that waits for its gates."""
    return gated(EVENTS)


async def protected(fleet: Fleet, count: int, body: dict[str, object] = BODY) -> list[Told]:
    """So many requests under one key at the same moment, through all processes."""
    each = [fleet.environments[number % len(fleet.environments)] for number in range(count)]
    return list(await asyncio.gather(*(one.ask("dollar", body, headers=HEADER) for one in each)))


async def race(fleet: Fleet) -> list[Told]:
    """Many at once; the provider answers when all but one were told to come back."""
    each = [fleet.environments[number % len(fleet.environments)] for number in range(MANY)]
    asking = [asyncio.ensure_future(one.ask("dollar", BODY, headers=HEADER)) for one in each]
    while sum(one.done() for one in asking) < MANY - 1:
        await asyncio.wait([one for one in asking if not one.done()], return_when=asyncio.FIRST_COMPLETED)
    await asyncio.to_thread(eventually, lambda: fleet.upstream.journal)
    fleet.upstream.open(*GATES)
    return list(await asyncio.gather(*asking))


def lease_over(fleet: Fleet) -> None:
    """Time passes: the claim of a killed process ends."""
    table = fleet.books.tables.state
    (item,) = [one for one in fleet.books.client.scan(TableName=table)["Items"] if one["pk"]["S"].startswith("replay#")]
    fleet.books.client.put_item(TableName=table, Item=encode_item({**decode_item(item), "expires_ms": 1}))


def test_twenty_at_once_are_one_call_and_one_charge_and_all_have_its_answer_afterwards(limits_room: Room) -> None:
    with fleet_in(limits_room, warm=["dollar"]) as fleet:
        fleet.upstream.add(slowly)
        found = asyncio.run(race(fleet))
        assert Counter(told.status for told in found) == {200: 1, 409: MANY - 1}
        first = next(told for told in found if told.status == 200)
        assert first.whole
        assert all(told.headers["retry-after"] == "1" for told in found if told.status == 409)
        fleet.books.settled()
        again = asyncio.run(protected(fleet, MANY))
        assert {(told.status, told.body) for told in again} == {(200, first.body)}
        assert {told.headers["x-gateway-replay"] for told in again} == {"true"}
        assert first.body == b"".join(EVENTS)
        other = asyncio.run(protected(fleet, 3, {**BODY, "temperature": 0.5}))
        assert [told.status for told in other] == [422] * 3
        assert len(fleet.upstream.journal) == 1
        fleet.books.settled()
        assert fleet.books.balance("key#dollar") == cost(OUTPUT)
        assert len(fleet.books.rows()) == 2 * MANY + 3
    print(
        f"\nidempotency key: {MANY} at once by 3 processes: 1 call, 1 charge, {MANY - 1} told 409, {MANY} replayed, 3 told 422"
    )


def test_a_killed_process_blocks_its_key_until_its_lease_ends(limits_room: Room) -> None:
    with fleet_in(limits_room, warm=["dollar"]) as fleet:
        fleet.upstream.add(slowly)

        async def killed() -> Told:
            asking = asyncio.ensure_future(fleet.environments[0].ask("dollar", BODY, headers=HEADER))
            await asyncio.to_thread(eventually, lambda: fleet.upstream.journal)
            await asyncio.to_thread(fleet.killed, fleet.environments[0])
            return await asking

        assert not asyncio.run(killed()).whole
        assert [told.status for told in asyncio.run(protected(fleet, 6))] == [409] * 6
        lease_over(fleet)
        fleet.upstream.open(*GATES)
        found = asyncio.run(protected(fleet, 6))
        statuses = Counter(told.status for told in found)
        assert set(statuses) <= {200, 409}
        fleet.books.settled(but=1)
        replayed = asyncio.run(protected(fleet, 6))
        assert {(told.status, told.body) for told in replayed} == {(200, b"".join(EVENTS))}
        assert len(fleet.upstream.journal) == 2
        assert fleet.books.sweep().swept == 1
        spent = fleet.books.balance("key#dollar")
        assert cost(OUTPUT) < spent < 2 * cost(OUTPUT)
    print(
        f"\nidempotency key of a killed process: 409 until its lease ends, then 1 call more, charged ${spent / 10**9:.9f}"
    )

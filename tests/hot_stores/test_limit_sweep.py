"""The sweep of expired holds: each ended once, charged what is known, by however many sweeps, and none that is still somebody's."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.backends import get_backend
from tests.hot_stores.conftest import REGION, create
from tests.moto_session import MotoSession

from gateway.aws.attributes import decode_item, encode_item
from gateway.clock import Clock
from gateway.neutral.limits import Held, Period, Spent
from gateway.neutral.logrow import Caller, LogRow
from gateway.stores.limit_items import HOLD_LIFE_MS, Hold, Tables, correct, counters_key, hold_item, renew, swept
from gateway.stores.limit_sweep import LimitSweep, Swept
from gateway.stores.limit_tidy import outdated, tidy
from gateway.stores.log_items import to_item

TABLES = Tables("state", "logs")
START_MS = 1_790_000_000_000
DAY: tuple[Period, int] = ("day", 1_789_948_800)
KNOWN = Spent(30, 7)


class Room:
    """Two tables, a clock, and requests that were admitted and died."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.now_ms = START_MS
        self.clock = Clock(lambda: self.now_ms / 1000, lambda: self.now_ms / 1000)
        self.sessions: list[MotoSession] = []
        self.ids = 0

    def sweeper(self) -> LimitSweep:
        session = MotoSession(self.client)
        self.sessions.append(session)
        return LimitSweep(session.database(), TABLES, self.clock)

    async def sweep(self, seconds: float = 30.0) -> Swept:
        return await self.sweeper().run(seconds)

    def put(self, table: str, item: dict[str, Any]) -> None:
        self.client.put_item(TableName=table, Item=encode_item(item))

    def admit(self, nano: int = 500, known: Spent = KNOWN, row: bool = True, *held: Held) -> Hold:
        """A request as it stands after its admission: counters, hold, start row."""
        self.ids += 1
        identifier = f"req_{self.now_ms:012x}7{self.ids:03x}8{'0' * 14}{self.ids % 16:x}"
        mine = held or (Held("key", "k1", nano=nano, windows=(DAY, ("total", 0)), slot=True),)
        hold = Hold(identifier, mine, self.now_ms, self.now_ms + HOLD_LIFE_MS, known)
        self.put("state", hold_item(hold))
        for one in mine:
            counters = self.counters(one.kind, one.id)
            for period, start in one.windows:
                for name in (f"{period}_{start}", f"{period}_{start}_held"):
                    counters[name] = int(counters.get(name, 0)) + one.nano
            counters["running"] = int(counters.get("running", 0)) + 1
            self.put("state", counters)
        if row:
            self.put("logs", to_item(self.start_row(hold)))
        return hold

    def start_row(self, hold: Hold) -> LogRow:
        caller = Caller(key_id="k1", client="curl")
        return LogRow(
            hold.request_id, hold.at_ms, "POST", "/v1/x", "openai", 0, 1_800_000_000, state="running", caller=caller
        )

    def counters(self, kind: Any = "key", identifier: str = "k1") -> dict[str, Any]:
        key = counters_key(kind, identifier)
        return decode_item(
            self.client.get_item(TableName="state", Key=encode_item(key)).get("Item") or encode_item(key)
        )

    def items(self, table: str, prefix: str = "") -> list[dict[str, Any]]:
        found = [decode_item(item) for item in self.client.scan(TableName=table, ConsistentRead=True)["Items"]]
        return [item for item in found if item["pk"].startswith(prefix)]

    def after(self, milliseconds: int) -> None:
        self.now_ms += milliseconds


@pytest.fixture(scope="module")
def _moto() -> Iterator[Any]:
    patch = pytest.MonkeyPatch()
    patch.setenv("AWS_ACCESS_KEY_ID", "test")
    patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with mock_aws():
        yield boto3.client("dynamodb", region_name=REGION)
    patch.undo()


@pytest.fixture
def room(_moto: Any) -> Room:
    get_backend("dynamodb")["123456789012"][REGION].reset()
    create(_moto, "state")
    create(_moto, "logs")
    return Room(_moto)


async def test_an_expired_hold_is_charged_what_is_known_and_its_row_becomes_final(room: Room) -> None:
    hold = room.admit()
    room.after(HOLD_LIFE_MS + 5)
    done = await room.sweep()
    assert (done.seen, done.swept, done.kept, done.failed, done.oldest_ms, done.good) == (1, 1, 0, 0, 5, True)
    counters = room.counters()
    assert counters["day_1789948800"] == counters["total_0"] == 30
    assert counters["day_1789948800_held"] == counters["total_0_held"] == counters["running"] == 0
    (row,) = room.items("logs")
    assert (row["state"], row["status"], row["error"], row["cost_nano"], row["swept"]) == (
        "done",
        500,
        "interrupted",
        30,
        True,
    )
    assert (row["usage_source"], row["input_tokens"], row["total_ms"]) == ("estimated", 7, HOLD_LIFE_MS + 5)
    assert (row["client"], row["path"], row["ttl"]) == ("curl", "/v1/x", 1_800_000_000)
    assert room.items("state", "hold#") == []
    assert await room.sweep() == Swept()
    assert hold.request_id == row["id"]


async def test_what_is_not_expired_stays_and_a_renewed_hold_is_somebodys(room: Room) -> None:
    hold = room.admit()
    room.after(HOLD_LIFE_MS - 1)
    assert (await room.sweep()).swept == 0
    session = MotoSession(room.client)
    await session.database().update_item(renew("state", hold.request_id, Spent(90, 9), room.now_ms))
    room.after(HOLD_LIFE_MS - 1)
    done = await room.sweep()
    assert (done.seen, done.swept, done.kept) == (1, 0, 0)
    room.after(1)
    assert (await room.sweep()).swept == 1
    assert room.counters()["total_0"] == 90


async def test_a_renewal_between_the_look_and_the_transaction_wins(room: Room) -> None:
    hold = room.admit()
    room.after(HOLD_LIFE_MS)
    sweeper = room.sweeper()
    (session,) = room.sessions
    carry_out = session._carry_out

    def renewed_first(call: Any, *, repeated: bool) -> Any:
        if call.operation == "TransactWriteItems":
            room.put("state", hold_item(replace(hold, expires_ms=room.now_ms + 1)))
        return carry_out(call, repeated=repeated)

    session._carry_out = renewed_first  # type: ignore[method-assign]
    done = await sweeper.run(30)
    assert (done.swept, done.kept, done.failed, done.good) == (0, 1, 0, True)
    assert room.counters()["total_0_held"] == 500


async def test_three_sweeps_at_once_settle_each_hold_once(room: Room) -> None:
    for _ in range(20):
        room.admit(nano=500, known=Spent(30, 7))
    room.after(HOLD_LIFE_MS)
    done = await asyncio.gather(*(room.sweep() for _ in range(3)))
    assert sum(one.swept for one in done) == 20
    assert sum(one.swept + one.kept for one in done) == sum(one.seen for one in done)
    counters = room.counters()
    assert (counters["total_0"], counters["total_0_held"], counters["running"]) == (600, 0, 0)
    assert {row["state"] for row in room.items("logs")} == {"done"}


async def test_a_lost_answer_is_no_second_charge(room: Room) -> None:
    room.admit()
    room.after(HOLD_LIFE_MS)
    sweeper = room.sweeper()
    room.sessions[0].repeating = True
    await sweeper.run(30)
    assert room.counters()["total_0"] == 30
    assert (await room.sweep()).seen == 0
    assert room.counters()["total_0_held"] == 0


async def test_without_a_start_row_one_is_built_from_the_hold(room: Room) -> None:
    user = Held("user", "ann", nano=500, windows=(("total", 0),))
    hold = room.admit(500, Spent(30, 7), False, Held("key", "k1", nano=500, windows=(("total", 0),)), user)
    room.after(HOLD_LIFE_MS)
    assert (await room.sweep()).swept == 1
    (row,) = room.items("logs")
    assert (row["id"], row["state"], row["error"], row["cost_nano"], row["key_id"], row["user_id"]) == (
        hold.request_id,
        "done",
        "interrupted",
        30,
        "k1",
        "ann",
    )
    assert swept(row) == Spent(30, 7)
    assert row["ttl"] == room.now_ms // 1000 + 30 * 86_400
    assert [room.counters(kind, name)["total_0"] for kind, name in (("key", "k1"), ("user", "ann"))] == [30, 30]


async def test_a_late_settlement_of_a_swept_request_corrects_by_the_difference(room: Room) -> None:
    for row in (True, False):
        hold = room.admit(row=row)
        room.after(HOLD_LIFE_MS)
        await room.sweep()
        (stored,) = [one for one in room.items("logs") if one["id"] == hold.request_id]
        charged = swept(stored)
        assert charged is not None
        final = to_item(replace(room.start_row(hold), state="done", status=200))
        writes = correct(TABLES, hold.held, Spent(200, 50), final, charged)
        await MotoSession(room.client).database().transact_write(writes, token=f"late-{row}")
    counters = room.counters()
    assert (counters["total_0"], counters["total_0_held"]) == (400, 0)


async def test_a_request_whose_caller_was_refused_gets_everything_back(room: Room) -> None:
    """The admission's answer was lost: the caller was told 503, and a final row says so."""
    hold = room.admit()
    refused = replace(room.start_row(hold), state="done", status=503, error="service_unavailable")
    room.put("logs", to_item(refused))
    room.after(HOLD_LIFE_MS)
    done = await room.sweep()
    assert (done.swept, done.released, done.failed) == (0, 1, 0)
    assert (room.counters()["total_0"], room.counters()["total_0_held"]) == (0, 0)
    assert room.items("logs") == [decode_item(encode_item(to_item(refused)))]


async def test_a_token_balance_pays_what_is_known(room: Room) -> None:
    room.put("state", {"pk": "balance#ann", "sk": "balance", "available": 900, "held": 100, "used": 0, "room": 10**18})
    hold = room.admit(0, Spent(0, 7), True, Held("user", "ann", tokens=100, balance=True))
    room.client.delete_item(TableName="state", Key=encode_item(counters_key("user", "ann")))
    room.after(HOLD_LIFE_MS)
    assert (await room.sweep()).swept == 1
    balance, entry = sorted(room.items("state", "balance#ann"), key=lambda item: str(item["sk"]))
    assert (balance["available"], balance["held"], balance["used"]) == (993, 0, 7)
    assert (entry["amount"], entry["request_id"]) == (-7, hold.request_id)
    assert room.items("state", "limit#") == []


async def test_a_store_that_fails_leaves_everything_to_the_next_run(room: Room) -> None:
    room.admit()
    room.after(HOLD_LIFE_MS)
    for operation in ("Query", "TransactWriteItems"):
        sweeper = room.sweeper()
        room.sessions[-1].refused = {operation}
        done = await sweeper.run(30)
        assert (done.good, done.swept) == (False, 0)
        assert done.faults == (f"dynamodb.{operation}: AccessDeniedException",)
    assert (await room.sweep()).swept == 1


async def test_what_cannot_be_read_is_told_and_stands_in_nobodys_way(room: Room) -> None:
    room.put("state", {"pk": "hold#0", "sk": "req_0", "held": "{", "expires_ms": 1})
    room.put("state", {"pk": "hold#1", "sk": "req_1"})
    room.admit()
    room.after(HOLD_LIFE_MS)
    done = await room.sweep()
    assert (done.seen, done.swept, done.failed) == (3, 1, 2)
    assert done.faults == ("hold req_0 cannot be read", "hold req_1 cannot be read")


async def test_time_bounds_a_run_and_the_oldest_go_first(room: Room) -> None:
    holds = []
    for _ in range(5):
        holds.append(room.admit())
        room.after(10)
    room.after(HOLD_LIFE_MS)
    sweeper = room.sweeper()
    (session,) = room.sessions
    carry_out = session._carry_out

    def slow(call: Any, *, repeated: bool) -> Any:
        if call.operation == "TransactWriteItems":
            room.after(1000)
        return carry_out(call, repeated=repeated)

    session._carry_out = slow  # type: ignore[method-assign]
    done = await sweeper.run(1.5)
    assert (done.swept, done.failed, done.finished, done.good) == (2, 3, False, False)
    left = {item["sk"] for item in room.items("state", "hold#")}
    assert left == {hold.request_id for hold in holds[2:]}
    assert (await room.sweep()).swept == 3


async def test_pages_of_a_partition_are_all_read(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(40):
        room.admit()
    room.after(HOLD_LIFE_MS)
    query = room.client.query
    monkeypatch.setattr(room.client, "query", lambda **more: query(**{**more, "Limit": 1}))
    assert (await room.sweep()).swept == 40


async def test_old_windows_of_what_was_touched_go(room: Room) -> None:
    room.admit()
    counters = room.counters()
    days = {f"day_{1_789_948_800 - 86_400 * back}": 7 for back in (1, 2, 3)}
    room.put("state", {**counters, **days, "day_1789689600_held": 0, "month_1": 3, "month_2": 3, "requests_tat": 5})
    room.after(HOLD_LIFE_MS)
    done = await room.sweep()
    assert done.tidied == 1
    left = room.counters()
    assert sorted(name for name in left if name[:3] in {"day", "mon", "tot"}) == [
        "day_1789862400",
        "day_1789948800",
        "day_1789948800_held",
        "month_1",
        "month_2",
        "total_0",
        "total_0_held",
    ]
    assert left["requests_tat"] == 5


def test_a_window_in_which_something_is_held_stays() -> None:
    one, two, three, four = (f"day_{86_400 * number}" for number in (1, 2, 3, 4))
    item = {one: 5, f"{one}_held": 2, two: 5, f"{two}_room": 4, three: 1, f"{four}_held": 0}
    assert outdated(item) == (two,)
    update = tidy("state", {**item, "pk": "limit#key#k#0", "sk": "counters"})
    assert update is not None
    assert update.when is not None
    assert sorted(update.change.names.values()) == [two, f"{two}_room"]
    assert tidy("state", {"pk": "p", "sk": "s", "day_1": 1, "total_0": 3, "other_9": 1}) is None


def test_the_present_window_stays_however_often_a_reset_was_moved() -> None:
    """Three zones on one day, three reset days in one month: the present window is the oldest by name, and the cap hangs on it."""
    noon = 100 * 86_400
    days = {f"day_{noon - 14 * 3600}": 5, f"day_{noon}": 1, f"day_{noon + 3 * 3600}": 1}
    first, fifteenth, twentieth = 1_761_955_200, 1_763_164_800, 1_763_596_800
    months = {f"month_{first}": 9, f"month_{fifteenth}": 1, f"month_{twentieth}": 1}
    assert outdated({**days, **months}) == ()

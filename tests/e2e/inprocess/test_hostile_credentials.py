"""S1, every value on every route: identical 401s, at most one look-up, of a hash, and the value itself goes nowhere."""

from __future__ import annotations

import hashlib
import re

from tests.e2e import hostile
from tests.e2e.test_hostile_keys import BODY, HOW, ROUTES, nameless
from tests.exchange.kit import KEY, Door, release_for


def header(how: bytes, value: bytes) -> tuple[str, str]:
    """A credential header as latin-1 text, which stands for the same bytes."""
    return how.decode(), (b"Bearer " + value if how == b"authorization" else value).decode("latin-1")


async def test_every_value_on_every_route() -> None:
    door = Door(release_for("http://127.0.0.1:9"))
    found = hostile.values(KEY)
    answers: dict[tuple[str, str, bool], set[tuple[bytes, frozenset[bytes]]]] = {}
    statuses = set()
    for route in ROUTES:
        for number, value in enumerate(found):
            how = HOW[number % len(HOW)]
            door.keys.asked.clear()
            answer = await door.ask(*route, BODY, [header(how, value)])
            statuses.add(answer.status)
            # A list of models is asked for in the dialect that the key's header belongs to.
            wording = (*route, how == b"x-goog-api-key")
            answers.setdefault(wording, set()).add(
                (nameless(answer.body), frozenset(name for name, _ in answer.headers))
            )
            assert len(door.keys.asked) <= 1
            assert all(re.fullmatch(r"[0-9a-f]{64}", digest) for digest in door.keys.asked)
    count = len(found) * len(ROUTES)
    print(
        f"\nS1 in process: {count} requests, {len(found)} values on {len(ROUTES)} routes, statuses {sorted(statuses)}"
    )
    assert statuses == {401}
    assert all(len(seen) == 1 for seen in answers.values())
    assert len(door.logs.rows) == count
    assert all(row.status == 401 and row.caller.key_id is None for row in door.logs.rows)


async def test_the_lookup_is_of_the_hash_and_a_good_key_opens() -> None:
    door = Door(release_for("http://127.0.0.1:9"))
    answer = await door.ask("GET", "/v1/models", headers=[header(b"authorization", KEY.encode())])
    assert answer.status == 200
    assert door.keys.asked == [hashlib.sha256(KEY.encode()).hexdigest()]


async def test_values_that_name_nothing_cost_no_lookup() -> None:
    door = Door(release_for("http://127.0.0.1:9"))
    for value in (b"", b" ", b"A" * 1_000_000, b"\xff" * 20, b"a b"):
        await door.ask("GET", "/v1/models", headers=[header(b"x-api-key", value)])
    assert door.keys.asked == []

"""A budget after a day of trouble: nothing stays held, nobody was refused for nothing. `python -m tests.bench.limits` does it 10,000 times."""

from __future__ import annotations

from tests.e2e.limits_room import Room, fleet_in
from tests.e2e.limits_trouble import accounts, trouble

REQUESTS = 1500
KILLS = 6


def test_three_in_ten_go_wrong_and_nothing_stays_held(limits_room: Room) -> None:
    with fleet_in(limits_room, warm=["many"]) as fleet:
        report = trouble(fleet, "many", REQUESTS, KILLS)
        assert report.statuses.total() == REQUESTS
        assert report.troubles.total() - report.troubles["well"] >= 0.3 * REQUESTS
        assert report.killed == KILLS
        found = accounts(fleet, "key#many", "team#green")
        assert 0.5 < found.share < 0.9
        assert report.statuses[429] == 0
    print(f"\ntrouble: {report}; {found}")

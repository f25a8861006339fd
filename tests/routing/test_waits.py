"""The waits of a request spread as they should and follow from its seed."""

from __future__ import annotations

from gateway.routing.chance import Waits


def test_waits_are_uniform_and_repeatable() -> None:
    waits = [Waits(seed).uniform(0.0, 10.0) for seed in range(20_000)]
    assert [Waits(seed).uniform(0.0, 10.0) for seed in range(100)] == waits[:100]
    counts = [sum(low <= wait < low + 1 for wait in waits) for low in range(10)]
    assert sum(counts) == 20_000
    assert all(1_800 < count < 2_200 for count in counts), counts


def test_the_waits_of_one_request_differ() -> None:
    waits = Waits(7)
    several = [waits.uniform(0.0, 1.0) for _ in range(1_000)]
    assert len(set(several)) == 1_000
    assert 0.45 < sum(several) / 1_000 < 0.55

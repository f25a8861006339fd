"""The watchdog: phases, and races at the end of an exchange."""

from __future__ import annotations

import asyncio

import pytest

from gateway.errors import UpstreamFault
from gateway.upstream.watchdog import Watchdog


def fault() -> UpstreamFault:
    return UpstreamFault("phase")


def total() -> UpstreamFault:
    return UpstreamFault("total")


def watch(seconds: float = 60.0) -> Watchdog:
    task = asyncio.current_task()
    assert task is not None
    return Watchdog(task, total=seconds, total_fault=total)


def cancelling() -> int:
    task = asyncio.current_task()
    assert task is not None
    return task.cancelling()


async def reason_of(watchdog: Watchdog) -> str:
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        reason = watchdog.reason()
        watchdog.stop()
        assert cancelling() == 0
        return str(reason)
    raise AssertionError


async def test_a_phase_and_the_total_end_the_task_and_say_which() -> None:
    watchdog = watch(30)
    watchdog.phase(0.01, fault)
    assert await reason_of(watchdog) == "phase"
    watchdog = watch(0.01)
    watchdog.phase(30, fault)
    assert await reason_of(watchdog) == "total"


async def test_touching_postpones_the_phase_but_never_the_total() -> None:
    watchdog = watch(0.12)
    watchdog.phase(0.05, fault)
    with pytest.raises(asyncio.CancelledError):  # noqa: PT012 - the loop is what is cancelled
        while True:
            await asyncio.sleep(0.01)
            watchdog.touch()
    assert str(watchdog.reason()) == "total"
    watchdog.stop()


async def test_a_bark_in_the_same_turn_as_the_end_leaves_no_cancellation() -> None:
    """The bark is called between the wake-up of the task and its next step, the narrowest place there is."""
    loop = asyncio.get_running_loop()
    watchdog = watch()
    ready: asyncio.Future[None] = loop.create_future()
    loop.call_soon(ready.set_result, None)
    loop.call_soon(watchdog.bark, UpstreamFault("late"))
    with pytest.raises(asyncio.CancelledError):
        await ready
    assert str(watchdog.reason()) == "late"
    watchdog.stop()
    assert cancelling() == 0
    await asyncio.sleep(0)


async def test_nothing_barks_after_the_stop() -> None:
    watchdog = watch()
    watchdog.stop()
    watchdog.bark(UpstreamFault("too late"))
    await asyncio.sleep(0)
    assert watchdog.reason() is None
    assert cancelling() == 0


async def test_a_bark_that_something_else_overtook_leaves_no_trace() -> None:
    watchdog = watch()
    asyncio.get_running_loop().call_soon(watchdog.bark, UpstreamFault("x"))
    with pytest.raises(OSError, match="overtook"):  # noqa: PT012 - one error overtakes the other inside
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            raise OSError("overtook") from None
    watchdog.stop()
    assert cancelling() == 0
    async with asyncio.timeout(1):
        await asyncio.sleep(0)


async def test_a_cancellation_from_elsewhere_is_not_taken_for_ours() -> None:
    async def work() -> Exception | None:
        watchdog = watch()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            return watchdog.reason()
        finally:
            watchdog.stop()
        raise AssertionError

    task = asyncio.ensure_future(work())
    await asyncio.sleep(0)
    task.cancel()
    assert await task is None


async def test_of_two_that_cancel_at_once_the_inner_one_gives_way() -> None:
    outer, inner = watch(), watch()
    inner.bark(fault())
    outer.bark(total())
    with pytest.raises(asyncio.CancelledError):
        await asyncio.Event().wait()
    assert inner.reason() is None
    inner.stop()
    assert inner.reason() is None
    assert str(outer.reason()) == "total"
    outer.stop()
    assert cancelling() == 0


async def test_a_cancellation_from_outside_is_not_taken_for_a_timeout() -> None:
    watchdog = watch()
    task = asyncio.current_task()
    assert task is not None
    watchdog.bark(fault())
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.Event().wait()
    assert watchdog.reason() is None
    assert task.uncancel() == 0


async def test_a_bark_at_a_task_that_has_ended_reaches_the_one_that_goes_on() -> None:
    made: list[Watchdog] = []

    async def other() -> None:
        made.append(watch())

    await asyncio.create_task(other())
    made[0].bark(fault())
    task = asyncio.current_task()
    assert task is not None
    made[0].rebind(task)
    assert await reason_of(made[0]) == "phase"


async def test_a_pause_is_not_the_phases_but_ends_with_the_next_touch() -> None:
    watchdog = watch(30)
    watchdog.phase(0.02, fault)
    watchdog.pause()
    await asyncio.sleep(0.07)
    assert watchdog.barked is None
    watchdog.touch()
    assert await reason_of(watchdog) == "phase"


async def test_a_pause_does_not_outlast_the_total() -> None:
    watchdog = watch(0.05)
    watchdog.phase(0.02, fault)
    watchdog.pause()
    assert await reason_of(watchdog) == "total"

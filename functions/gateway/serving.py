"""Attempts: who is called after whom, until somebody answers or nobody is left.

`gateway.routing.attempts` says who is next; `gateway.calling` calls; `gateway.delivery` passes the answer on. This module drives them,
watches the client, the clock and the wish to stop, and writes down what every call told, for the row and for the health of the fleet.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Generator
from dataclasses import dataclass, replace
from typing import Any, Final

from gateway.calling import IN_BAND, Bounds, Call
from gateway.delivery import Asked, Delivery
from gateway.errors import CannotCarry, GatewayError, NoTarget, Stopped, UpstreamFault
from gateway.hedging import Race
from gateway.ingress.http import ClientGone, watch_client
from gateway.neutral.config import Retry
from gateway.neutral.health import TargetSeen
from gateway.parts import Parts
from gateway.passage import Going
from gateway.providers import Vendor, vendor
from gateway.records import Records
from gateway.routing.attempts import Chance, Outcome, Try, Why, attempts
from gateway.routing.budget import RetryBudget
from gateway.routing.candidate import Candidate, Plan
from gateway.routing.effects import effects, of_a_stranger
from gateway.upstream import faults
from gateway.upstream.watchdog import Watchdog

# Kept back from the environment's deadline, to tell the client, settle and write the row.
_SETTLE_SECONDS: Final = 4.0
_ENDLESS: Final = 86_400.0
_PROBE_SECONDS: Final = 5.0
# A wish to stop is seen within three seconds, also where a read takes a second and the loop is late.
_STOP_POLL_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Means:
    """What a request may spend on its way, and the chance that spreads its waits."""

    retry: Retry
    budget: RetryBudget
    chance: Chance


@dataclass(frozen=True, slots=True)
class _Tried:
    """One try and what became of it; `call` None when nobody was called. `record` is its place among the row's attempts, None without one.
    `error` is a fault of ours; without one, it is the call that has the words for the client.
    """

    turn: Try
    outcome: Outcome
    call: Call | None = None
    record: int | None = None
    error: GatewayError | None = None

    @property
    def good(self) -> bool:
        return self.outcome.content


class Serving:
    """One request on its way through its plan. Made for one `run`."""

    def __init__(self, parts: Parts, asked: Asked, plan: Plan, means: Means) -> None:
        self._parts = parts
        self._asked = asked
        self._plan = plan
        self._means = means
        self._draft = asked.draft
        self._records = Records(asked.draft, parts.clock.monotonic)
        self._failure: _Tried | None = None
        self._second: Try | None = None
        self._beside: _Tried | None = None
        self._probing: set[str] = set()
        remaining = self._remaining()
        self._task = _this_task()
        self._guard = Watchdog(
            self._task, total=_ENDLESS if remaining is None else max(remaining, 0.1), total_fault=_no_time
        )
        self._delivery = Delivery(parts, asked, self._guard.reason)
        self._bounds = Bounds(parts, asked.draft, self._remaining)
        self._polling: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Answer the client, or raise why that cannot be done."""
        client = self._asked.client
        client.reply.draining = self._plan.route is not None and self._plan.route.on_disconnect == "drain"
        leaving = watch_client(client.receive, self._left)
        asking = asyncio.get_running_loop().call_later(_STOP_POLL_SECONDS, self._poll_stops)
        heart = self._delivery.heartbeat()
        try:
            await self._drive()
        except asyncio.CancelledError:
            reason = self._guard.reason()
            if reason is None:
                raise
            raise reason from None
        finally:
            self._guard.stop()
            leaving.cancel()
            asking.cancel()
            heart.stop()
            if self._polling is not None:
                self._polling.cancel()
            if self._draft.metered is not None:
                self._draft.losses = self._draft.metered.passage.losses
        if client.reply.muted:
            self._draft.gone()

    # -- what can end a request from outside -----------------------------------------------------------------------

    def _left(self) -> None:
        reply = self._asked.client.reply
        if reply.draining:
            reply.muted = True
        else:
            self._guard.bark(ClientGone())

    def _poll_stops(self) -> None:
        self._polling = asyncio.ensure_future(self._until_stopped())

    async def _until_stopped(self) -> None:
        draft = self._draft
        askers = self._asked.client.stoppers or (draft.key.id if draft.key is not None else "",)
        # A client may use its own id again: a wish from before this request meant another one.
        names = {draft.id: 0, **({draft.correlation_id: draft.time_ms} if draft.correlation_id else {})}
        wishes = [(name, asker, since) for name, since in names.items() for asker in askers]
        while not any(  # noqa: ASYNC110 - what is waited for happens in another environment; there is no event of ours
            await asyncio.gather(*(self._parts.stops.asked(*wish) for wish in wishes))
        ):
            await asyncio.sleep(_STOP_POLL_SECONDS)
        self._guard.bark(Stopped("The request was stopped on demand."))

    def _remaining(self) -> float | None:
        """Seconds of the environment's life that this request may use."""
        deadline = self._asked.client.request.deadline
        return None if deadline is None else deadline - self._parts.clock.wall() - _SETTLE_SECONDS

    # -- who is next -----------------------------------------------------------------------------------------------

    async def _drive(self) -> None:
        means = self._means
        self._records.passed_over(self._plan.skipped)
        means.budget.deposit(self._parts.clock.monotonic())
        steps = attempts(self._plan, means.retry, means.budget, means.chance)
        turn: Try | None = next(steps)
        while turn is not None:
            tried = await self._make(turn)
            following = self._follow(steps, tried)
            if tried.good:
                await self._deliver(tried)
                return
            # Who left a route that reads answers to their end does not wait for another one's.
            turn = following if not self._asked.client.reply.muted else None
        await self._give_up()

    async def _make(self, turn: Try) -> _Tried:
        """What a turn comes to. A call that was made beside the first, and failed, is not made again."""
        known = self._beside
        if known is not None and (known.turn.candidate, known.turn.key) == (turn.candidate, turn.key):
            self._beside, tried = None, replace(known, turn=turn)
        else:
            if turn.delay > 0:
                await asyncio.sleep(turn.delay)
            tried = await self._hedged(turn) if self._may_hedge(turn) else await self._open(turn)
        if tried.call is not None or (tried.error is not None and self._failure is None):
            self._failure = tried
        return tried

    def _follow(self, steps: Generator[Try, Outcome, Why], tried: _Tried) -> Try | None:
        """What comes next; the record of the attempt that was made says why."""
        outcome = replace(tried.outcome, now=self._parts.clock.monotonic(), remaining=self._remaining())
        try:
            following = steps.send(outcome)
        except StopIteration as end:
            self._records.amend(tried.record, next=str(end.value))
            return None
        self._records.amend(tried.record, next=following.why)
        return following

    async def _give_up(self) -> None:
        """Nobody is left: the last provider's own words, else the last fault of ours."""
        failed = self._failure
        if failed is not None:
            self._records.name(failed.turn, failed.call)
            if failed.error is not None:
                raise failed.error
            assert failed.call is not None
            await self._delivery.deliver(failed.call)
            return
        # The outcome is known soon; those who wait must not all come back in one moment.
        wait = round(self._means.chance.uniform(1, _PROBE_SECONDS))
        raise NoTarget(
            "Every target of this model is being tried by another request after faults; try again.",
            headers={"retry-after": str(wait)},
        )

    # -- one call --------------------------------------------------------------------------------------------------

    async def _open(self, turn: Try) -> _Tried:
        """One call, until it is known whether it will do."""
        candidate, asked = turn.candidate, self._asked
        try:
            kind = _vendor(candidate)
        except UpstreamFault as error:
            return self._skip(turn, error.code, error)
        going = Going(asked.relay, asked.peek, candidate, kind, asked.client.form, asked.client.request, self._draft.id)
        if asked.relay.count is not None and asked.relay.dialect not in kind.dialects:
            return await self._count(turn, going)
        call = Call(self._bounds, going, turn.key)
        try:
            call.prepare()
        except CannotCarry as error:
            return self._skip(turn, "cannot_carry", error)
        self._records.name(turn, call)
        if candidate.half_open and candidate.name not in self._probing and not await self._probe(candidate):
            return self._skip(turn, "probe_taken")
        return await self._called(turn, call, going)

    async def _called(self, turn: Try, call: Call, going: Going) -> _Tried:
        try:
            await call.open()
        except UpstreamFault as fault:
            call.fault = fault.code
            return self._failed(_Tried(turn, Outcome(call.status, fault.code), call, self._record(turn, call), fault))
        except asyncio.CancelledError:
            self._cancelled(turn, call)
            raise
        record = self._record(turn, call)
        if call.fault is None:
            return _Tried(turn, Outcome(call.status, None, content=True), call, record)
        await call.close()
        if call.count_here:
            return replace(await self._count(turn, going), record=record)
        return self._failed(_Tried(turn, Outcome(call.status, call.fault, retry_after=call.retry_after), call, record))

    def _failed(self, tried: _Tried) -> _Tried:
        """The fleet hears of a failed call whatever happens next: the client may leave while another call runs beside it."""
        self._see(tried)
        return tried

    def _cancelled(self, turn: Try, call: Call) -> None:
        """A call ended before it was known whether it will do: by the client, a stop, another call that was first, or the end of our time."""
        fault, late = self._why_cancelled(), isinstance(self._guard.barked, UpstreamFault)
        self._records.name(turn, call)
        self._lost(_Tried(turn, Outcome(None, fault if late else "client_gone"), call, self._record(turn, call)), fault)

    def _lost(self, tried: _Tried, fault: str) -> None:
        assert tried.call is not None
        assert tried.record is not None
        ended = "stop_time" if fault == tried.outcome.fault != "client_gone" else "stop_client_gone"
        self._records.amend(tried.record, fault=fault, next=ended if self._task.cancelling() else "stop_hedged")
        self._draft.lost.append((tried.record, tried.call.metered))
        self._see(tried)

    async def _count(self, turn: Try, going: Going) -> _Tried:
        """Counting tokens where the provider does not: no call is needed, and the answer is out at once."""
        self._records.name(turn, None)
        await self._delivery.counted(going)
        return _Tried(turn, Outcome(200, None, content=True))

    async def _probe(self, candidate: Candidate) -> bool:
        """Whether this request may try a half-open target; once won, with every key of it."""
        target, health = (candidate.provider.id, candidate.upstream_model), self._parts.health
        try:
            won = await health.probe(*target, self._draft.id)
        except asyncio.CancelledError:
            # The lease may be ours all the same.
            health.saw(TargetSeen(*target, None, self._parts.clock.now_ms(), probe=self._draft.id))
            raise
        if won:
            self._probing.add(candidate.name)
        return won

    # -- the answer ------------------------------------------------------------------------------------------------

    async def _deliver(self, tried: _Tried) -> None:
        call = tried.call
        if call is None:
            return
        self._records.name(tried.turn, call)
        if tried.turn.candidate.half_open:
            # The fleet waits for this probe: it is told at the first content, not when a long stream has ended.
            self._see(tried)
            self._draft.beside.append(asyncio.ensure_future(self._parts.health.flush()))
        fault: str | None = None
        try:
            await self._delivery.deliver(call)
            fault = "" if self._draft.error is None else IN_BAND
        except UpstreamFault as broken:
            fault = broken.code
            raise
        finally:
            await call.close()
            self._ended(tried, call, self._why_cancelled() if fault is None else fault)

    def _why_cancelled(self) -> str:
        """In one word why nobody waits for the rest: the client left, a stop was wished for, or something else ended the call."""
        reason = self._guard.barked
        return reason.code if isinstance(reason, GatewayError) else "cancelled" if reason is None else "client_gone"

    def _ended(self, tried: _Tried, call: Call, fault: str) -> None:
        """Complete the attempt's record, and tell the health board how the whole answer went."""
        total = (self._parts.clock.monotonic() - call.began) * 1000
        by_provider = fault not in {"", "cancelled", "client_gone", Stopped.code}
        ends = "stop_after_content" if by_provider else "stop_client_gone" if fault else "stop_success"
        self._records.amend(tried.record, total_ms=total, fault=fault or None, next=ends)
        if by_provider or not tried.turn.candidate.half_open:
            outcome = replace(tried.outcome, fault=fault, status=502) if by_provider else tried.outcome
            self._see(replace(tried, outcome=outcome))

    def _see(self, tried: _Tried) -> None:
        call = tried.call
        if call is None:
            return
        first = None if call.first is None else (call.first - call.began) * 1000
        probe = self._draft.id if tried.turn.candidate.half_open else None
        candidate, named = tried.turn.candidate, self._plan.route is not None or self._draft.mirror_of is not None
        for seen in effects(tried.turn, tried.outcome, self._parts.clock.now_ms(), first, probe):
            self._parts.health.saw(seen if named or candidate.model is not None else of_a_stranger(seen))

    # -- hedging ---------------------------------------------------------------------------------------------------

    def _may_hedge(self, turn: Try) -> bool:
        """Counted tokens may be the gateway's own answer, and there must be only one."""
        route = self._plan.route
        wanted = route is not None and route.hedge_seconds is not None and self._asked.relay.count is None
        return wanted and turn.number == 1 and self._rival() is not None

    def _rival(self) -> Candidate | None:
        return next((one for one in self._plan.candidates[1:] if not one.half_open), None)

    async def _hedged(self, turn: Try) -> _Tried:
        """The first call, and a second one beside it when there is no content in time. Who has content first goes on; the other is ended."""
        route, rival = self._plan.route, self._rival()
        assert route is not None
        assert route.hedge_seconds is not None
        assert rival is not None
        second = self._second = Try(rival, rival.keys[0] if rival.keys else None, 0.0, 2, "next_target")
        race = Race(self._lose)
        made, failed = await race.run(self._open(turn), lambda: self._open(second), route.hedge_seconds)
        if failed is not None:
            self._records.amend(failed.record, next="next_target" if failed.turn is turn else "stop_hedged")
            self._beside = failed if not made.good else None
        if made.good and made.call is not None:
            made.call.watchdog.rebind(self._task)
        return made

    async def _lose(self, tried: _Tried) -> None:
        """A call that was good, a moment too late."""
        if tried.call is not None:
            await tried.call.close()
            self._lost(replace(tried, outcome=Outcome(None, "client_gone")), self._why_cancelled())

    # -- the record ------------------------------------------------------------------------------------------------

    def _skip(self, turn: Try, fault: str, error: GatewayError | None = None) -> _Tried:
        """A turn that came without a call being made."""
        return _Tried(turn, Outcome(None, fault), record=self._records.skipped(turn, fault), error=error)

    def _record(self, turn: Try, call: Call) -> int:
        kind = "probe" if turn.candidate.half_open else "hedge" if turn is self._second else "call"
        return self._records.made(turn, call, kind)


async def beside(first: Coroutine[Any, Any, None], second: Coroutine[Any, Any, None]) -> None:
    """Run `second` here while `first` runs; both have ended when this returns."""
    other = asyncio.ensure_future(first)
    try:
        await second
    finally:
        await other


def _this_task() -> asyncio.Task[object]:
    task = asyncio.current_task()
    assert task is not None
    return task


def _no_time() -> UpstreamFault:
    return faults.TotalTimeout("The provider's answer took longer than this request may last.")


def _vendor(candidate: Candidate) -> Vendor:
    """The vendor of a candidate; NotConfigured when this version does not know its kind."""
    try:
        return vendor(candidate.provider.kind)
    except KeyError:
        raise faults.NotConfigured("The provider is of a kind this version does not know.") from None

"""The Lambda streaming loop.

Theory of operation. One process, one event loop, one application, one invocation at a time:

    build the application ──fails──► POST init/error, exit 1
          │  (SnapStart: GET restore/next; the snapshot is taken while it waits; then renew ──fails──► POST restore/error, exit 1)
          ▼
    GET invocation/next ─────► decode the event ─────► run the application ─────► answer 202 read ─┐
          ▲                                            (its after-work included)                   │
          └────────────────────────────────────────────────────────────────────────────────────────┘

1. The event loop lives as long as the process, so pooled upstream connections stay warm between invocations.
2. The client's stream ends when the application says `more_body: False`. The environment freezes only in GET invocation/next, so everything
   the application awaits before it returns is done, even if the next event comes an hour later. Tasks it leaves behind are frozen with it.
3. Before the first byte a failure is a response with a status; after it, error trailers; after the last, only a log line.
4. A broken connection to the Runtime API costs one response: the application sees OSError, the loop reconnects and polls on. When polling itself
   fails several times in a row there is no Runtime API left, and the process exits 1 for Lambda to start a fresh one.
5. Lambda kills the environment at `Lambda-Runtime-Deadline-Ms` without a word. The application gets that moment as
   `scope["gateway.deadline"]` (Unix seconds) and must end its stream before; the loop does not interrupt it.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any

import orjson

from gateway.runtime import bridge, events
from gateway.runtime.api import Fault, Invocation, RuntimeApi
from gateway.runtime.bridge import ASGIApp

Report = Callable[[str, BaseException | None, str | None], None]  # what happened, why, in which invocation

_POLL_TRIES = 4
_TRACE = "_X_AMZN_TRACE_ID"


@dataclass(frozen=True, slots=True)
class Program:
    """What the loop runs. `build` makes the application; `renew` makes it again, with nothing kept from before a snapshot."""

    build: Callable[[], Awaitable[ASGIApp]]
    renew: Callable[[], Awaitable[ASGIApp]]


@dataclass(frozen=True, slots=True)
class Context:
    """`scope["aws.context"]`: the facts of one invocation, under the names AWS uses."""

    aws_request_id: str
    invoked_function_arn: str | None
    deadline_ms: int | None
    trace_id: str | None


def report_to_stderr(what: str, error: BaseException | None, request_id: str | None) -> None:
    """One JSON line: what happened, the error's type and where it arose. Never its text, which may quote a request."""
    line: dict[str, Any] = {"level": "ERROR", "event": f"runtime.{what}"}
    if request_id is not None:
        line["aws_request_id"] = request_id
    if error is not None:
        line |= {"error": type(error).__name__, "at": _places(error)}
    sys.stderr.write(orjson.dumps(line).decode() + "\n")
    sys.stderr.flush()


async def serve(program: Program, environ: MutableMapping[str, str], report: Report = report_to_stderr) -> int:
    """Run until the Runtime API is gone; the process's exit code. `environ` gives the API's address and receives the trace id."""
    api = RuntimeApi(environ["AWS_LAMBDA_RUNTIME_API"])
    try:
        app = await _start(api, program, environ, report)
        while app is not None:
            invocation = await _next(api, report)
            if invocation is None:
                break
            _trace(environ, invocation)
            await _handle(api, app, invocation, report)
    finally:
        api.close()
    return 1


async def _start(
    api: RuntimeApi, program: Program, environ: MutableMapping[str, str], report: Report
) -> ASGIApp | None:
    """The application, ready for its first event; None when it failed and Lambda has been told."""
    snapshot = environ.get("AWS_LAMBDA_INITIALIZATION_TYPE") == "snap-start"
    try:
        app = await program.build()
        if snapshot:
            await api.restore_next()
    except Exception as error:  # noqa: BLE001 - the outermost door: whatever went wrong, Lambda must hear of it
        await _give_up(api.init_error, "init_failed", error, report)
        return None
    return await _renew(api, program, report) if snapshot else app


async def _renew(api: RuntimeApi, program: Program, report: Report) -> ASGIApp | None:
    api.close()  # the connection is part of the snapshot too; it leads nowhere now
    try:
        return await program.renew()
    except Exception as error:  # noqa: BLE001 - the outermost door, as above
        await _give_up(api.restore_error, "restore_failed", error, report)
        return None


async def _give_up(tell: Callable[[Fault], Awaitable[None]], what: str, error: Exception, report: Report) -> None:
    """Before the first event there is no client whose secrets an error's text could hold, so here it is told."""
    report(what, error, None)
    kind = "Runtime.InitError" if what == "init_failed" else "Runtime.RestoreError"
    try:
        await tell(Fault(kind, f"{type(error).__name__}: {error}"))
    except OSError as broken:
        report("error_report_failed", broken, None)


async def _next(api: RuntimeApi, report: Report) -> Invocation | None:
    """The next event; None when the Runtime API stays out of reach."""
    for attempt in range(_POLL_TRIES):
        try:
            return await api.next()
        except OSError as error:
            report("poll_failed", error, None)
            api.close()
            await asyncio.sleep(0.05 * attempt)
    return None


def _trace(environ: MutableMapping[str, str], invocation: Invocation) -> None:
    """X-Ray's contract with every runtime: the trace header of the current invocation is in the environment."""
    environ.pop(_TRACE, None)
    if invocation.trace_id:
        environ[_TRACE] = invocation.trace_id


async def _handle(api: RuntimeApi, app: ASGIApp, invocation: Invocation, report: Report) -> None:
    """Answer one invocation, whatever it holds."""
    stream = api.respond(invocation)

    def note(what: str, error: BaseException | None) -> None:
        report(what, error, invocation.request_id)

    event = events.decode(invocation.body)
    if not events.is_proxy_event(event):
        await bridge.answer(stream, 200, "", note)
        return
    try:
        request = events.to_request(event)
    except events.BadEvent as error:
        note("bad_event", error)
        await bridge.answer(stream, 400, f"The request cannot be read: {error}.", note)
        return
    request.scope.update(_facts(event, invocation))
    await bridge.run(app, request, stream, note)


def _facts(event: Mapping[str, Any], invocation: Invocation) -> dict[str, Any]:
    """What the scope says about the invocation beside the request itself."""
    context = Context(invocation.request_id, invocation.function_arn, invocation.deadline_ms, invocation.trace_id)
    facts: dict[str, Any] = {"aws.event": event, "aws.context": context}
    if invocation.deadline_ms is not None:
        facts["gateway.deadline"] = invocation.deadline_ms / 1000
    return facts


def _places(error: BaseException) -> list[str]:
    """File, line and function of the innermost frames: where it happened, without what was said."""
    places, trace = [], error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return places[-8:]

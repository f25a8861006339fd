"""`DELETE /v1/requests/{id}` at one environment ends a request that another one serves."""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import httpx
from tests.e2e.fleet import Environment, Fleet, chat, eventually
from tests.upstream.steps import Gate, Send, Stall, chunk, events, head

WITHIN_SECONDS = 3.0
WORDS = (
    b'data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":'
    b'[{"index":0,"delta":{"role":"assistant","content":"Once upon a time"},"finish_reason":null}]}\n\n'
)
END = (
    b'data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":'
    b'[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'
)
BEGUN = Send(head(200, [("content-type", "text/event-stream"), ("transfer-encoding", "chunked")]))


@dataclass(frozen=True)
class Ended:
    """How a stream ended for its client, and when."""

    status: int
    body: bytes
    at: float


@dataclass(frozen=True)
class Running:
    """A request that one environment serves. `name`: its id, or the client's own one while the gateway has not answered yet."""

    name: str
    where: Environment
    model: str
    end: Future[Ended]


def follow(where: Environment, name: str, model: str) -> Ended:
    with where.client.stream(
        "POST", "/v1/chat/completions", json=chat(model, True), headers={"x-request-id": name}
    ) as got:
        body = b"".join(got.iter_bytes())
    return Ended(got.status_code, body, time.monotonic())


def begin(fleet: Fleet, threads: ThreadPoolExecutor) -> list[Running]:
    """Streams that have begun, and requests that wait for their first byte; the first of all in Lambda's loop."""
    fleet.upstream.add((BEGUN, Send(chunk(WORDS), len(WORDS)), Stall()), model="talks")
    fleet.upstream.add((Stall(),), model="waits")
    plan = [(fleet.loop, "talks"), *((fleet.one, "talks"),) * 4, *((fleet.one, "waits"),) * 3]
    found = []
    for number, (where, model) in enumerate(plan):
        name = f"fleet-stop-{number}-{time.time_ns()}"
        found.append(Running(name, where, model, threads.submit(follow, where, name, f"fleet-a/{model}")))
    fleet.upstream.seen(len(plan), 20)
    return found


def test_a_request_is_stopped_through_any_environment_within_three_seconds(fleet: Fleet) -> None:
    since = int(time.time() * 1000) - 5
    times = []
    with ThreadPoolExecutor(12) as threads:
        running = begin(fleet, threads)
        for each in running:
            # Environments look every two seconds: the wishes come at different times between two looks.
            time.sleep(0.3)
            times.append(threads.submit(stop, each, fleet.loop if each is running[-1] else fleet.two))
        seconds = [one.result(20) for one in times]
    for each, took in zip(running, seconds, strict=True):
        ended = each.end.result()
        print(
            f"\nstopped after {took:.2f} s: {each.where.name}, {'streaming' if each.model == 'talks' else 'before its first byte'}",
            end="",
        )
        assert b"request_stopped" in ended.body
        assert ended.status == (200 if each.model == "talks" else 499)
        assert (WORDS in ended.body) == (each.model == "talks")
        assert b"[DONE]" not in ended.body
        assert took < WITHIN_SECONDS
    print()
    eventually(lambda: all(one.client_left for one in fleet.upstream.journal), 5)
    rows = eventually(lambda: found if len(found := _rows(fleet, since, running)) == len(running) else None, 10)
    assert {(row["status"], row["error"]) for row in rows} == {(499, "request_stopped")}


def stop(running: Running, through: Environment) -> float:
    """Seconds from the answer to the wish to the end of the client's stream."""
    answer = through.client.delete(f"/v1/requests/{running.name}")
    began = time.monotonic()
    assert (answer.status_code, answer.json()["status"]) == (202, "stop_requested")
    return running.end.result(20).at - began


def _rows(fleet: Fleet, since: int, running: list[Running]) -> list[dict[str, Any]]:
    names = {one.name for one in running}
    return [row for row in fleet.stack.rows.since(since) if row.get("correlation_id") in names]


def test_the_wish_of_another_key_stops_nothing(fleet: Fleet) -> None:
    rest = (Gate("end"), Send(chunk(END), len(END)), Send(chunk(b"")))
    fleet.upstream.add((BEGUN, Send(chunk(WORDS), len(WORDS)), *rest), model="stays")
    fleet.upstream.add((BEGUN, Send(chunk(WORDS), len(WORDS)), Stall()), model="goes")
    stays, goes = (f"fleet-{word}-{time.time_ns()}" for word in ("stays", "goes"))
    stranger = httpx.Headers({"authorization": f"Bearer {fleet.stack.secrets.demo_key}"})
    with ThreadPoolExecutor(2) as threads:
        whole = threads.submit(follow, fleet.one, stays, "fleet-a/stays")
        fleet.upstream.seen(1)
        assert fleet.two.client.delete(f"/v1/requests/{stays}", headers=stranger).status_code == 202
        # A later request at the same environment, with a later wish: when that one has been heard, so has the stranger's.
        ended = threads.submit(follow, fleet.one, goes, "fleet-a/goes")
        fleet.upstream.seen(2)
        assert fleet.two.client.delete(f"/v1/requests/{goes}").status_code == 202
        assert b"request_stopped" in ended.result(10).body
        assert not whole.done()
        fleet.upstream.open("end")
        assert whole.result(10).body.endswith(b"data: [DONE]\n\n")


def test_a_wish_for_a_request_that_nobody_serves_is_taken(fleet: Fleet) -> None:
    assert fleet.one.client.delete("/v1/requests/req_that_never_was").status_code == 202
    fleet.upstream.add(events(WORDS + END))
    assert follow(fleet.two, f"fleet-after-{time.time_ns()}", "fleet-a/stays").body.endswith(b"data: [DONE]\n\n")

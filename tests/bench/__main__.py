"""What the proxy costs: cold start, processor time and added latency, against a direct call in the same run.

    make bench            a table on the terminal, and .build/bench.json

The proxy runs as on Lambda: its own bundle (byte code included), python3.13, its real runtime loop, a Runtime API that only hands out
events. Upstream and AWS answer at once from another process, so that what is left is ours. Processor time is the kernel's count for the whole process
(`/proc/<pid>/schedstat`, nanoseconds), all threads. These machines are noisy: compare ratios within one run, not figures between runs.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

from tests.bench.lambda_side import LambdaSide, Sample, rest_event
from tests.bench.peers import STREAM as CHUNKS

from gateway.neutral.config import (
    Model,
    Price,
    Provider,
    Release,
    VirtualKey,
    key_digest,
    release_bytes,
    release_hash,
    to_json,
)
from gateway.neutral.limits import Budget, Limits
from gateway.transport.pool import Destination, Pool, request_head
from gateway.wire.codec import Context
from gateway.wire.codecs import codec
from gateway.wire.translation import Translator

ROOT = Path(__file__).resolve().parents[2]
KEY = "sk-gw-" + "b" * 43
LIMITED_KEY = "sk-gw-" + "l" * 43
SMALL = {"model": "bench", "messages": [{"role": "user", "content": "Say hello."}]}
STREAM = SMALL | {"stream": True, "stream_options": {"include_usage": True}}
# The same question by an Anthropic client, which the Chat upstream gets translated.
TRANSLATED = SMALL | {"max_tokens": 64}
BUDGETS = {
    "cold start: CPU, import to first answer (ms)": 350,
    "small chat: CPU (ms)": 1.5,
    "small chat: added p50 (ms)": 1.5,
    "stream of 100 chunks: CPU (ms)": 3.0,
    "stream of 100 chunks, 0.5 ms apart: added to first content p50 (ms)": 1.0,
    "DynamoDB reads a warm request": 0,
    "DynamoDB writes a warm request": 1,
    "small chat with a budget: CPU (ms)": 2.5,
    "DynamoDB calls a warm request with a budget": 2,
    "translate: CPU above a relay (ms)": 1.0,
    "translate-stream: CPU of decoding and encoding, one event (us)": 10.0,
    "zip (MB)": 20,
}


def cpu_ns(pid: int) -> int:
    """Processor time of a process so far, all its threads, in nanoseconds."""
    return sum(int(path.read_text().split()[0]) for path in Path(f"/proc/{pid}/task").glob("*/schedstat"))


def bundle() -> tuple[Path, str]:
    """The proxy's bundle and the interpreter to run it with; made now, so that what is measured is what is here."""
    found = subprocess.run(
        [ROOT / "infra/scripts/find_python313"], capture_output=True, text=True, cwd=ROOT, check=False
    )
    python = found.stdout.strip()
    if not python:
        print(
            "python3.13 was not found: measuring the source tree with this interpreter, which Lambda does not run",
            file=sys.stderr,
        )
        return ROOT / "functions", sys.executable
    folder = ROOT / ".build" / "bench-proxy"
    shutil.rmtree(folder, ignore_errors=True)
    uv = ROOT / ".venv-tools/bin/uv"
    subprocess.run(
        [python, ROOT / "infra/scripts/bundle.py", "proxy", folder, "--python", python, "--uv", uv],
        check=True,
        cwd=ROOT,
    )
    return folder, python


def items(upstream_port: int) -> dict[str, Any]:
    """What the proxy will find in its tables: one key, one provider, one model."""
    provider = Provider(
        "bench", "bench", "openai_compatible", f"http://127.0.0.1:{upstream_port}/v1", allow_private=True
    )
    release = Release((provider,), (Model("bench", "bench", "bench", price=Price(150_000, 600_000)),))
    canonical = release_bytes(release)
    address = release_hash(canonical)
    key = VirtualKey("key_bench", "bench", key_digest(KEY), "****")
    limits = Limits(requests_per_minute=10**9, tokens_per_minute=10**15, budgets=(Budget("month", 10**18),))
    limited = VirtualKey("key_limited", "limited", key_digest(LIMITED_KEY), "****", limits=limits)
    packed = gzip.compress(canonical)
    return {
        f"key#{key.digest}": {"data": {"S": json.dumps(to_json(key))}},
        f"key#{limited.digest}": {"data": {"S": json.dumps(to_json(limited))}},
        "pointer": {
            "release": {"S": address},
            "chunks": {"N": "1"},
            "number": {"N": "1"},
            "updated_at": {"N": "1790000000000"},
        },
        f"release#{address}": {"data": {"B": __import__("base64").b64encode(packed).decode()}},
    }


class Peers:
    """The process of `tests.bench.peers`."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.peers"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env=_environment({}),
        )
        assert self.process.stdout is not None
        ports = json.loads(self.process.stdout.readline())
        self.upstream, self.aws = ports["upstream"], ports["aws"]

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(10)


def _environment(more: dict[str, str]) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{ROOT}/functions:{ROOT}",
        "PYTHONDONTWRITEBYTECODE": "1",
        **more,
    }


def start_proxy(folder: Path, python: str, side: LambdaSide, aws_port: int) -> subprocess.Popen[bytes]:
    """The runtime loop as Lambda's wrapper starts it."""
    tables = {
        f"{name}_TABLE": name.lower() for name in ("CONFIG", "KEYS", "STATE", "LOGS", "USAGE", "CACHE", "DIALOGS")
    }
    environment = {
        "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{side.port}",
        "AWS_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{aws_port}",
        "AWS_ACCESS_KEY_ID": "bench",
        "AWS_SECRET_ACCESS_KEY": "bench",
        "BODIES_BUCKET": "bodies",
        "KMS_KEY_ID": "bench",
        "ALLOW_PRIVATE_UPSTREAMS": "true",
        **tables,
    }
    return subprocess.Popen(
        [python, "-m", "proxy.bootstrap"], cwd=folder, env=_environment(environment) | {"PYTHONPATH": str(folder)}
    )


@contextlib.asynccontextmanager
async def proxy(folder: Path, python: str, aws_port: int) -> AsyncIterator[tuple[LambdaSide, int]]:
    """A runtime that has answered nothing yet."""
    side = LambdaSide()
    await side.start()
    process = start_proxy(folder, python, side, aws_port)
    try:
        yield side, process.pid
    finally:
        process.kill()
        process.wait()


async def fetch(pool: Pool, port: int, method: bytes, path: bytes, body: bytes = b"") -> tuple[bytes, float, float]:
    """A direct call: body, seconds to the first body byte, seconds to the end."""
    began = time.monotonic()
    head = request_head(method, path, [(b"host", b"bench"), (b"content-length", b"%d" % len(body))])
    parts: list[bytes] = []
    first = 0.0
    async with pool.exchange(Destination("127.0.0.1", port, None), head, body, 5.0) as answer:
        while (part := await answer.chunk()) is not None:
            first = first or time.monotonic()
            parts.append(part)
    return b"".join(parts), first - began, time.monotonic() - began


async def cold_start(folder: Path, python: str, aws_port: int, runs: int) -> dict[str, float]:
    """Processor time from the start of the process to the first answer, and the same for an interpreter that does nothing."""
    found = []
    for _ in range(runs):
        async with proxy(folder, python, aws_port) as (side, pid):
            await side.invoke(rest_event({}, KEY, "GET", "/v1/models"))
            await side.idle()
            found.append(cpu_ns(pid) / 1e6)
    empty = []
    for _ in range(runs):
        before = os.times()
        subprocess.run([python, "-I", "-c", "pass"], check=True)
        after = os.times()
        empty.append(
            (after.children_user + after.children_system - before.children_user - before.children_system) * 1e3
        )
    return {
        "cold start: CPU, import to first answer (ms)": statistics.median(found),
        "an interpreter that does nothing: CPU (ms)": statistics.median(empty),
    }


async def warm(
    side: LambdaSide, pid: int, body: dict[str, Any], runs: int, path: str = "/v1/chat/completions", key: str = KEY
) -> tuple[float, list[Sample]]:
    """Processor milliseconds a request (after-work included), and the samples."""
    event = rest_event(body, key, path=path)
    for _ in range(50):
        await side.invoke(event)
    await side.idle()
    before = cpu_ns(pid)
    samples = []
    for _ in range(runs):
        samples.append(await side.invoke(event))
        await side.idle()
    return (cpu_ns(pid) - before) / 1e6 / max(runs, 1), samples


async def measured(call: Callable[[], Awaitable[tuple[bytes, float, float]]], runs: int) -> tuple[float, float, float]:
    """CPU milliseconds of this process a call, median milliseconds to the first byte and to the end."""
    for _ in range(50):
        await call()
    before = time.process_time_ns()
    found = [await call() for _ in range(runs)]
    cpu = (time.process_time_ns() - before) / 1e6 / runs
    return (
        cpu,
        statistics.median(first for _, first, _ in found) * 1e3,
        statistics.median(end for _, _, end in found) * 1e3,
    )


def p50(samples: list[Sample], which: str) -> float:
    return float(statistics.median(getattr(sample, which) - sample.started for sample in samples)) * 1e3


async def main(runs: int = 1000) -> dict[str, float]:
    folder, python = bundle()
    figures: dict[str, float] = {"zip (MB)": zip_size(folder)}
    peers = Peers()
    try:
        pool = Pool(time.time)
        await fetch(pool, peers.aws, b"PUT", b"/items", json.dumps(items(peers.upstream)).encode())
        figures |= await cold_start(folder, python, peers.aws, 9)
        async with proxy(folder, python, peers.aws) as (side, pid):
            await side.invoke(rest_event(SMALL, KEY))
            await side.idle()
            before = json.loads((await fetch(pool, peers.aws, b"GET", b"/counts"))[0])
            cpu, samples = await warm(side, pid, SMALL, runs)
            after = json.loads((await fetch(pool, peers.aws, b"GET", b"/counts"))[0])
            small = json.dumps(SMALL, separators=(",", ":")).encode()
            direct = await measured(lambda: fetch(pool, peers.upstream, b"POST", b"/v1/chat/completions", small), runs)
            calls = runs + 50
            figures["small chat: CPU (ms)"] = cpu
            figures["small chat: CPU of a direct call (ms)"] = direct[0]
            figures["small chat: p50 through the proxy (ms)"] = p50(samples, "ended")
            figures["small chat: p50 direct (ms)"] = direct[2]
            figures["small chat: added p50 (ms)"] = p50(samples, "ended") - direct[2]
            figures["DynamoDB reads a warm request"] = (
                sum(after.get(name, 0) - before.get(name, 0) for name in ("GetItem", "Query")) / calls
            )
            figures["DynamoDB writes a warm request"] = (after.get("PutItem", 0) - before.get("PutItem", 0)) / calls
            figures |= await limited(side, pid, pool, peers.aws, runs)
            for label, body in (
                ("stream of 100 chunks", STREAM),
                ("stream of 100 chunks, 0.5 ms apart", STREAM | {"user": "spaced"}),
            ):
                figures |= await streamed(side, pid, pool, peers.upstream, label, body, max(50, runs // 5))
            figures |= await translated(side, pid, runs)
        pool.close()
    finally:
        peers.close()
    return figures


async def limited(side: LambdaSide, pid: int, pool: Pool, aws_port: int, runs: int) -> dict[str, float]:
    """A key with a budget and two rates: admitted and settled in one transaction each."""
    await warm(side, pid, SMALL, 0, key=LIMITED_KEY)
    before = json.loads((await fetch(pool, aws_port, b"GET", b"/counts"))[0])
    cpu, samples = await warm(side, pid, SMALL, runs, key=LIMITED_KEY)
    after = json.loads((await fetch(pool, aws_port, b"GET", b"/counts"))[0])
    calls = sum(after.get(name, 0) - before.get(name, 0) for name in set(before) | set(after))
    return {
        "small chat with a budget: CPU (ms)": cpu,
        "small chat with a budget: p50 through the proxy (ms)": p50(samples, "ended"),
        "DynamoDB calls a warm request with a budget": calls / (runs + 50),
    }


async def streamed(
    side: LambdaSide, pid: int, pool: Pool, port: int, label: str, body: dict[str, Any], runs: int
) -> dict[str, float]:
    """One kind of stream through the proxy and directly."""
    cpu, samples = await warm(side, pid, body, runs)
    assert samples[-1].body.endswith(b"data: [DONE]\n\n"), samples[-1].body[-200:]
    raw = json.dumps(body, separators=(",", ":")).encode()
    direct = await measured(lambda: fetch(pool, port, b"POST", b"/v1/chat/completions", raw), runs)
    return {
        f"{label}: CPU (ms)": cpu,
        f"{label}: CPU of a direct call (ms)": direct[0],
        f"{label}: first content p50 (ms)": p50(samples, "first"),
        f"{label}: first content p50 direct (ms)": direct[1],
        f"{label}: added to first content p50 (ms)": p50(samples, "first") - direct[1],
    }


async def translated(side: LambdaSide, pid: int, runs: int) -> dict[str, float]:
    """The same upstream asked by an Anthropic client, each beside a relay measured just before: a process gets faster while it runs."""
    some = max(50, runs // 5)
    relayed, _ = await warm(side, pid, SMALL, runs)
    small, samples = await warm(side, pid, TRANSLATED, runs, "/v1/messages")
    assert b"Hello there." in samples[-1].body, samples[-1].body[-200:]
    relayed_stream, _ = await warm(side, pid, STREAM, some)
    stream, samples = await warm(side, pid, TRANSLATED | {"stream": True}, some, "/v1/messages")
    assert b"message_stop" in samples[-1].body[-60:], samples[-1].body[-200:]
    return {
        "translate: CPU (ms)": small,
        "translate: CPU of a relay (ms)": relayed,
        "translate: CPU above a relay (ms)": small - relayed,
        "translate-stream of 100 chunks: CPU (ms)": stream,
        "translate-stream of 100 chunks: CPU of a relay (ms)": relayed_stream,
        "translate-stream: CPU of decoding and encoding, one event (us)": one_event(),
    }


def one_event(rounds: int = 300) -> float:
    """Microseconds of processor time that one text event costs from Chat's bytes to Anthropic's, without the network."""
    client, upstream = codec("anthropic_messages"), codec("openai_chat")
    assert client.decode_request is not None
    assert client.encoder is not None
    request = client.decode_request(TRANSLATED, model="bench", stream=True)
    context = Context("req_bench", "bench", 1_790_000_000, request)
    best = []
    for _ in range(rounds):
        translator = Translator(upstream.decoder("req_bench"), client.encoder(context))
        began = time.process_time_ns()
        for chunk in CHUNKS:
            translator.feed(chunk)
        best.append((time.process_time_ns() - began) / 1e3 / len(CHUNKS))
    return float(statistics.median(best))


def zip_size(folder: Path) -> float:
    archive = shutil.make_archive(str(ROOT / ".build" / "bench-proxy"), "zip", folder)
    return Path(archive).stat().st_size / 1e6


def show(figures: dict[str, float]) -> None:
    width = max(map(len, figures))
    print(f"python {platform.python_version()} drives; {os.cpu_count()} processors\n")
    for name, value in figures.items():
        budget = BUDGETS.get(name)
        verdict = "" if budget is None else f"   budget {budget:g}   {'ok' if value <= budget + 0.02 else 'OVER'}"
        print(f"{name:<{width}}  {value:10.3f}{verdict}")


if __name__ == "__main__":
    result = asyncio.run(main(int(os.environ.get("RUNS", "1000"))))
    (ROOT / ".build").mkdir(exist_ok=True)
    (ROOT / ".build/bench.json").write_text(json.dumps(result, indent=1) + "\n")
    show(result)

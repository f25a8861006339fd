"""npm's clients through each door: runs the Node tests of tests/e2e/node."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.doors import Call
from tests.e2e.pairs import UPSTREAMS
from tests.e2e.processes import environment
from tests.upstream import events, pieces, reply
from tests.upstream.background import BackgroundUpstream
from tests.upstream.fixtures import FOLDER

NODE = Path(__file__).parent / "node"
PROVIDERS = {upstream.model: upstream.provider for upstream in UPSTREAMS}


def run(call: Call, script: str, at_least: int) -> str:
    """What the script printed; it must have passed, with that many tests."""
    assert shutil.which("node"), "Node 20 or later is needed"
    assert (NODE / "node_modules").is_dir(), "run `npm ci` in tests/e2e/node (make setup does)"
    environ = environment(
        DOOR_URL=call.door.url,
        DOOR_KEY=call.door.secrets.virtual_key,
        LIMITED_KEY=call.door.secrets.limited_key,
        FIXTURES=str(FOLDER),
        AGENT=call.agent,
    )
    command = ["node", "--test", "--test-reporter=tap", script]
    done = subprocess.run(command, cwd=NODE, env=environ, capture_output=True, text=True, timeout=120, check=False)
    counts = {
        name: int(found[1]) if (found := re.search(rf"^# {name} (\d+)$", done.stdout, re.M)) else -1
        for name in ("tests", "pass", "fail")
    }
    print(f"\nnode {script}, {call.door.name}: {counts}")
    assert done.returncode == 0, _failures(done.stdout) + done.stderr[-2000:]
    assert counts["fail"] == 0
    assert counts["pass"] >= at_least
    return done.stdout


def test_javascript_sdks(call: Call) -> None:
    run(call, "sdk.test.mjs", 70)
    call.door.rows.expected[call.agent] = -1


@pytest.mark.parametrize(("script", "at_least"), [("pairs.test.mjs", 200), ("aisdk.test.mjs", 240)])
def test_javascript_sdks_in_front_of_every_dialect(call: Call, script: str, at_least: int) -> None:
    printed = re.search(r"^# NOTED (\[.*\])$", run(call, script, at_least), re.M)
    assert printed
    noted = [tuple(item) for item in json.loads(printed[1])]
    rows = {row["sk"]: row for row in call.door.rows.of(call.agent, len(noted), call.started_ms)}
    call.door.rows.expected[call.agent] = len(noted)
    found = {(identifier, row["model"], row["status"]) for identifier, row in rows.items()}
    assert found == set(noted)
    assert {row["status"] for row in rows.values()} == {200}
    assert all(row["provider"] == PROVIDERS[row["model"]] for row in rows.values())
    assert all(row["usage_source"] == "upstream" and row["output_tokens"] > 0 for row in rows.values())


def test_javascript_media(call: Call, upstream: BackgroundUpstream) -> None:
    sound = bytes((at * 7 + (at >> 8)) & 255 for at in range(256 * 4096))
    written: dict[str, Any] = {"text": "Guten Tag", "usage": {"type": "duration", "seconds": 3}}
    events_of = [{"type": "transcript.text.delta", "delta": "Guten Tag"}, {"type": "transcript.text.done", **written}]
    spoken = b"".join(b"data: " + json.dumps(one).encode() + b"\n\n" for one in events_of)
    for path, answer in {
        "/v1/images/generations": {"created": 1, "data": [{"b64_json": "AAAA"}]},
        "/v1/images/edits": {"created": 1, "data": [{"b64_json": "AAAA"}]},
        "/v1/audio/translations": written,
        "/v1/moderations": {"id": "m", "model": "m", "results": [{"flagged": False}]},
        "/v1/completions": {"id": "c", "object": "text_completion", "choices": [{"text": " is", "index": 0}]},
    }.items():
        upstream.add(reply(200, json.dumps(answer).encode()), path=path)
    upstream.add(
        reply(200, b"", (("content-type", "audio/mpeg"),), "chunked", pieces(sound, 9_973)), path="/v1/audio/speech"
    )
    upstream.add(reply(200, json.dumps(written).encode()), events(spoken), path="/v1/audio/transcriptions")
    before = len(upstream.journal)
    run(call, "media.test.mjs", 8)
    assert sum(sound in sent.body or sound[:100_000] in sent.body for sent in upstream.journal[before:]) == 4
    rows = call.door.rows.of(call.agent, 8, call.started_ms)
    call.door.rows.expected[call.agent] = 8
    assert {(row["status"], row["cost_state"], row.get("error")) for row in rows} == {(200, "priced", None)}


def _failures(tap: str) -> str:
    blocks = re.findall(r"^not ok .*?(?=^(?:not )?ok |\Z)", tap, re.M | re.S)
    return "\n".join(block[:2500] for block in blocks[:20])

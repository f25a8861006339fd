"""npm `openai` and `@anthropic-ai/sdk` through each door: runs the Node tests of tests/e2e/node."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from tests.e2e.doors import Call
from tests.e2e.processes import environment
from tests.upstream.fixtures import FOLDER

NODE = Path(__file__).parent / "node"
AT_LEAST = 70


def test_javascript_sdks(call: Call) -> None:
    assert shutil.which("node"), "Node 20 or later is needed"
    assert (NODE / "node_modules").is_dir(), "run `npm ci` in tests/e2e/node (make setup does)"
    environ = environment(
        DOOR_URL=call.door.url,
        DOOR_KEY=call.door.secrets.virtual_key,
        LIMITED_KEY=call.door.secrets.limited_key,
        FIXTURES=str(FOLDER),
        AGENT=call.agent,
    )
    command = ["node", "--test", "--test-reporter=tap", "sdk.test.mjs"]
    done = subprocess.run(command, cwd=NODE, env=environ, capture_output=True, text=True, timeout=120, check=False)
    counts = {
        name: int(found[1]) if (found := re.search(rf"^# {name} (\d+)$", done.stdout, re.M)) else -1
        for name in ("tests", "pass", "fail")
    }
    print(f"\nnode, {call.door.name}: {counts}")
    assert done.returncode == 0, _failures(done.stdout) + done.stderr[-2000:]
    assert counts["fail"] == 0
    assert counts["pass"] >= AT_LEAST
    call.door.rows.expected[call.agent] = -1


def _failures(tap: str) -> str:
    blocks = re.findall(r"^not ok .*?(?=^(?:not )?ok |\Z)", tap, re.M | re.S)
    return "\n".join(block[:900] for block in blocks[:8])

"""`python -m infra.local` as a newcomer meets it: first start, second start, stops, and starts that cannot be."""

from __future__ import annotations

import json
import signal
import stat
import time
from pathlib import Path

import anthropic
import httpx
import openai
import pytest
from infra.local import server, template
from infra.local.options import ROOT
from infra.local.statedir import StateDir
from tests.local.running import Running, alive, attempt, running

pytestmark = [pytest.mark.stack, pytest.mark.slow, pytest.mark.timeout(180)]

PASSWORD = "a-password-of-my-own"
DEMO_KEY = "sk-gw-" + "k" * 43
MODEL = {"id": "mine", "provider": "demo-openai", "upstream_model": "demo-gpt", "price": {"input": "1", "output": "2"}}


def until(holds, seconds: float = 120.0):
    """The first true value of `holds()`; AssertionError when there is none in a time that only a hanging stack takes."""
    ends = time.monotonic() + seconds
    while True:
        value = holds()
        if value:
            return value
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(0.05)


def chat(stack: Running, key: str, text: str = "Count to 10", model: str = "demo-gpt") -> str:
    client = openai.OpenAI(base_url=f"{stack.url}/v1", api_key=key, max_retries=0)
    chunks = client.chat.completions.create(model=model, messages=[{"role": "user", "content": text}], stream=True)
    return "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)


def ask_claude(stack: Running, key: str) -> str:
    client = anthropic.Anthropic(base_url=stack.url, api_key=key, max_retries=0)
    messages = [{"role": "user", "content": "Count to 3"}]
    with client.messages.stream(model="demo-claude", max_tokens=100, messages=messages) as stream:
        return stream.get_final_text()


def release_number(stack: Running) -> int:
    with stack.admin() as client:
        return client.get("/api/admin/release").raise_for_status().json()["number"]


@pytest.fixture(scope="module")
def state(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("stack") / "state"


def test_first_start_answers_at_once(state):
    with running(state) as stack:
        assert chat(stack, stack.demo_key) == "1, 2, 3, 4, 5, 6, 7, 8, 9, 10."
        assert ask_claude(stack, stack.demo_key) == "1, 2, 3."
        rows = until(lambda: found if len(found := stack.rows()) == 2 else None)
        assert {row["requested_model"] for row in rows} == {"demo-gpt", "demo-claude"}
        assert all(row["cost_nano"] > 0 for row in rows)
        with stack.admin() as client:
            client.post("/api/admin/models", json=MODEL).raise_for_status()
            # With a sealed credential: the admin API has the demo provider's models told by the function that may open it.
            told = client.post("/api/admin/providers/demo-openai/probe").raise_for_status().json()
            assert told["ok"], told
            assert "mine" in next(one["configured"] for one in told["models"] if one["id"] == "demo-gpt")
            now = int(time.time() * 1000)
            span = {"from": now - 3_600_000, "to": now + 3_600_000, "bucket": "hour"}
            until(lambda: '"requests": 2' in json.dumps(client.get("/api/admin/overview", params=span).json()))
        assert httpx.get(stack.url).status_code in {200, 503}
        for name in ("jwt", "admin-password", "demo-key", "demo-upstream-key"):
            assert stat.S_IMODE((state / "secrets" / name).stat().st_mode) == 0o600
        below = stack.descendants()
        assert len(below) == 3
        assert stack.stop(signal.SIGINT) < 3
        assert stack.process.returncode == 0
        assert not [pid for pid in below if alive(pid)]


def test_second_start_finds_everything_and_obeys_new_secrets(state):
    with running(state) as stack:
        old_key, old_password, number = stack.demo_key, stack.password, release_number(stack)
    with running(state, GATEWAY_ADMIN_PASSWORD=PASSWORD, GATEWAY_DEMO_KEY=DEMO_KEY) as stack:
        assert stack.seconds < 10
        assert (stack.password, stack.demo_key) == (PASSWORD, DEMO_KEY)
        assert len(stack.rows()) == 2
        assert chat(stack, DEMO_KEY, model="mine").startswith("1, 2")
        assert release_number(stack) == number
        with pytest.raises(openai.AuthenticationError):
            chat(stack, old_key)
        login = {"username": "admin", "password": old_password}
        assert httpx.post(f"{stack.url}/api/auth/login", json=login).status_code == 401
        assert stack.stop(signal.SIGTERM) < 3
        assert stack.process.returncode == 0


def test_a_kill_leaves_no_process_and_loses_only_seconds(state):
    with running(state) as stack:
        before = len(stack.rows())
        chat(stack, stack.demo_key)
        rows = until(lambda: found if len(found := stack.rows()) == before + 1 else None)
        # Saved by itself, without a stop. Whichever snapshot has the row will do: it may be older than this look at the log.
        until(lambda: rows[0]["id"] in (state / "aws" / "dynamodb.json").read_text())
        below = stack.descendants()
        stack.process.kill()
        stack.process.wait(5)
        until(lambda: not [pid for pid in below if alive(pid)])
    with running(state) as stack:
        assert len(stack.rows()) == before + 1


def test_the_configuration_file_is_applied_at_every_start(state, tmp_path):
    config = tmp_path / "gateway.yaml"
    config.write_text("models: [{ id: from-file, provider: demo-openai, upstream_model: demo-gpt }]\n")
    with running(state, GATEWAY_CONFIG=str(config)) as stack:
        assert chat(stack, stack.demo_key, model="from-file").startswith("1, 2")
        number = release_number(stack)
    with running(state, GATEWAY_CONFIG=str(config)) as stack:
        assert release_number(stack) == number


@pytest.mark.parametrize(
    "text",
    [
        "providers: [",
        "provders: []",
        "models: [{ id: x }]",
        "- a\n- b",
        "models: 3",
        "\x00",
        "models: [{id: x, provider: none}]",
    ],
)
def test_a_broken_configuration_is_one_line_and_exit_1(state, tmp_path, text):
    config = tmp_path / "gateway.yaml"
    config.write_text(text)
    ended = attempt(state, server.free_port(), GATEWAY_CONFIG=str(config))
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1, ended.stderr
    assert ended.stderr.startswith("error: ")


def test_a_port_in_use_is_one_line_and_exit_1(state):
    with server.bind(0) as taken:
        taken.listen()
        ended = attempt(state, taken.getsockname()[1])
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert "set PORT" in ended.stderr


def test_a_state_folder_in_use_is_one_line_and_exit_1(state):
    with StateDir(state).lock():
        ended = attempt(state, server.free_port())
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert "another local stack" in ended.stderr


def test_a_missing_emulator_is_one_line(tmp_path):
    import asyncio

    from infra.local.emulator import emulator
    from infra.local.faults import StackError

    async def start():
        async with emulator(1, StateDir(tmp_path), tmp_path / "no-python"):
            raise AssertionError("it started")

    with pytest.raises(StackError, match="make setup"):
        asyncio.run(start())


def test_the_tables_are_the_templates(tmp_path):
    import asyncio

    import boto3
    from infra.local import resources
    from infra.local.emulator import credentials, emulator

    tables = template.tables(template.load(ROOT / "template.yaml"))
    port = server.free_port()
    given = credentials(f"http://127.0.0.1:{port}")

    def compare():
        state = StateDir(tmp_path)
        first = resources.make(tables, state, given["AWS_ENDPOINT_URL"], None)
        assert resources.make(tables, state, given["AWS_ENDPOINT_URL"], None) == first
        changed = resources.make(tables, state, given["AWS_ENDPOINT_URL"], PASSWORD)
        assert (changed.environ, changed.admin_password) == (first.environ, PASSWORD)
        client = boto3.client(
            "dynamodb",
            endpoint_url=given["AWS_ENDPOINT_URL"],
            region_name="us-east-1",
            aws_access_key_id=given["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key="x",
        )
        for table in tables:
            found = client.describe_table(TableName=table.name)["Table"]
            assert found["KeySchema"] == table.create["KeySchema"]
            assert found["AttributeDefinitions"] == table.create["AttributeDefinitions"]
            assert found.get("StreamSpecification") == table.create.get("StreamSpecification")
            wanted = table.create.get("GlobalSecondaryIndexes", [])
            indexes = [
                {name: row[name] for name in ("IndexName", "KeySchema", "Projection")}
                for row in found.get("GlobalSecondaryIndexes", [])
            ]
            assert indexes == wanted
            ttl = client.describe_time_to_live(TableName=table.name)["TimeToLiveDescription"]
            assert ttl.get("AttributeName") == table.ttl

    async def within():
        async with emulator(port, StateDir(tmp_path)):
            await asyncio.to_thread(compare)

    asyncio.run(within())

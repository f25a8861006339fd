"""A conversation through the running stack with a real access token: created at the admin API, held at the data plane, foreign to everybody else."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from tests.e2e.doors import Call
from tests.e2e.local_stack import LocalStack
from tests.exchange.talking import said, stream_of, streamed
from tests.upstream.background import BackgroundUpstream
from tests.upstream.steps import cut

PASSWORD = "a good long pass phrase"
MODEL = "chat-scripted"


@contextmanager
def user(stack: LocalStack, name: str) -> Iterator[httpx.Client]:
    """A client of somebody who has just registered, with their access token."""
    credentials = {"username": f"{name}-{time.time_ns():x}", "password": PASSWORD}
    with httpx.Client(base_url=stack.url, timeout=20.0) as client:
        client.post("/api/auth/register", json=credentials).raise_for_status()
        token = client.post("/api/auth/login", json=credentials).raise_for_status().json()["access_token"]
        client.headers["authorization"] = f"Bearer {token}"
        yield client


def dialog_of(client: httpx.Client, **more: Any) -> str:
    body = {"title": "Story", "model_name": MODEL, **more}
    return str(client.post("/api/v1/dialogs", json=body).raise_for_status().json()["id"])


def events_of(answer: httpx.Response) -> list[Any]:
    return [json.loads(line[6:]) for line in answer.text.split("\n") if line.startswith("data: ")]


def test_a_user_talks(stack: LocalStack, upstream: BackgroundUpstream) -> None:
    with user(stack, "ada") as ada:
        path = f"/api/v1/dialogs/{dialog_of(ada, system_prompt='Be brief.', agent='code_assistant')}/messages"
        upstream.add(streamed("Hel", "lo"), model="scripted")
        answer = ada.post(path, json={"content": "Hi", "message_id": "m-1"})
        assert answer.headers["content-type"].startswith("text/event-stream")
        told = events_of(answer)
        assert [event["content"] for event in told] == ["Hel", "lo", ""]
        assert [event["done"] for event in told] == [False, False, True]
        assert set(told[-1]) == {"content", "done", "message_id", "prompt_tokens", "completion_tokens"}

        upstream.add(said("Fine."), model="scripted")
        whole = ada.post(f"{path}/sync", json={"content": "How are you?"})
        assert whole.status_code == 201
        assert whole.json()["content"] == "Fine."
        sent = json.loads(upstream.journal[-1].body)
        assert [message["content"] for message in sent["messages"]] == ["Be brief.", "Hi", "Hello", "How are you?"]
        assert (sent["temperature"], sent["max_completion_tokens"]) == (0.2, 4096)

        again = ada.post(path, json={"content": "Hi", "message_id": "m-1"})
        assert events_of(again)[-1] == told[-1]
        assert again.headers["x-gateway-replay"] == "true"

        listed = ada.get(path).json()
        assert [(one["role"], one["content"]) for one in listed] == [
            ("user", "Hi"),
            ("assistant", "Hello"),
            ("user", "How are you?"),
            ("assistant", "Fine."),
        ]
        assert listed[0]["id"] == "m-1"
        assert listed[1]["id"] == told[-1]["message_id"]
        dialog = ada.get(path.removesuffix("/messages")).json()
        assert dialog["message_count"] == 4
        assert dialog["updated_at"] > dialog["created_at"]


def test_a_dialog_is_its_owners_alone(stack: LocalStack, call: Call) -> None:
    with user(stack, "ada") as ada, user(stack, "eve") as eve, stack.admin() as admin:
        mine = dialog_of(ada)
        told = []
        for client, dialog in ((eve, mine), (eve, "dlg_" + "0" * 32), (admin, mine)):
            path = f"/api/v1/dialogs/{dialog}/messages"
            for answer in (
                client.get(path),
                client.post(path, json={"content": "x"}),
                client.post(f"{path}/sync", json={"content": "x"}),
            ):
                body = answer.json()
                body.pop("request_id")
                told.append((answer.status_code, body))
        assert told == [told[0]] * 9
        assert told[0][0] == 404
        assert ada.get(f"/api/v1/dialogs/{mine}/messages").json() == []
    with call.http() as key:
        assert key.get(f"/api/v1/dialogs/{mine}/messages").status_code == 404
    call.rows(1)


def test_a_key_talks_through_either_door(stack: LocalStack, upstream: BackgroundUpstream, call: Call) -> None:
    with httpx.Client(base_url=stack.url, headers={"authorization": f"Bearer {stack.secrets.virtual_key}"}) as client:
        path = f"/api/v1/dialogs/{dialog_of(client)}/messages"
    upstream.add(streamed("Hel", "lo"), said("Fine."), model="scripted")
    with call.http() as key:
        assert "".join(event["content"] for event in events_of(key.post(path, json={"content": "Hi"}))) == "Hello"
        assert key.post(f"{path}/sync", json={"content": "And?"}).status_code == 201
        assert len(key.get(path, params={"skip": 1, "limit": 2}).json()) == 2
        refused = key.post(path, json={"content": ""})
        assert (refused.status_code, refused.json()["code"]) == (400, "VALIDATION_ERROR")
    statuses = [row["status"] for row in call.rows(3)]
    assert statuses == [200, 201, 400], "a list that was read is no request to a model"


BROKEN = stream_of("Hel", "lo", end=False)


@pytest.mark.parametrize("by", ["reset", "close", "clean"])
def test_a_stream_that_breaks_ends_once_and_may_be_asked_again(
    stack: LocalStack, upstream: BackgroundUpstream, by: Any
) -> None:
    with user(stack, "ada") as ada:
        path = f"/api/v1/dialogs/{dialog_of(ada)}/messages"
        upstream.add(cut(BROKEN, len(BROKEN), by), streamed("All of it."), model="scripted")
        body = {"content": "Hi", "message_id": "m-1"}
        told = events_of(ada.post(path, json=body))
        assert [event["done"] for event in told].count(True) == 1
        assert set(told[-1]) == {"error", "done"}
        question, partial = ada.get(path).json()
        assert question["error"]["code"] == partial["error"]["code"] == told[-1]["error"]["code"] == "LLM_ERROR"
        assert partial["content"] == "Hello"
        assert events_of(ada.post(path, json=body))[0]["content"] == "All of it."
        assert [(one["content"], one["error"]) for one in ada.get(path).json()] == [("Hi", None), ("All of it.", None)]


def test_a_token_that_was_signed_out_is_refused_within_its_trust(stack: LocalStack) -> None:
    with user(stack, "ada") as ada:
        path = f"/api/v1/dialogs/{dialog_of(ada)}/messages"
        ada.post("/api/auth/logout").raise_for_status()
        answer = ada.get(path)  # nobody has asked about this token here yet
        assert (answer.status_code, answer.json()["code"]) == (401, "UNAUTHORIZED")

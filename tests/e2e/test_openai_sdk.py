"""The official `openai` client through each door, against the byte-exact upstream."""

from __future__ import annotations

import json
import time
from typing import Any

import openai
import pytest
from tests.e2e.configuration import model_of
from tests.e2e.doors import Call
from tests.e2e.expectations import check_usage, expected
from tests.upstream import fixtures, reply
from tests.upstream.background import BackgroundUpstream
from tests.upstream.faults import error_body
from tests.upstream.fixtures import Fixture

CHAT = [fixture for fixture in fixtures.load() if fixture.dialect == "openai_chat"]
EMBEDDINGS = [fixture for fixture in fixtures.load() if fixture.dialect == "openai_embeddings"]


def calls_of(message: Any) -> list[dict[str, Any]]:
    return [
        {"name": call.function.name, "arguments": json.loads(call.function.arguments)}
        for call in message.tool_calls or []
    ]


@pytest.mark.parametrize("fixture", CHAT, ids=lambda fixture: fixture.case)
def test_whole_answer(call: Call, fixture: Fixture) -> None:
    asked = fixture.asked(False, model_of(fixture))
    asked.pop("stream_options", None)
    known, extra = split_known(asked)
    answer = call.openai().chat.completions.create(**known, extra_body=extra)
    wanted = expected(fixture)
    message = answer.choices[0].message
    assert answer.choices[0].finish_reason == wanted["finish"]
    assert message.content == wanted.get("text")
    assert message.refusal == wanted.get("refusal")
    assert calls_of(message) == wanted.get("tools", [])
    row = call.row()
    assert (row["status"], row["stream"], row["requested_model"], row["upstream_model"]) == (
        200,
        False,
        model_of(fixture),
        fixture.case,
    )
    check_usage(row, wanted["usage"])


@pytest.mark.parametrize("fixture", CHAT, ids=lambda fixture: fixture.case)
def test_stream(call: Call, fixture: Fixture) -> None:
    known, extra = split_known(fixture.asked(True, model_of(fixture)))
    text, refusal, finish = "", "", None
    calls: dict[int, dict[str, str]] = {}
    for chunk in call.openai().chat.completions.create(**known, extra_body=extra):
        for choice in chunk.choices:
            if choice.index:
                continue
            text += choice.delta.content or ""
            refusal += choice.delta.refusal or ""
            finish = choice.finish_reason or finish
            for part in choice.delta.tool_calls or []:
                entry = calls.setdefault(part.index, {"name": "", "arguments": ""})
                entry["name"] += part.function.name or ""
                entry["arguments"] += part.function.arguments or ""
    wanted = expected(fixture)
    assert (text, refusal, finish) == (wanted.get("text", ""), wanted.get("refusal", ""), wanted["finish"])
    made = [{"name": entry["name"], "arguments": json.loads(entry["arguments"])} for _, entry in sorted(calls.items())]
    assert made == wanted.get("tools", [])
    row = call.row()
    assert (row["status"], row["stream"], row.get("error")) == (200, True, None)
    check_usage(row, wanted["usage"])


def split_known(asked: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The request's fields that the client has a parameter for, and the rest for `extra_body`."""
    extra = {name: value for name, value in asked.items() if name.startswith("x_") or name == "vendor_extension"}
    if isinstance(asked.get("stream_options"), dict):
        asked["stream_options"] = {"include_usage": True}
    return {name: value for name, value in asked.items() if name not in extra}, extra


@pytest.mark.parametrize("fixture", EMBEDDINGS, ids=lambda fixture: fixture.case)
def test_embeddings(call: Call, fixture: Fixture) -> None:
    asked = fixture.asked(False, model_of(fixture))
    extra = {"x_mode": asked.pop("x_mode")} if "x_mode" in asked else {}
    answer = call.openai().embeddings.create(**asked, extra_body=extra)
    assert len(answer.data) == expected(fixture)["vectors"]
    row = call.row()
    assert (row["status"], row["dialect"]) == (200, "openai")
    check_usage(row, expected(fixture)["usage"])


def test_models_list_and_retrieve(call: Call) -> None:
    client = call.openai()
    listed = list(client.models.list())
    assert {"chat-text", "claude-text", "embed-text"} <= {model.id for model in listed}
    assert all(model.object == "model" and model.created >= 0 and model.owned_by for model in listed)
    assert client.models.retrieve("chat-text").id == "chat-text"
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("chat-nothing")


def test_models_list_shows_only_what_the_key_may_use(call: Call) -> None:
    client = call.openai(call.door.secrets.limited_key)
    assert [model.id for model in client.models.list()] == ["chat-text"]
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("chat-tools")


ERRORS: list[tuple[str, type[openai.APIStatusError]]] = [
    ("status_400", openai.BadRequestError),
    ("status_401", openai.AuthenticationError),
    ("status_403", openai.PermissionDeniedError),
    ("status_404", openai.NotFoundError),
    ("status_409", openai.ConflictError),
    ("status_422", openai.UnprocessableEntityError),
    ("status_429", openai.RateLimitError),
    ("status_500", openai.InternalServerError),
    ("status_503", openai.InternalServerError),
]


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize(("fault", "kind"), ERRORS, ids=[name for name, _ in ERRORS])
def test_upstream_errors_come_back_typed_and_unchanged(
    call: Call, fault: str, kind: type[openai.APIStatusError], stream: bool
) -> None:
    with pytest.raises(kind) as raised:
        call.openai().chat.completions.create(
            model=f"chat-fault-{fault}", messages=[{"role": "user", "content": "hi"}], stream=stream
        )
    status = int(fault.removeprefix("status_"))
    assert raised.value.status_code == status
    assert raised.value.response.content == error_body("openai_chat", status)
    assert raised.value.code == f"upstream_{status}"
    assert raised.value.request_id == f"req_upstream_{status}"
    row = call.row()
    assert row["status"] == status
    assert row.get("error")


def test_wrong_key_is_an_authentication_error(call: Call) -> None:
    with pytest.raises(openai.AuthenticationError) as raised:
        call.openai("sk-gw-wrong").chat.completions.create(
            model="chat-text", messages=[{"role": "user", "content": "hi"}]
        )
    assert raised.value.code == "invalid_api_key"
    assert call.row()["status"] == 401


def test_unknown_model_names_near_matches(call: Call, upstream: BackgroundUpstream) -> None:
    before = len(upstream.journal)
    with pytest.raises(openai.NotFoundError) as raised:
        call.openai().chat.completions.create(model="chat-texd", messages=[{"role": "user", "content": "hi"}])
    assert "chat-text" in str(raised.value)
    assert raised.value.code == "model_not_found"
    assert len(upstream.journal) == before


def test_retry_after_is_honoured(call: Call, upstream: BackgroundUpstream) -> None:
    limited = reply(429, error_body("openai_chat", 429), (("content-type", "application/json"), ("retry-after", "1")))
    upstream.add(
        limited, fixtures.by_name("openai_chat/text").steps(False), path="/v1/chat/completions", model="scripted"
    )
    start = time.monotonic()
    answer = call.openai(max_retries=1).chat.completions.create(
        model="chat-scripted", messages=[{"role": "user", "content": "hi"}]
    )
    assert answer.choices[0].finish_reason == "stop"
    assert 0.9 < time.monotonic() - start < 8
    assert [row["status"] for row in call.rows(2)] == [429, 200]


@pytest.mark.parametrize("fault", ["stream_error_event_first", "stream_error_event_after_content"])
def test_error_event_in_a_stream_is_raised(call: Call, fault: str) -> None:
    with pytest.raises(openai.APIError):
        list(
            call.openai().chat.completions.create(
                model=f"chat-fault-{fault}", messages=[{"role": "user", "content": "hi"}], stream=True
            )
        )
    assert call.row().get("error")

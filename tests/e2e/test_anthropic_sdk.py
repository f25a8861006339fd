"""The official `anthropic` client through each door, against the byte-exact upstream."""

from __future__ import annotations

import time
from typing import Any

import anthropic
import pytest
from tests.e2e.configuration import model_of
from tests.e2e.doors import Call
from tests.e2e.expectations import check_usage, expected
from tests.upstream import fixtures, reply
from tests.upstream.background import BackgroundUpstream
from tests.upstream.faults import error_body
from tests.upstream.fixtures import Fixture

MESSAGES = [fixture for fixture in fixtures.load() if fixture.dialect == "anthropic_messages"]
HI: Any = [{"role": "user", "content": "hi"}]
EXTRA = ("temperature", "x_big", "x_exp", "x_vendor", "context_management", "output_config", "mcp_servers")


def split_known(asked: dict[str, Any]) -> dict[str, Any]:
    """The request as keyword arguments; what the client has no parameter for goes through `extra_body`."""
    asked.pop("stream", None)
    extra = {name: asked.pop(name) for name in EXTRA if name in asked}
    return {**asked, "extra_body": extra}


def found(message: anthropic.types.Message) -> dict[str, Any]:
    """What the fixture's expectations speak of."""
    result: dict[str, Any] = {"finish": message.stop_reason}
    text = "".join(block.text for block in message.content if block.type == "text")
    tools = [{"name": block.name, "arguments": block.input} for block in message.content if block.type == "tool_use"]
    thinking = [block for block in message.content if block.type == "thinking"]
    if text:
        result["text"] = text
    if tools:
        result["tools"] = tools
    if thinking:
        result |= {"thinking": thinking[0].thinking, "signature": thinking[0].signature}
    return result


@pytest.mark.parametrize("fixture", MESSAGES, ids=lambda fixture: fixture.case)
def test_whole_answer(call: Call, fixture: Fixture) -> None:
    message = call.anthropic().messages.create(**split_known(fixture.asked(False, model_of(fixture))))
    wanted = expected(fixture)
    assert found(message) == {name: value for name, value in wanted.items() if name != "usage"}
    row = call.row()
    assert (row["status"], row["stream"], row["upstream_model"]) == (200, False, fixture.case)
    assert row["upstream_request_id"] == f"req_upstream_{fixture.case}"
    check_usage(row, wanted["usage"])


@pytest.mark.parametrize(
    "fixture", [item for item in MESSAGES if item.case != "unknown_fields"], ids=lambda fixture: fixture.case
)
def test_stream_with_the_accumulating_helper(call: Call, fixture: Fixture) -> None:
    with call.anthropic().messages.stream(**split_known(fixture.asked(True, model_of(fixture)))) as stream:
        message = stream.get_final_message()
    wanted = {name: value for name, value in expected(fixture).items() if name != "usage"}
    if fixture.case == "refusal":
        wanted["text"] = "I"
    assert found(message) == wanted
    row = call.row()
    assert (row["status"], row["stream"], row.get("error")) == (200, True, None)
    check_usage(row, expected(fixture)["usage"])


@pytest.mark.parametrize("fixture", MESSAGES, ids=lambda fixture: fixture.case)
def test_raw_stream_events(call: Call, fixture: Fixture) -> None:
    events = list(call.anthropic().messages.create(**split_known(fixture.asked(True, model_of(fixture))), stream=True))
    assert events[0].type == "message_start"
    assert events[-1].type == "message_stop"
    text = "".join(
        event.delta.text for event in events if event.type == "content_block_delta" and event.delta.type == "text_delta"
    )
    assert text == ("I" if fixture.case == "refusal" else expected(fixture).get("text", ""))


def test_count_tokens(call: Call) -> None:
    counted = call.anthropic().messages.count_tokens(model="claude-text", messages=HI, system="be kind")
    assert counted.input_tokens == 2095
    row = call.row()
    assert (row["status"], row["path"]) == (200, "/v1/messages/count_tokens")
    assert row.get("cost_nano", 0) == 0, "counting is free"


def test_models_list_and_retrieve(call: Call) -> None:
    client = call.anthropic()
    listed = list(client.models.list(limit=1000))
    assert "claude-text" in {model.id for model in listed}
    assert all(model.type == "model" and model.display_name for model in listed)
    assert client.models.retrieve("claude-text").id == "claude-text"
    with pytest.raises(anthropic.NotFoundError):
        client.models.retrieve("claude-nothing")


ERRORS: list[tuple[str, type[anthropic.APIStatusError]]] = [
    ("status_400", anthropic.BadRequestError),
    ("status_401", anthropic.AuthenticationError),
    ("status_403", anthropic.PermissionDeniedError),
    ("status_404", anthropic.NotFoundError),
    ("status_413", anthropic.RequestTooLargeError),
    ("status_429", anthropic.RateLimitError),
    ("status_500", anthropic.InternalServerError),
    ("status_529", anthropic.OverloadedError),
]


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize(("fault", "kind"), ERRORS, ids=[name for name, _ in ERRORS])
def test_upstream_errors_come_back_typed_and_unchanged(
    call: Call, fault: str, kind: type[anthropic.APIStatusError], stream: bool
) -> None:
    with pytest.raises(kind) as raised:
        call.anthropic().messages.create(model=f"claude-fault-{fault}", max_tokens=9, messages=HI, stream=stream)
    status = int(fault.removeprefix("status_"))
    assert raised.value.status_code == status
    assert raised.value.response.content == error_body("anthropic_messages", status)
    assert raised.value.request_id == f"req_upstream_{status}"
    assert call.row()["status"] == status


@pytest.mark.parametrize("how", ["api_key", "auth_token"])
def test_both_ways_of_sending_the_key(call: Call, how: str) -> None:
    credential: dict[str, Any] = {"api_key": None, "auth_token": None, how: call.door.secrets.virtual_key}
    client = call.anthropic(**credential)
    message = client.messages.create(
        **split_known(fixtures.by_name("anthropic_messages/text").asked(False, "claude-text"))
    )
    assert message.stop_reason == "end_turn"
    assert call.row()["status"] == 200


def test_wrong_key_is_an_authentication_error(call: Call) -> None:
    with pytest.raises(anthropic.AuthenticationError) as raised:
        call.anthropic("sk-gw-wrong").messages.create(model="claude-text", max_tokens=9, messages=HI)
    assert isinstance(raised.value.body, dict)
    assert raised.value.body["error"]["type"] == "authentication_error"
    assert call.row()["status"] == 401


def test_retry_after_is_honoured(call: Call, upstream: BackgroundUpstream) -> None:
    limited = reply(
        429, error_body("anthropic_messages", 429), (("content-type", "application/json"), ("retry-after", "1"))
    )
    upstream.add(
        limited, fixtures.by_name("anthropic_messages/text").steps(False), path="/v1/messages", model="scripted"
    )
    start = time.monotonic()
    message = call.anthropic(max_retries=1).messages.create(model="claude-scripted", max_tokens=9, messages=HI)
    assert message.stop_reason == "end_turn"
    assert 0.9 < time.monotonic() - start < 8
    assert [row["status"] for row in call.rows(2)] == [429, 200]


@pytest.mark.parametrize("fault", ["stream_error_event_first", "stream_error_event_after_content"])
def test_error_event_in_a_stream_is_raised(call: Call, fault: str) -> None:
    with pytest.raises(anthropic.APIStatusError):
        list(call.anthropic().messages.create(model=f"claude-fault-{fault}", max_tokens=9, messages=HI, stream=True))
    assert call.row().get("error")

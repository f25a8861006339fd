"""Reading Responses traffic beside a relay."""

from __future__ import annotations

import orjson
import pytest
from tests.wire.openai_responses.kit import CASES, GOOD, fixture, load, parsed, stream

from gateway.errors import GatewayError, InvalidRequest, UpstreamFault
from gateway.wire.openai_responses import errors, request, response
from gateway.wire.openai_responses.stream import ResponsesRelay


@pytest.mark.parametrize("case", CASES)
def test_a_request_passes_with_its_model_replaced(case: str) -> None:
    raw = fixture(case, "request.json")
    peek = request.peek(raw)
    assert request.relay_body(peek, peek.model, ask_usage=True) == raw
    changed = request.relay_body(peek, "other", ask_usage=True)
    assert orjson.loads(changed) == {**orjson.loads(raw), "model": "other"}
    assert peek.stream is bool(orjson.loads(raw).get("stream"))


@pytest.mark.parametrize(
    ("raw", "param"),
    [
        (b'{"input":"hi"}', "model"),
        (b'{"model":"","input":"hi"}', "model"),
        (b'{"model":"m","input":5}', "input"),
        (b'{"model":"m","input":{}}', "input"),
        (b'{"model":"m","input":"hi","stream":"yes"}', "stream"),
    ],
)
def test_a_request_that_cannot_be_routed(raw: bytes, param: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        request.peek(raw)
    assert caught.value.param == param


def test_a_stored_prompt_needs_no_input() -> None:
    assert request.peek(b'{"model":"m","prompt":{"id":"pmpt_1"}}').model == "m"


@pytest.mark.parametrize("case", GOOD)
def test_usage_and_text_of_an_answer(case: str) -> None:
    body, expected = load(case, "response"), load(case, "expected")
    found = response.usage(body)
    assert found is not None
    assert {name: getattr(found, name) for name in expected["usage"]} == expected["usage"]
    assert response.error(body) is None
    assert expected["text"] in response.text(body)


def test_usage_that_is_none() -> None:
    assert response.usage({"usage": None}) is None
    assert response.usage({"usage": {"prompt_tokens": 1}}) is None


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"error": None, "status": "completed"}, None),
        ({"error": {"type": "server_error", "message": "m"}}, "server_error"),
        ({"error": {"code": "rate_limit_exceeded"}, "status": "failed"}, "rate_limit_exceeded"),
        ({"error": "broken"}, "upstream_error"),
        ({"type": "error", "code": "x"}, "x"),
        ({"status": "failed"}, "upstream_error"),
    ],
)
def test_an_error_inside_a_success(body: dict[str, object], kind: str | None) -> None:
    assert response.error(body) == kind


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_a_stream_passes_byte_for_byte(case: str, size: int) -> None:
    raw = fixture(case, "stream.sse")
    reader = ResponsesRelay()
    told = b"".join(reader.feed(raw[at : at + size]) for at in range(0, len(raw), size)) + reader.close()
    assert told == raw
    end, expected = reader.end(), load(case, "expected")
    assert end.finished is (case != "failed")
    if case == "failed":
        assert end.error == "rate_limit_exceeded"
        assert orjson.loads(reader.error_data)["error"]["message"].startswith("Rate limit")
        assert end.text == "Hel"
        return
    assert end.usage is not None
    assert {name: getattr(end.usage, name) for name in expected["usage"]} == expected["usage"]


@pytest.mark.parametrize("case", GOOD)
def test_a_cut_stream_is_not_finished(case: str) -> None:
    raw = fixture(case, "stream.sse").rstrip(b"\n")
    for at in range(0, len(raw), 31):
        reader = ResponsesRelay()
        reader.feed(raw[:at])
        reader.close()
        assert not reader.end().finished, at


def test_text_is_kept_for_an_estimate() -> None:
    reader = ResponsesRelay()
    reader.feed(fixture("parallel_tools", "stream.sse")[:-2000])
    text = reader.end().text
    assert text is not None
    assert text.startswith('Let me look again.{"city":"Rome"}')


def test_an_error_event_is_noted() -> None:
    reader = ResponsesRelay()
    reader.feed(stream({"type": "error", "code": "server_error", "message": "m", "param": None, "sequence_number": 3}))
    assert (reader.error, reader.finished) == ("server_error", False)
    assert orjson.loads(reader.error_data)["error"]["message"] == "m"


def test_our_failure_goes_on_with_the_stream() -> None:
    raw = fixture("text", "stream.sse")
    cut = raw.index(b"event: response.output_text.done")
    reader = ResponsesRelay()
    passed = reader.feed(raw[:cut])
    events = parsed(passed + reader.failure(UpstreamFault("The provider broke off."), "r9"))
    assert [data["sequence_number"] for _, data in events] == list(range(len(events)))
    last = events[-1][1]["response"]
    assert (last["id"], last["status"]) == ("resp_01", "failed")
    assert last["error"] == {"code": "server_error", "message": "The provider broke off."}


def test_a_failure_of_a_stream_nothing_is_known_of() -> None:
    names = [name for name, _ in parsed(errors.stream_error(GatewayError("No."), "r9"))]
    assert names == ["error", "response.failed"]


@pytest.mark.parametrize(
    ("kind", "status"),
    [("context_length_exceeded", 400), ("image_too_large", 400), ("rate_limit_exceeded", 429), ("server_error", 502)],
)
def test_status_of(kind: str, status: int) -> None:
    assert errors.status_of(kind) == status


@pytest.mark.parametrize(("options", "left"), [
    (b'{"include_usage":true}', None), (b'{"include_usage":true,"include_obfuscation":false}', {"include_obfuscation": False}),
])  # fmt: skip
def test_a_wish_of_chat_completions_is_not_passed_on(options: bytes, left: object) -> None:
    """Cursor sends it with Responses; OpenAI answers "Unknown parameter"."""
    raw = b'{"model":"m", "input":"hi", "stream_options":' + options + b', "stream":true}'
    sent = request.relay_body(request.peek(raw), "m", ask_usage=True)
    assert orjson.loads(sent)["stream_options"] == left
    assert sent.startswith(b'{"model":"m", "input":"hi", ')

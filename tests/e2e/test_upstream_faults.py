"""Everything an upstream was seen to do wrong, at each door, in both dialects, streamed and not.

The client always gets something its SDK raises; a fault never looks like a success to it; and each request leaves one row that says what happened.
"""

from __future__ import annotations

import anthropic
import httpx
import httpx2
import openai
import pytest
from tests.e2e.configuration import FAULTS
from tests.e2e.dialects import PATH, ends_well, ends_with_error, request
from tests.e2e.doors import Call
from tests.upstream import faults
from tests.upstream.background import BackgroundUpstream
from tests.upstream.steps import Send

CHAT, CLAUDE = openai.OpenAI(api_key="x"), anthropic.Anthropic(api_key="x")
TIMED_OUT = {name for name in faults.HANGING if name in faults.ANSWERS} | {"stream_silent_before_first_event"}
PASSED_ON = {name: int(name.split("_")[1]) for name in FAULTS if name.startswith(("status_4", "status_5"))}
# A 200 whose body says something readable: passed on for what it is.
READABLE = {"body_longer_than_announced", "gzip_not_asked", "ok_error_object", "ok_json_array"}
ANSWERED_WRONG = [
    name
    for name in faults.ANSWERS
    if name not in PASSED_ON and name not in READABLE and not name.startswith("status_line")
]


def sdk_raises(prefix: str, answer: httpx.Response) -> bool:
    """Whether the dialect's SDK makes an exception of its own of this answer."""
    request = httpx2.Request("POST", "http://gateway.test")
    same = httpx2.Response(
        answer.status_code, headers=list(answer.headers.multi_items()), content=answer.content, request=request
    )
    if prefix == "claude":
        return isinstance(CLAUDE._make_status_error_from_response(same), anthropic.APIStatusError)
    return isinstance(CHAT._make_status_error_from_response(same), openai.APIStatusError)


def ask(call: Call, prefix: str, fault: str, stream: bool) -> httpx.Response:
    with call.http() as client:
        return client.post(PATH[prefix], json=request(prefix, f"{prefix}-fault-{fault}", stream))


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("prefix", ["chat", "claude"])
@pytest.mark.parametrize("fault", [*ANSWERED_WRONG, "status_line_without_number"])
def test_useless_answers_become_gateway_errors(call: Call, prefix: str, fault: str, stream: bool) -> None:
    answer = ask(call, prefix, fault, stream)
    if answer.status_code == 200:
        assert stream, "only a stream may have begun"
        assert ends_with_error(prefix, answer.content)
        assert not ends_well(prefix, answer.content)
    else:
        assert answer.status_code == (504 if fault in TIMED_OUT else 502)
        assert sdk_raises(prefix, answer)
    assert "location" not in answer.headers
    row = call.row()
    assert row["status"] == (answer.status_code if answer.status_code >= 400 else row["status"]) >= 500
    assert str(row["error"]).startswith("upstream_")
    assert answer.elapsed.total_seconds() < 5


@pytest.mark.parametrize("prefix", ["chat", "claude"])
@pytest.mark.parametrize("fault", sorted(faults.STREAMS))
def test_broken_streams_end_in_an_error(call: Call, prefix: str, fault: str) -> None:
    answer = ask(call, prefix, fault, True)
    if answer.status_code == 200:
        assert ends_with_error(prefix, answer.content), answer.content[-300:]
        assert not ends_well(prefix, answer.content)
    else:
        assert answer.status_code >= 500, "an error event before any content is still a real status"
        assert sdk_raises(prefix, answer)
    row = call.row()
    assert row["status"] >= 500, "whatever status had to be sent before, the row says how it ended"
    assert row["error"]
    assert answer.content.count(b'"error"') <= 2 if prefix == "claude" else answer.content.count(b'"error"') <= 1


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("prefix", ["chat", "claude"])
@pytest.mark.parametrize("fault", sorted(PASSED_ON))
def test_error_answers_pass_through(call: Call, prefix: str, fault: str, stream: bool) -> None:
    answer = ask(call, prefix, fault, stream)
    dialect = "openai_chat" if prefix == "chat" else "anthropic_messages"
    written = [step.data for step in FAULTS[fault](dialect) if isinstance(step, Send)]
    assert answer.status_code == PASSED_ON[fault]
    assert answer.content == b"".join(written[1:])
    assert sdk_raises(prefix, answer)
    row = call.row()
    assert row["status"] == PASSED_ON[fault]
    assert row["error"]


@pytest.mark.parametrize("prefix", ["chat", "claude"])
@pytest.mark.parametrize("fault", sorted(READABLE))
def test_odd_but_readable_answers(call: Call, prefix: str, fault: str) -> None:
    answer = ask(call, prefix, fault, False)
    row = call.row()
    assert row["status"] == answer.status_code
    assert answer.status_code in {200, 502}
    if answer.status_code == 502:
        assert row["error"]
        assert sdk_raises(prefix, answer)
    elif fault == "gzip_not_asked":
        assert answer.json()["id"] == "zipped", "either decoded, or passed on with its content-encoding"
    elif fault == "ok_error_object":
        assert row.get("error"), "a 200 that holds an error is not a success"


@pytest.mark.parametrize("prefix", ["chat", "claude"])
@pytest.mark.parametrize("script", sorted(faults.CONNECT))
def test_connections_that_end_before_the_request(
    call: Call, upstream: BackgroundUpstream, prefix: str, script: str
) -> None:
    upstream.drop_connections()
    upstream.on_connect(*[faults.CONNECT[script]] * 2)
    with call.http() as client:
        answer = client.post(PATH[prefix], json=request(prefix, f"{prefix}-hasty"))
    upstream.forget_connect_scripts()
    assert answer.status_code == (504 if script == "silent_on_accept" else 502)
    assert sdk_raises(prefix, answer)
    assert call.row()["error"]

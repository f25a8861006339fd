"""What a relay reads of Gemini: bodies, usage, the end of a stream, the array form."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from gateway.errors import GatewayError, InvalidRequest, Unavailable
from gateway.neutral.listing import Listed
from gateway.neutral.usage import Usage
from gateway.wire import sse
from gateway.wire.gemini import counting, embeddings, errors, models, request, response
from gateway.wire.gemini.array import ArrayStream
from gateway.wire.gemini.stream import GeminiRelay


def event(**members: Any) -> bytes:
    return b"data: " + orjson.dumps(members) + b"\r\n\r\n"


def candidate(text: str, finish: str | None = None, index: int | None = None) -> dict[str, Any]:
    found: dict[str, Any] = {"content": {"parts": [{"text": text}], "role": "model"}}
    if finish is not None:
        found["finishReason"] = finish
    if index is not None:
        found["index"] = index
    return found


USED = {"promptTokenCount": 10, "candidatesTokenCount": 3, "totalTokenCount": 13}


def test_the_body_is_relayed_byte_for_byte() -> None:
    raw = b'{ "contents": [ {"parts":[{"text":"h\\u0069", "n": 1.0e+2}]} ], "x_new": 12345678901234567890123 }'
    assert request.relay_body(request.peek(raw, model="a", stream=False), "b", ask_usage=True) == raw


def test_lists_of_one_may_lack_their_brackets() -> None:
    """Google's own examples write `"contents": {"parts": {…}}`."""
    raw = b'{"contents": {"parts": {"text": "hi"}}}'
    assert request.peek(raw, model="a", stream=False).body.raw == raw
    assert counting.peek(raw, model="a").body.raw == raw


def test_a_model_in_the_body_is_the_upstreams() -> None:
    raw = b'{"model":"models/other", "contents": [{}]}'
    peek = request.peek(raw, model="a", stream=True)
    assert peek.model == "a"
    assert peek.stream
    assert request.relay_body(peek, "up", ask_usage=False) == b'{"model":"models/up", "contents": [{}]}'


@pytest.mark.parametrize("body", [b"{}", b'{"contents":[]}', b'{"contents":{}}', b'{"contents":null}', b"[]", b""])
def test_contents_are_needed(body: bytes) -> None:
    with pytest.raises(InvalidRequest):
        request.peek(body, model="a", stream=False)


@pytest.mark.parametrize(
    ("raw", "sent"),
    [
        (b'{"contents": [{}]}', b'{"contents": [{}]}'),
        (
            b'{"generateContentRequest": { "model" : "models/a", "contents": [{}] }}',
            b'{"generateContentRequest": { "model" : "models/up", "contents": [{}] }}',
        ),
        (
            b'{"generate_content_request": {"contents":[{"model":"stays"}],"model":"a"}}',
            b'{"generate_content_request": {"contents":[{"model":"stays"}],"model":"models/up"}}',
        ),
    ],
)
def test_count_tokens(raw: bytes, sent: bytes) -> None:
    peek = counting.peek(raw, model="a")
    assert counting.relay_body(peek, "up", ask_usage=True) == sent
    assert isinstance(counting.prompt(peek.body.data)["contents"], list)


@pytest.mark.parametrize(
    "raw",
    [
        b"{}",
        b'{"generateContentRequest": 1}',
        b'{"generateContentRequest": {}}',
        b'{"contents": [{}], "generateContentRequest": {"contents":[{}]}}',
        b'{"generateContentRequest": {"contents":[{}]}, "generate_content_request": {"contents":[{}]}}',
    ],
)
def test_count_tokens_refuses(raw: bytes) -> None:
    with pytest.raises(InvalidRequest):
        counting.peek(raw, model="a")


def test_embeddings_name_the_upstreams_model_everywhere() -> None:
    raw = b'{"model":"models/a","content":{"parts":[{"text":"x"}]}}'
    peek = embeddings.peek(raw, model="a")
    assert embeddings.relay_body(peek, "up", ask_usage=True) == raw.replace(b"models/a", b"models/up")
    batch = b'{"requests": [ {"model":"models/a","content":{"parts":[{"text":"]}{\\"model"}]}} , {"content":{"model":1}},{"model":"a"}]}'
    wanted = batch.replace(b'"models/a"', b'"models/up"').replace(b'"model":"a"', b'"model":"models/up"')
    assert embeddings.relay_body(embeddings.peek_batch(batch, model="a"), "up", ask_usage=True) == wanted


@pytest.mark.parametrize("raw", [b"{}", b'{"requests":[]}', b'{"requests":[1]}', b'{"requests":[[{}]]}'])
def test_batches_refuse(raw: bytes) -> None:
    with pytest.raises(InvalidRequest):
        embeddings.peek_batch(raw, model="a")


def test_a_model_that_is_no_string_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="model"):
        embeddings.relay_body(embeddings.peek(b'{"model":1,"content":{}}', model="a"), "up", ask_usage=True)


def test_usage_buckets_are_disjoint() -> None:
    data = {
        "promptTokenCount": 100,
        "cachedContentTokenCount": 60,
        "toolUsePromptTokenCount": 7,
        "candidatesTokenCount": 5,
        "thoughtsTokenCount": 20,
        "totalTokenCount": 132,
    }
    found = response.usage({"usageMetadata": data})
    assert found == Usage(fresh=47, cache_read=60, output=25, reasoning=20, source="upstream")
    assert found.input_total + found.output == 132
    assert response.usage({"usageMetadata": {"trafficType": "ON_DEMAND"}}) is None
    assert response.usage({}) is None


def run(data: bytes, step: int) -> tuple[GeminiRelay, bytes]:
    relay = GeminiRelay()
    out = [relay.feed(data[at : at + step]) for at in range(0, len(data), step)]
    return relay, b"".join([*out, relay.close()])


STREAM = event(candidates=[candidate("Hel")], usageMetadata={"promptTokenCount": 10, "totalTokenCount": 10}) + event(
    candidates=[candidate("lo", "STOP")], usageMetadata=USED
)


@pytest.mark.parametrize("step", [1, 7, 10_000])
def test_a_stream_passes_untouched(step: int) -> None:
    relay, out = run(STREAM, step)
    assert out == STREAM
    end = relay.end()
    assert end.finished
    assert end.error is None
    assert end.text is None
    assert end.usage == Usage(fresh=10, output=3, source="upstream")


def test_a_cut_at_every_offset_is_a_cut_until_the_reason_came() -> None:
    first = STREAM.index(b"\r\n\r\n") + 4
    for offset in range(len(STREAM)):
        relay = GeminiRelay()
        passed = relay.feed(STREAM[:offset])
        whole = relay.close()
        end = relay.end()
        complete = offset >= len(STREAM) - 4
        assert end.finished is complete, offset
        assert sse.boundary(passed) == len(passed)
        if first <= offset and not complete:
            assert passed == STREAM[:first]
            assert whole == b""
            assert end.usage is not None
            assert end.usage.source == "estimated"
            assert end.text == "Hel"


def test_a_last_event_without_its_blank_line_gets_one() -> None:
    relay, out = run(STREAM.removesuffix(b"\r\n\r\n"), 10_000)
    assert relay.end().finished
    assert out.endswith(b"}\n\n")


def test_every_candidate_must_end() -> None:
    one = event(candidates=[candidate("a", "STOP", 0), candidate("b", None, 1)])
    assert not run(one, 99)[0].finished
    assert run(one + event(candidates=[candidate("", "STOP", 1)]), 99)[0].finished


def test_a_blocked_prompt_is_a_whole_answer() -> None:
    relay, _ = run(event(promptFeedback={"blockReason": "SAFETY"}, usageMetadata={"promptTokenCount": 4}), 99)
    assert relay.finished
    assert relay.end().usage == Usage(fresh=4, source="upstream")
    assert not run(event(promptFeedback={"safetyRatings": []}), 99)[0].finished


def test_chunks_may_follow_the_reason() -> None:
    late = event(candidates=[candidate("")], usageMetadata={**USED, "candidatesTokenCount": 4})
    relay, out = run(STREAM + late, 10_000)
    assert relay.finished
    assert out == STREAM + late
    usage = relay.end().usage
    assert usage is not None
    assert usage.output == 4


def test_an_error_inside_a_stream() -> None:
    bad = event(error={"code": 503, "message": "overloaded", "status": "UNAVAILABLE"})
    relay, out = run(event(candidates=[candidate("a")]) + bad, 10_000)
    assert relay.error == "UNAVAILABLE"
    assert not relay.finished
    assert out.endswith(bad)
    assert errors.status_of(relay.error) == 503
    assert orjson.loads(relay.error_data)["error"]["code"] == 503


@pytest.mark.parametrize(
    ("kind", "status"), [("RESOURCE_EXHAUSTED", 429), ("429", 429), ("", 502), ("NEW", 502), ("700", 502), ("٤٢٩", 502)]
)
def test_status_of(kind: str, status: int) -> None:
    assert errors.status_of(kind) == status


def test_errors_tell_when_to_retry() -> None:
    error = Unavailable("later", headers={"Retry-After": "7"})
    body = orjson.loads(errors.render(error, "id"))
    assert body["error"]["details"] == [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "7s"}]
    assert body["error"]["status"] == "UNAVAILABLE"
    assert body["error"]["code"] == 503
    dated = Unavailable("later", headers={"retry-after": "Fri, 01 Jan 2027 00:00:00 GMT"})
    assert "details" not in orjson.loads(errors.render(dated, "id"))["error"]


@pytest.mark.parametrize(
    ("data", "message", "code"),
    [
        ({"error": {"code": 400, "message": "bad", "status": "INVALID_ARGUMENT"}}, "bad", "INVALID_ARGUMENT"),
        ([{"error": {"code": 400, "message": "bad"}}], "bad", "400"),
        ({"error": "no"}, "The provider answered 418.", "upstream_error"),
        (None, "The provider answered 418.", "upstream_error"),
        ([], "The provider answered 418.", "upstream_error"),
    ],
)
def test_error_answers(data: Any, message: str, code: str) -> None:
    failed = errors.decode_error(418, data)
    assert (failed.status, failed.message, failed.code) == (418, message, code)


def test_the_array_form_keeps_every_elements_bytes() -> None:
    array = ArrayStream()
    out = array.feed(b": ping\n\n") + array.feed(STREAM[:0]) + array.feed(STREAM)
    out += array.ping() + array.feed(errors.stream_error(GatewayError("cut"), "id")) + array.close()
    datas = [sse.fields(one)[1] for one in sse.split(STREAM)]
    error = sse.fields(errors.stream_error(GatewayError("cut"), "id"))[1]
    assert out == b"[" + datas[0] + b"\n,\r\n" + datas[1] + b"\n" + b"\n,\r\n" + error + b"\n]"
    assert len(orjson.loads(out)) == 3
    assert ArrayStream().close() == b"[]"


def test_models_are_listed_in_pages() -> None:
    listed = [Listed(f"m{n}", "openai", f"M {n}", 0) for n in range(5)]
    seen: list[str] = []
    token: str | None = None
    while True:
        page = models.many(listed, page_size="2", page_token=token)
        seen += [one["name"] for one in page["models"]]
        token = page.get("nextPageToken")
        if token is None:
            break
    assert seen == [f"models/m{n}" for n in range(5)]
    assert models.one(listed[0])["supportedGenerationMethods"] == ["generateContent", "countTokens"]
    known = models.one(Listed("e", "o", "E", 1, 2048, 5, embeds=True))
    assert (known["inputTokenLimit"], known["outputTokenLimit"]) == (2048, 5)
    assert known["supportedGenerationMethods"] == ["embedContent", "batchEmbedContents", "countTokens"]
    assert len(models.many(listed, page_size="0")["models"]) == 5


@pytest.mark.parametrize(
    "query", [{"page_size": "-1"}, {"page_size": "x"}, {"page_token": "%%%"}, {"page_token": "bm9uZQ=="}]
)
def test_bad_pages_are_refused(query: dict[str, str]) -> None:
    with pytest.raises(InvalidRequest):
        models.many([Listed("m", "o", "M", 0)], **query)

"""The table of bad input, through HTTP, at each door: the right status, an error in the dialect of the path, one row, no call upstream."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import anthropic
import httpx
import openai
import pytest
from tests.e2e.configuration import UNREACHABLE
from tests.e2e.dialects import PATH, error_in_body, request
from tests.e2e.doors import Call
from tests.upstream.background import BackgroundUpstream

POSTS = ("/v1/chat/completions", "/v1/responses", "/v1/messages", "/v1/messages/count_tokens", "/v1/embeddings")
MODEL = {
    "/v1/responses": "responses-text",
    "/v1/chat/completions": "chat-text",
    "/v1/messages": "claude-text",
    "/v1/messages/count_tokens": "claude-text",
    "/v1/embeddings": "embed-text",
}
GEMINI_OPERATIONS = (
    "generateContent",
    "streamGenerateContent",
    "streamGenerateContent?alt=sse",
    "countTokens",
    "embedContent",
    "batchEmbedContents",
)
GEMINI_POSTS = tuple(f"/v1beta/models/gemini-text:{operation}" for operation in GEMINI_OPERATIONS)
JSON = {"content-type": "application/json"}


def good(path: str, **more: Any) -> dict[str, Any]:
    """A valid body for a path."""
    if path in GEMINI_POSTS:
        return gemini_body(path) | more
    if path == "/v1/embeddings":
        return {"model": MODEL[path], "input": "hi", **more}
    prefix = "chat" if "chat" in path else "responses" if "responses" in path else "claude"
    return request(prefix, MODEL[path], **more)


def gemini_body(path: str) -> dict[str, Any]:
    """A valid body for an operation of Gemini's, whose path names the model."""
    content = {"role": "user", "parts": [{"text": "hi"}]}
    if path.endswith("batchEmbedContents"):
        return {"requests": [{"model": "models/gemini-text", "content": content}]}
    return {"content": content} if path.endswith("embedContent") else {"contents": [content]}


@dataclass(frozen=True)
class Bad:
    """A body that must be refused with 400. `%MODEL%` stands for a model that would work."""

    name: str
    body: bytes


BODIES = [
    Bad("empty", b""),
    Bad("not_json", b"hello"),
    Bad("html", b"<html></html>"),
    Bad("form", b"model=%MODEL%&messages=hi"),
    Bad("array", b"[]"),
    Bad("string", b'"hi"'),
    Bad("null", b"null"),
    Bad("number", b"1"),
    Bad("half", b'{"model":"%MODEL%","messages":[{"role":"us'),
    Bad("trailing_garbage", b'{"model":"%MODEL%","messages":[{"role":"user","content":"hi"}]} x'),
    Bad("two_documents", b'{"model":"%MODEL%","messages":[]}{"model":"%MODEL%"}'),
    Bad("trailing_comma", b'{"model":"%MODEL%","messages":[{"role":"user","content":"hi"}],}'),
    Bad("single_quotes", b"{'model':'%MODEL%'}"),
    Bad("comment", b'{/* hi */"model":"%MODEL%"}'),
    Bad("not_utf8", b'{"model":"%MODEL%","messages":[{"role":"user","content":"\xff\xfe"}]}'),
    Bad("latin1", '{"model":"%MODEL%","messages":[{"role":"user","content":"grüße"}]}'.encode("latin-1")),
    Bad("utf16", '{"model":"%MODEL%"}'.encode("utf-16")),
    Bad("overlong_utf8", b'{"model":"%MODEL%","messages":[{"role":"user","content":"\xc0\xaf"}]}'),
    Bad("byte_order_mark", b'\xef\xbb\xbf{"model":"%MODEL%","messages":[{"role":"user","content":"hi"}]}'),
    Bad("nan", b'{"model":"%MODEL%","messages":[{"role":"user","content":"hi"}],"input":"x","temperature":NaN}'),
    Bad(
        "infinity",
        b'{"model":"%MODEL%","messages":[{"role":"user","content":"hi"}],"input":"x","temperature":Infinity}',
    ),
    Bad(
        "minus_infinity",
        b'{"model":"%MODEL%","messages":[{"role":"user","content":"hi"}],"input":"x","temperature":-Infinity}',
    ),
    Bad("deep_arrays", b'{"model":"%MODEL%","messages":' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
    Bad("deep_objects", b'{"model":"%MODEL%","x":' + b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b"}"),
    Bad("deep_unclosed", b"[" * 100_000),
    Bad("raw_newline_in_string", b'{"model":"%MODEL%","input":"a\nb","messages":[{"role":"user","content":"a\nb"}]}'),
    Bad("nul_byte", b'{"model":"%MODEL%\x00"}'),
    Bad(
        "duplicate_model",
        b'{"model":"%MODEL%","messages":[{"role":"user","content":"hi"}],"input":"x","model":"chat-tools"}',
    ),
    Bad(
        "duplicate_model_escaped",
        b'{"model":"%MODEL%","messages":[{"role":"user","content":"hi"}],"input":"x","mod\\u0065l":"chat-tools"}',
    ),
    Bad(
        "model_in_other_case_beside",
        b'{"model":"%MODEL%","messages":[{"role":"user","content":"hi"}],"input":"x","Model":"chat-tools"}',
    ),
    Bad("model_in_other_case_alone", b'{"Model":"%MODEL%","messages":[{"role":"user","content":"hi"}],"input":"x"}'),
    Bad(
        "stream_in_other_case",
        b'{"model":"%MODEL%","messages":[{"role":"user","content":"hi"}],"input":"x","Stream":true}',
    ),
    Bad(
        "duplicate_messages",
        b'{"model":"%MODEL%","messages":[],"messages":[{"role":"user","content":"hi"}],"input":"x","input":"y"}',
    ),
    Bad("model_missing", b'{"messages":[{"role":"user","content":"hi"}],"input":"x"}'),
    Bad("model_null", b'{"model":null,"messages":[{"role":"user","content":"hi"}],"input":"x"}'),
    Bad("model_number", b'{"model":7,"messages":[{"role":"user","content":"hi"}],"input":"x"}'),
    Bad("model_list", b'{"model":["%MODEL%"],"messages":[{"role":"user","content":"hi"}],"input":"x"}'),
    Bad("model_empty", b'{"model":"","messages":[{"role":"user","content":"hi"}],"input":"x"}'),
    Bad("model_lone_surrogate", b'{"model":"\\ud800","messages":[{"role":"user","content":"hi"}],"input":"x"}'),
    Bad(
        "model_very_long",
        b'{"model":"' + b"m" * 100_000 + b'","messages":[{"role":"user","content":"hi"}],"input":"x"}',
    ),
    Bad("nothing_to_answer", b'{"model":"%MODEL%"}'),
    Bad("five_megabytes_of_nothing", b"x" * 4_300_000),
]


@pytest.mark.parametrize("bad", BODIES, ids=lambda bad: bad.name)
def test_bad_bodies_are_refused(call: Call, upstream: BackgroundUpstream, bad: Bad) -> None:
    before = len(upstream.journal)
    # In Responses a stored prompt may be all there is, so that `input` is not demanded.
    posts = [path for path in POSTS if bad.name != "nothing_to_answer" or path != "/v1/responses"]
    with call.http(**JSON) as client:
        for path in posts:
            answer = client.post(path, content=bad.body.replace(b"%MODEL%", MODEL[path].encode()))
            assert answer.status_code == 400, (path, answer.text[:200])
            error = error_in_body(path, answer.content)
            assert len(error["message"]) < 500
            assert error["type"] == "invalid_request_error"
        for path in GEMINI_POSTS:
            answer = client.post(path, content=bad.body.replace(b"%MODEL%", b"gemini-text"))
            assert answer.status_code == 400, (path, answer.text[:200])
            error = error_in_body(path, answer.content)
            assert (error["code"], error["status"]) == (400, "INVALID_ARGUMENT")
    assert len(upstream.journal) == before
    rows = call.rows(len(posts) + len(GEMINI_POSTS))
    assert {row["status"] for row in rows} == {400}
    assert all(row["error"] and len(json.dumps(row, default=str)) < 6000 for row in rows), "refusals leave cheap rows"


CREDENTIALS = ("none", "empty", "wrong", "revoked", "expired", "provider_key", "not_bearer", "two_words")


def credential(call: Call, name: str) -> dict[str, str]:
    """Headers that must not open the door."""
    secrets = call.door.secrets
    values = {
        "none": {},
        "empty": {"authorization": "Bearer"},
        "wrong": {"authorization": "Bearer sk-gw-" + "A" * 43},
        "revoked": {"authorization": f"Bearer {secrets.revoked_key}"},
        "expired": {"x-api-key": secrets.expired_key},
        "provider_key": {"authorization": f"Bearer {secrets.provider_key}"},
        "not_bearer": {"authorization": f"Basic {secrets.virtual_key}"},
        "two_words": {"authorization": f"Bearer {secrets.virtual_key} {secrets.virtual_key}"},
    }
    return values[name]


READS = ("/v1/models", "/v1/models/chat-text", "/v1beta/models", "/v1beta/models/gemini-text")


@pytest.mark.parametrize("path", [*POSTS, *GEMINI_POSTS, *READS])
def test_all_refusals_of_a_credential_look_the_same(call: Call, upstream: BackgroundUpstream, path: str) -> None:
    before, bodies, heads = len(upstream.journal), set(), set()
    for name in CREDENTIALS:
        with call.http(None, **credential(call, name)) as client:
            answer = client.get(path) if path in READS else client.post(path, json=good(path))
        assert answer.status_code == 401, name
        error_in_body(path, answer.content)
        bodies.add(answer.content)
        heads.add(frozenset(answer.headers) - {"date"})
    assert len(bodies) == len(heads) == 1
    assert len(upstream.journal) == before
    rows = call.rows(len(CREDENTIALS))
    assert {(row["status"], row.get("key_id")) for row in rows} == {(401, None)}


@pytest.mark.parametrize("how", ["authorization", "x-api-key", "x-goog-api-key", "query"])
@pytest.mark.parametrize("path", [*POSTS, GEMINI_POSTS[0]])
def test_the_key_opens_from_each_of_four_places(call: Call, how: str, path: str) -> None:
    secret = call.door.secrets.virtual_key
    headers = {} if how == "query" else {how: f"Bearer {secret}" if how == "authorization" else secret}
    with call.http(None, **headers) as client:
        answer = client.post(path + (f"?key={secret}" if how == "query" else ""), json=good(path))
    if path.endswith("count_tokens") or "embeddings" in path or answer.status_code == 200:
        assert answer.status_code == 200
    row = call.row()
    assert row["key_name"] == "main"
    assert secret not in json.dumps(row, default=str)


@pytest.mark.parametrize("path", POSTS)
def test_unknown_models_are_404_and_name_near_matches(call: Call, upstream: BackgroundUpstream, path: str) -> None:
    before = len(upstream.journal)
    with call.http() as client:
        answer = client.post(path, json={**good(path), "model": MODEL[path][:-1] + "d"})
    assert answer.status_code == 404
    assert MODEL[path] in error_in_body(path, answer.content)["message"]
    assert len(upstream.journal) == before
    assert (call.row()["status"], call.row()["error"]) == (404, "model_not_found")


def test_near_matches_never_name_what_the_key_may_not_use(call: Call) -> None:
    with call.http(call.door.secrets.limited_key) as client:
        answer = client.post("/v1/chat/completions", json=request("chat", "chat-toolz"))
    assert answer.status_code in {403, 404}
    assert "chat-tools" not in answer.text
    call.row()


@pytest.mark.parametrize("path", POSTS)
def test_models_that_the_key_may_not_use_are_403(call: Call, upstream: BackgroundUpstream, path: str) -> None:
    before = len(upstream.journal)
    body = {**good(path), "model": "chat-tools" if "chat" in path else MODEL[path]}
    with call.http(call.door.secrets.limited_key) as client:
        answer = client.post(path, json=body)
    assert answer.status_code == 403
    error_in_body(path, answer.content)
    assert len(upstream.journal) == before
    assert call.row()["status"] == 403


@pytest.mark.parametrize("path", GEMINI_POSTS)
def test_unknown_and_forbidden_models_in_geminis_words(call: Call, upstream: BackgroundUpstream, path: str) -> None:
    before = len(upstream.journal)
    with call.http() as client:
        unknown = client.post(path.replace("gemini-text", "gemini-texd"), json=good(path))
    with call.http(call.door.secrets.limited_key) as client:
        forbidden = client.post(path, json=good(path))
    assert (unknown.status_code, forbidden.status_code) == (404, 403)
    assert "gemini-text" in error_in_body(path, unknown.content)["message"]
    error_in_body(path, forbidden.content)
    assert len(upstream.journal) == before
    assert [row["status"] for row in call.rows(2)] == [404, 403]


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", [*POSTS, *GEMINI_POSTS])
def test_wrong_methods_are_405_with_allow(call: Call, method: str, path: str) -> None:
    with call.http() as client:
        answer = client.request(method, path, content=b"{}" if method != "GET" else b"")
    assert answer.status_code == 405
    assert "POST" in answer.headers["allow"]
    error_in_body(path, answer.content)
    assert call.row()["status"] == 405


def test_posting_to_the_model_list_is_405(call: Call) -> None:
    with call.http() as client:
        answer = client.post("/v1/models", json={})
    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]
    assert call.row()["status"] == 405


@pytest.mark.parametrize(
    "path",
    [
        "/v1/nothing",
        "/v1/messages/unknown",
        "/v1",
        "/v1/../v1/models/x/y/z/..",
        "/v1/responses/resp_1",
        "/v1beta",
        "/v1beta/models/gemini-text:unknownAction",
        "/v1beta/cachedContents",
    ],
)
def test_unknown_paths_are_404_in_their_dialect(call: Call, path: str) -> None:
    with call.http() as client:
        answer = client.post(path, json=good("/v1/chat/completions"))
    assert answer.status_code in {404, 405}
    error_in_body(path, answer.content)
    assert call.row()["status"] == answer.status_code


STATUS = {"refused": 502, "dns": 502, "tls": 502, "connect-timeout": 504}
KIND = {
    "refused": "upstream_unreachable",
    "dns": "upstream_dns",
    "tls": "upstream_unreachable",
    "connect-timeout": "upstream_connect_timeout",
}


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("prefix", ["chat", "claude"])
@pytest.mark.parametrize("trouble", UNREACHABLE)
def test_upstreams_out_of_reach(call: Call, trouble: str, prefix: str, stream: bool) -> None:
    with call.http() as client:
        answer = client.post(PATH[prefix], json=request(prefix, f"{prefix}-{trouble}", stream))
    assert answer.status_code == STATUS[trouble]
    error_in_body(PATH[prefix], answer.content)
    row = call.row()
    assert (row["status"], row["error"]) == (STATUS[trouble], KIND[trouble])
    assert row["provider"].startswith(trouble)


def test_a_large_body_passes_and_a_larger_one_is_413(call: Call, upstream: BackgroundUpstream) -> None:
    size = 5_000_000 if call.door.name == "local" else 4_300_000  # a Lambda event holds 6 MB, in base64
    text = "ü" * (size // 2)
    body = json.dumps(
        request("chat", "chat-text") | {"messages": [{"role": "user", "content": text}]}, ensure_ascii=False
    ).encode()
    with call.http(**JSON) as client:
        answer = client.post(PATH["chat"], content=body)
        assert answer.status_code == 200, answer.text[:200]
        assert upstream.journal[-1].body == body.replace(b'"chat-text"', b'"text"')
        assert call.rows(1)[0]["status"] == 200
        too_large = client.post(PATH["chat"], content=body + b" " * 2_500_000)
    assert too_large.status_code == 413
    if call.door.name == "local":
        error_in_body(PATH["chat"], too_large.content)
        assert [row["status"] for row in call.rows(2)] == [200, 413]


def test_sdks_raise_typed_errors_for_our_own_refusals(call: Call) -> None:
    chat, claude = call.openai(), call.anthropic()
    messages: Any = [{"role": "user", "content": "hi"}]
    with pytest.raises(openai.NotFoundError):
        chat.chat.completions.create(model="nope", messages=messages)
    with pytest.raises(anthropic.NotFoundError):
        claude.messages.create(model="nope", max_tokens=5, messages=messages)
    with pytest.raises(openai.BadRequestError):
        chat.chat.completions.create(model="", messages=messages)
    with pytest.raises(anthropic.BadRequestError):
        claude.messages.create(model="", max_tokens=5, messages=messages)
    with pytest.raises(openai.PermissionDeniedError):
        call.openai(call.door.secrets.limited_key).chat.completions.create(model="chat-tools", messages=messages)
    with pytest.raises(openai.InternalServerError):
        chat.chat.completions.create(model="chat-refused", messages=messages)
    with pytest.raises(anthropic.InternalServerError):
        claude.messages.create(model="claude-refused", max_tokens=5, messages=messages)
    call.rows(7)


@pytest.mark.parametrize(
    ("method", "path"), [("HEAD", "/"), ("GET", "/health"), ("GET", "/health/live"), ("GET", "/health/ready")]
)
def test_health_needs_no_key_and_leaves_no_row(call: Call, method: str, path: str) -> None:
    answer = httpx.request(method, call.door.url + path, headers={"user-agent": call.agent})
    assert answer.status_code == 200
    call.door.rows.expected[call.agent] = 0

"""S1 through a real port: hostile credentials on every route of the data plane and the control plane."""

from __future__ import annotations

import re
from collections import defaultdict

from tests.e2e import hostile
from tests.e2e.doors import Call, Door
from tests.e2e.rawhttp import Answer, RawClient
from tests.upstream.background import BackgroundUpstream

ROUTES = [
    ("POST", "/v1/chat/completions"),
    ("POST", "/v1/messages"),
    ("POST", "/v1/messages?beta=true"),
    ("POST", "/v1/messages/count_tokens"),
    ("POST", "/v1/embeddings"),
    ("POST", "/v1/audio/uploads"),
    ("POST", "/v1/audio/transcriptions"),
    ("POST", "/v1/responses"),
    ("POST", "/v1beta/models/gemini-text:generateContent"),
    ("POST", "/v1beta/models/gemini-text:streamGenerateContent"),
    ("POST", "/v1beta/models/gemini-text:streamGenerateContent?alt=sse"),
    ("POST", "/v1beta/models/gemini-text:countTokens"),
    ("POST", "/v1beta/models/gemini-text:embedContent"),
    ("POST", "/v1beta/models/gemini-text:batchEmbedContents"),
    ("POST", "/v1/models/gemini-text:generateContent"),
    ("GET", "/v1/models"),
    ("GET", "/v1/models/chat-text"),
    ("GET", "/v1beta/models"),
    ("GET", "/v1beta/models/gemini-text"),
    ("GET", "/v1/cache/stats"),
    ("DELETE", "/v1/cache"),
    ("POST", "/api/v1/dialogs/dlg_1/messages"),
    ("GET", "/api/v1/dialogs/dlg_1/messages"),
]
ADMIN_ROUTES = [
    ("GET", "/api/auth/me"),
    ("GET", "/api/admin/providers"),
    ("GET", "/api/admin/models"),
    ("GET", "/api/admin/keys"),
    ("GET", "/api/admin/logs"),
    ("GET", "/api/admin/release"),
    ("GET", "/api/admin/overview"),
    ("POST", "/api/admin/keys"),
    ("GET", "/api/v1/dialogs"),
    ("POST", "/api/v1/export/import"),
    ("GET", "/api/v1/admin/users"),
    ("DELETE", "/api/admin/providers/up-openai"),
]
BODY = b'{"model":"chat-text","max_tokens":1,"messages":[{"role":"user","content":"hi"}],"input":"hi"}'
HOW = (b"authorization", b"x-api-key", b"x-goog-api-key")


def legal(value: bytes) -> bool:
    """Whether a value may stand in a header at all (RFC 9110 field-value) and fits the servers' limit on a request's head."""
    return (
        all(byte >= 0x20 or byte == 0x09 for byte in value)
        and 0x7F not in value
        and len(value) < 60_000
        and value.strip() != b""
    )


def nameless(body: bytes) -> bytes:
    """A body without the request's own id, which some shapes of errors hold."""
    return re.sub(rb"req_[0-9a-f]{32}", b"", body)


def ask(client: RawClient, call: Call, route: tuple[str, str], how: bytes, value: bytes) -> Answer:
    credential = b"Bearer " + value if how == b"authorization" else value
    headers = [(b"user-agent", call.agent.encode()), (b"content-type", b"application/json"), (how, credential)]
    return client.ask(*route, headers, BODY if route[0] == "POST" else b"")


def test_hostile_credentials_are_all_refused_alike(call: Call, upstream: BackgroundUpstream) -> None:
    before = len(upstream.journal)
    found = hostile.values(call.door.secrets.virtual_key)
    bodies: dict[tuple[str, bool], set[bytes]] = defaultdict(set)
    counts: dict[int, int] = defaultdict(int)
    illegal: dict[int, int] = defaultdict(int)
    with RawClient(call.door.url) as client:
        for number, value in enumerate(found):
            route, how = ROUTES[number % len(ROUTES)], HOW[number // len(ROUTES) % len(HOW)]
            if legal(value):
                answer = ask(client, call, route, how, value)
                counts[answer.status] += 1
                # A list of models is asked for in the dialect that the key's header belongs to.
                bodies[route[1], how == b"x-goog-api-key"].add(nameless(answer.body))
            else:
                # A value with a line break may hold a second request, whose answer must not be taken for the next one's.
                with RawClient(call.door.url) as once:
                    answer = ask(once, call, route, how, value)
                illegal[answer.status] += 1
                assert answer.status < 500
                assert answer.status != 200
    print(f"\nS1 {call.door.name}: legal values by status {dict(counts)}, values HTTP itself forbids {dict(illegal)}")
    assert len(found) >= 500
    assert set(counts) == {401}
    assert all(len(seen) == 1 for seen in bodies.values()), bodies
    assert len(upstream.journal) == before
    call.door.rows.expected[call.agent] = -1  # as many as there were well-formed requests; the ledger leaves them out


def test_hostile_tokens_do_not_open_the_control_plane(local_door: Door) -> None:
    call = local_door.call()
    found = [value for value in hostile.values(call.door.secrets.virtual_key) if legal(value)]
    counts: dict[int, int] = defaultdict(int)
    with RawClient(local_door.url) as client:
        for number, value in enumerate(found):
            counts[ask(client, call, ADMIN_ROUTES[number % len(ADMIN_ROUTES)], b"authorization", value).status] += 1
        for number, value in enumerate(found):  # there a virtual key opens, in either header
            counts[
                ask(
                    client, call, ("GET", "/api/v1/dialogs"), (b"authorization", b"x-api-key")[number % 2], value
                ).status
            ] += 1
    print(f"\nS1 control plane: {dict(counts)}")
    assert set(counts) == {401}

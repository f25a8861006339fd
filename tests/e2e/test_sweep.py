"""S6: unique secrets, every success and every failure path, then a search of everything that was written or answered."""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Iterator
from urllib.parse import quote

import httpx
import pytest
from tests.e2e.configuration import FAULTS, UNREACHABLE, Secrets, model_of
from tests.e2e.dialects import PATH, request
from tests.e2e.doors import Door
from tests.e2e.local_stack import LocalStack
from tests.e2e.pairs import UPSTREAMS
from tests.e2e.test_bad_input import BODIES, GEMINI_OPERATIONS, GEMINI_POSTS, POSTS, gemini_body
from tests.e2e.test_bytes import body_for
from tests.upstream import fixtures


def forms(secret: str) -> dict[str, bytes]:
    """Every form in which a secret may have leaked: plain, URL-encoded, hex, base64 at each of the three alignments, its first 12 characters."""
    raw = secret.encode()
    found = {"plain": raw, "url": quote(secret, safe="").encode(), "hex": raw.hex().encode(), "reversed": raw[::-1]}
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + raw)
        start = (shift * 8 + 5) // 6
        found[f"base64+{shift}"] = encoded[start : len(encoded) - 4]
    # A key's first characters are the same for all keys; twelve characters begin where the secret does.
    beginning = raw[6:18] if secret.startswith("sk-gw-") else raw[-24:-12]
    return {**found, "first12": beginning}


def canaries(secrets: Secrets) -> dict[str, dict[str, bytes]]:
    named = {
        "virtual key": secrets.virtual_key,
        "limited key": secrets.limited_key,
        "revoked key": secrets.revoked_key,
        "expired key": secrets.expired_key,
        "demo key": secrets.demo_key,
        "provider key": secrets.provider_key,
        "admin password": secrets.admin_password,
        "AWS secret": "local-emulator-has-no-secret",
    }
    return {name: forms(secret) for name, secret in named.items()}


def raw(answer: httpx.Response) -> bytes:
    """Head and body of an answer as bytes."""
    return b"".join(name + b": " + value + b"\n" for name, value in answer.headers.raw) + answer.content


def success_paths(door: Door) -> Iterator[bytes]:
    with door.call().http() as client:
        for fixture in (*fixtures.load(), *fixtures.load_gemini()):
            model = model_of(fixture)
            yield raw(client.post(fixture.target(False, model), content=body_for(fixture, False, model)))
            if fixture.stream:
                yield raw(client.post(fixture.target(True, model), content=body_for(fixture, True, model)))
        for upstream in UPSTREAMS:
            for prefix, path in PATH.items():
                for stream in (False, True):
                    yield raw(client.post(path, json=request(prefix, upstream.model, stream)))
            for operation in GEMINI_OPERATIONS[:4]:
                path = f"/v1beta/models/{upstream.model}:{operation}"
                yield raw(client.post(path, json=gemini_body(path)))
        for path in (
            "/v1/models",
            "/v1/models/chat-text",
            "/v1beta/models",
            "/health",
            "/health/live",
            "/health/ready",
        ):
            yield raw(client.get(path))


def failure_paths(door: Door) -> Iterator[bytes]:
    secrets = door.secrets
    keys = (
        secrets.revoked_key,
        secrets.expired_key,
        secrets.limited_key,
        secrets.virtual_key[:-1] + "!",
        secrets.provider_key,
    )
    with door.call().http() as client:
        for prefix in ("chat", "claude"):
            for name in (*(f"fault-{name}" for name in FAULTS), *UNREACHABLE, "no-such-model"):
                for stream in (False, True):
                    yield raw(client.post(PATH[prefix], json=request(prefix, f"{prefix}-{name}", stream)))
        for bad in BODIES:
            yield raw(client.post("/v1/messages", content=bad.body))
        for path in (*POSTS, *GEMINI_POSTS, "/v1/nothing"):
            yield raw(client.delete(path))
            yield raw(client.post(path.replace("gemini-text", secrets.virtual_key), json={"contents": []}))
            yield raw(
                client.post(
                    path,
                    json={
                        "model": secrets.virtual_key,
                        "messages": [{"role": "user", "content": secrets.virtual_key}],
                        "input": "x",
                    },
                )
            )
            yield raw(
                client.post(f"{path}?key={secrets.virtual_key}", json={"model": "nope", "messages": [], "input": "x"})
            )
            yield raw(client.post(f"{path}/{secrets.virtual_key}", json={}))
    for key in keys:
        for header in ("authorization", "x-api-key", "x-goog-api-key", "cookie", "proxy-authorization", "api-key"):
            with door.call().http(None, **{header: key}) as client:
                yield raw(client.post("/v1/chat/completions", json=request("chat", "chat-tools")))


@pytest.fixture(scope="module")
def swept(stack: LocalStack, local_door: Door, loop_door: Door) -> dict[str, list[bytes]]:
    """Everything that a request could leave behind, by place."""
    found = {}
    for door in (local_door, loop_door):
        found[f"{door.name}: success answers"] = list(success_paths(door))
        found[f"{door.name}: failure answers"] = list(failure_paths(door))
    return {**found, **left_by_the_session(stack)}


def left_by_the_session(stack: LocalStack) -> dict[str, list[bytes]]:
    """What can be read of the stack."""
    return {
        "admin API": stack.admin_pages(),
        "tables": [json.dumps(item, default=_text).encode() for item in stack.every_item()],
        "logs": [path.read_bytes() for path in stack.log_files()],
    }


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("latin-1")
    inner = getattr(value, "value", value)
    return inner.decode("latin-1") if isinstance(inner, bytes) else str(inner)


def hits_in(swept: dict[str, list[bytes]], secrets: Secrets) -> list[tuple[str, str]]:
    """Where a secret was found, and what stands before it."""
    looked_for = canaries(secrets)
    return [
        (f"{name} in {place}", f"{form}: …{text[max(0, text.index(value) - 60) : text.index(value)]!r}")
        for place, texts in swept.items()
        for text in texts
        for name, shapes in looked_for.items()
        for form, value in shapes.items()
        if value in text
    ]


def test_no_secret_is_in_what_a_session_of_other_tests_left(stack: LocalStack, secrets: Secrets) -> None:
    """For the fleets, which have a session of their own; the next test covers this as well."""
    assert not hits_in(left_by_the_session(stack), secrets)


def test_no_secret_is_anywhere(swept: dict[str, list[bytes]], secrets: Secrets) -> None:
    hits = hits_in(swept, secrets)
    counts = {place: (len(texts), sum(map(len, texts))) for place, texts in swept.items()}
    print(f"\nS6: {len(hits)} hits for {len(canaries(secrets))} secrets in 8 forms; searched (texts, bytes): {counts}")
    assert all(texts for texts in swept.values())
    assert sum(count for place, (count, _size) in counts.items() if "failure" in place) >= 60
    assert not hits, "\n".join(["", *map(str, Counter(where for where, _ in hits).items()), *map(str, hits[:4])])


def test_the_search_finds_what_it_looks_for() -> None:
    secret = "sk-gw-" + "Zq3_" * 10 + "abc"
    shapes = forms(secret)
    for shift in range(3):
        text = base64.b64encode(b"x" * shift + secret.encode() + b"tail")
        assert any(value in text for name, value in shapes.items() if name.startswith("base64"))
    assert shapes["first12"] in secret.encode()[:20]

"""The configuration that the end-to-end stacks start with: one provider per way of being reached, one model per thing an upstream can do.

A model's id says what happens when it is called: `chat-<case>`, `responses-<case>`, `claude-<case>`, `gemini-<case>`, `embed-<case>` serve a
fixture of tests/wire/fixtures, `chat-fault-<name>` and `claude-fault-<name>` a fault of `tests.upstream.faults`, `…-scripted` what the running
test has put there, and `chat-<trouble>` / `claude-<trouble>` a provider that cannot even be reached. `demo-…` are the local stack's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.upstream import faults, fixtures
from tests.upstream.fixtures import Fixture
from tests.upstream.journal import Recorded
from tests.upstream.steps import Steps, reply

FAULTS = {**faults.ANSWERS, **faults.STREAMS}
PREFIX = {
    "openai_chat": "chat",
    "openai_responses": "responses",
    "anthropic_messages": "claude",
    "gemini": "gemini",
    "openai_embeddings": "embed",
}
ACCOUNT = {"chat": "openai", "responses": "openai", "claude": "anthropic", "gemini": "gemini", "embed": "openai"}
UNREACHABLE = ("refused", "dns", "tls", "connect-timeout")


@dataclass(frozen=True, slots=True)
class Secrets:
    """Canaries: whoever finds one of these anywhere but where it belongs has found a leak."""

    virtual_key: str
    limited_key: str
    revoked_key: str
    expired_key: str
    demo_key: str
    provider_key: str
    admin_password: str
    header_secret: str


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the upstreams of this run are; base URLs without `/v1`."""

    upstream: str
    refused: str
    full: str
    tls: str
    aimock: str | None = None


def model_of(fixture: Fixture) -> str:
    """The model id that serves a fixture."""
    return f"{PREFIX[fixture.dialect]}-{fixture.case}"


def upstream_answer(dialect: str) -> Any:
    """What the upstream does with a request of this dialect: the fixture or the fault its `model` names."""
    by_case = fixtures.answer_by_model(dialect)

    def answer(request: Recorded) -> Steps:
        name = request.model or ""
        if name.startswith("fault-"):
            return FAULTS[name.removeprefix("fault-")](dialect)
        steps: Steps = by_case(request)
        return steps

    return answer


def count_answer(request: Recorded) -> Steps:
    """Anthropic's count_tokens, in the published shape."""
    return reply(200, b'{"input_tokens":2095}')


def document(addresses: Addresses, secrets: Secrets) -> dict[str, Any]:
    """Providers, models and keys in the form that GATEWAY_CONFIG takes."""
    return {
        "providers": _providers(addresses, secrets),
        "models": [
            _model("demo-gemini-embedding", "demo-gemini", "demo-gemini-embedding", "embedding"),
            *_fixture_models(),
            *_fault_models(),
            *_scripted_models(),
            *_unreachable_models(),
            *_aimock_models(addresses),
            *_media_models(),
        ],
        "guardrails": _guardrails(),
        "routes": [*_guarded_routes(), *_cached_routes()],
        "keys": _keys(secrets),
    }


def _guardrails() -> list[dict[str, Any]]:
    return [
        {"id": "mail-masked", "kind": "pii", "pii": ["email"], "stages": ["input", "output"], "action": "mask"},
        {
            "id": "falcon",
            "kind": "deny",
            "keywords": ["project falcon"],
            "stages": ["input", "output"],
            "message": "Not that project.",
        },
    ]


def _guarded_routes() -> list[dict[str, Any]]:
    """`guarded-chat`, …: what the running test has put there, under guardrails."""
    rules = [one["id"] for one in _guardrails()]
    accounts = {"chat": "up-openai", "claude": "up-anthropic", "gemini": "up-gemini"}
    return [
        {"id": f"guarded-{prefix}", "targets": [{"provider": provider, "model": "scripted"}], "guardrails": rules}
        for prefix, provider in accounts.items()
    ]


def _cached_routes() -> list[dict[str, Any]]:
    """`cached-chat`, `cached-claude`: what the running test has put there, given again; `alike-chat`: also to a question of the same meaning."""
    exact: dict[str, Any] = {"mode": "exact", "ttl_seconds": 600}
    alike: dict[str, Any] = {"mode": "semantic", "ttl_seconds": 600, "embedding_model": "embed-scripted"}
    found = (("cached-chat", "chat", exact), ("cached-claude", "claude", exact), ("alike-chat", "chat", alike))
    return [
        {"id": name, "targets": [{"provider": f"up-{_account(prefix)}", "model": "scripted"}], "cache": rule}
        for name, prefix, rule in found
    ]


def _provider(name: str, kind: str, base_url: str, secrets: Secrets, **timeouts: float) -> dict[str, Any]:
    provider: dict[str, Any] = {
        "id": name,
        "name": f"Test {name}",
        "kind": kind,
        "base_url": base_url,
        "allow_private": True,
        "keys": [{"value": secrets.provider_key}],
    }
    return {**provider, "timeouts": timeouts} if timeouts else provider


def _providers(addresses: Addresses, secrets: Secrets) -> list[dict[str, Any]]:
    found = []
    patient = {"connect": 2.0, "first_byte": 20.0, "idle": 20.0, "total": 60.0}
    hasty = {"connect": 0.2, "first_byte": 0.2, "idle": 0.3, "total": 5.0}
    for kind in ("openai", "anthropic", "gemini", "bedrock"):
        found.append(_provider(f"up-{kind}", kind, addresses.upstream, secrets, **patient))
        found.append(_provider(f"hasty-{kind}", kind, addresses.upstream, secrets, **hasty))
        found.append(_provider(f"refused-{kind}", kind, addresses.refused, secrets))
        found.append(_provider(f"dns-{kind}", kind, "https://no-such-host.invalid", secrets))
        found.append(_provider(f"tls-{kind}", kind, addresses.tls, secrets))
        found.append(_provider(f"connect-timeout-{kind}", kind, addresses.full, secrets, connect=0.3))
        if addresses.aimock:
            found.append(_provider(f"aimock-{kind}", kind, addresses.aimock, secrets))
    found.append(_provider("up-chat-only", "openai_compatible", addresses.upstream, secrets, **patient))
    if addresses.aimock:
        found.append(_provider("aimock-chat-only", "openai_compatible", addresses.aimock, secrets))
    found[0]["extra_headers"] = {"x-extra-secret": secrets.header_secret}
    return found


def _model(name: str, provider: str, upstream_model: str, kind: str = "chat") -> dict[str, Any]:
    price = {"input": "3", "output": "15", "cache_read": "0.3", "cache_write_5m": "3.75", "cache_write_1h": "6"}
    return {"id": name, "provider": provider, "upstream_model": upstream_model, "kind": kind, "price": price}


def _account(prefix: str) -> str:
    return ACCOUNT[prefix]


def _fixture_models() -> list[dict[str, Any]]:
    found = []
    for fixture in (*fixtures.load(), *fixtures.load_gemini()):
        kind = "embedding" if fixture.dialect == "openai_embeddings" else "chat"
        found.append(_model(model_of(fixture), f"up-{_account(PREFIX[fixture.dialect])}", fixture.case, kind))
    return found


def _fault_models() -> list[dict[str, Any]]:
    return [
        _model(
            f"{prefix}-fault-{name}",
            f"{'hasty' if name in faults.HANGING else 'up'}-{_account(prefix)}",
            f"fault-{name}",
        )
        for prefix in ("chat", "claude")
        for name in FAULTS
    ]


def _scripted_models() -> list[dict[str, Any]]:
    found = [
        _model(f"{prefix}-{how}", f"{'up' if how == 'scripted' else how}-{_account(prefix)}", "scripted")
        for prefix in ("chat", "responses", "claude", "gemini")
        for how in ("scripted", "hasty")
    ]
    # The catalog knows that OpenAI serves this model in Responses alone.
    only_responses = _model("only-responses-scripted", "up-openai", "gpt-5-codex")
    bedrock = _model("bedrock-scripted", "up-bedrock", "anthropic.claude-scripted")
    only_chat = _model("only-chat-scripted", "up-chat-only", "scripted")
    return [*found, only_chat, only_responses, bedrock, _model("embed-scripted", "up-openai", "scripted", "embedding")]


# Models of pictures, sounds and the like: what they are, and how they are billed.
MEDIA: dict[str, tuple[str, dict[str, str]]] = {
    "picture": ("image", {"input": "0", "output": "0", "per_image_output": "0.04"}),
    "picture-tokens": ("image", {"input": "5", "output": "40", "image_input": "10"}),
    "voice": ("speech", {"input": "0", "output": "0", "per_character": "15"}),
    "voice-tokens": ("speech", {"input": "0.6", "output": "10", "audio_output": "12"}),
    "scribe": ("transcription", {"input": "0", "output": "0", "per_second_input": "0.0001"}),
    "moderator": ("moderation", {"input": "0", "output": "0"}),
    "ranker": ("rerank", {"input": "0", "output": "0", "request": "0.002"}),
    "writer": ("chat", {"input": "1.5", "output": "2"}),
}


def _media_models() -> list[dict[str, Any]]:
    return [
        _model(name, "up-chat-only" if kind == "rerank" else "up-openai", f"up-{name}", kind) | {"price": price}
        for name, (kind, price) in MEDIA.items()
    ]


def _unreachable_models() -> list[dict[str, Any]]:
    return [
        _model(f"{prefix}-{trouble}", f"{trouble}-{_account(prefix)}", "scripted")
        for prefix in ("chat", "claude")
        for trouble in UNREACHABLE
    ]


def _aimock_models(addresses: Addresses) -> list[dict[str, Any]]:
    if not addresses.aimock:
        return []
    found = {
        "chat": ("openai", "mock-model"),
        "only-chat": ("chat-only", "mock-model"),
        "responses": ("openai", "gpt-5-codex"),
        "claude": ("anthropic", "mock-model"),
        "gemini": ("gemini", "mock-model"),
        "bedrock": ("bedrock", "anthropic.claude-mock"),
    }
    return [_model(f"{prefix}-aimock", f"aimock-{account}", name) for prefix, (account, name) in found.items()]


def _keys(secrets: Secrets) -> list[dict[str, Any]]:
    return [
        {"name": "main", "value": secrets.virtual_key},
        {"name": "limited", "value": secrets.limited_key, "allowed_models": ["chat-text"]},
        {"name": "revoked", "value": secrets.revoked_key, "active": False},
        {"name": "expired", "value": secrets.expired_key, "valid_until": 1_600_000_000_000},
    ]

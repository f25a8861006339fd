"""What of a request reaches the provider: its own defaults with it, what was said to the gateway and what it refuses without."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
import pytest
from tests.exchange.dialects import CLIENTS, MODELS, asked
from tests.exchange.kit import release_for

from gateway.errors import CannotCarry
from gateway.ingress import endpoints, relays
from gateway.ingress.http import Request
from gateway.neutral.config import Provider
from gateway.passage import Going, Outgoing, Passage, SameDialect
from gateway.providers import vendor
from gateway.routing.candidate import Candidate
from gateway.translated import Translated

OURS = {"preferred_providers": ["oai"]}
RELEASE = release_for("https://up.example")
BETA = b"anthropic-beta"


def going(
    client: str, model: str, changes: dict[str, Any], headers: list[tuple[bytes, bytes]] | None = None, **more: Any
) -> Going:
    target, said = asked(client, model, stream=False, **more)
    request = Request("POST", target, "", headers or [], None, None)
    endpoint = endpoints.find("POST", target, "", endpoints.family(request))
    assert endpoint.relay is not None
    found = next(one for one in RELEASE.models if one.id == model)
    provider: Provider = replace(next(one for one in RELEASE.providers if one.id == found.provider), **changes)
    candidate = Candidate(provider, found.upstream_model, found)
    peek = endpoint.relay.peek(orjson.dumps(said))
    return Going(endpoint.relay, peek, candidate, vendor(provider.kind), endpoint.errors, request, "req_1")


def passage(request: Going, client: str, model: str) -> Passage:
    return SameDialect(request) if MODELS[client] == model else Translated(request, 0)


def sent(client: str, model: str, changes: dict[str, Any], **more: Any) -> dict[str, Any]:
    outgoing = passage(going(client, model, changes, **more), client, model).outgoing({})
    body: dict[str, Any] = orjson.loads(outgoing.body)
    return body


PAIRS = [(client, model) for client in CLIENTS for model in MODELS.values()]


@pytest.mark.parametrize(("client", "model"), PAIRS)
def test_hints_to_the_gateway_are_not_sent_on_and_are_no_loss(client: str, model: str) -> None:
    request = passage(going(client, model, {}, routing=OURS), client, model)
    assert "routing" not in orjson.loads(request.outgoing({}).body)
    assert [loss for loss in request.losses if loss.field == "routing"] == []


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("other", [{"strategy_of_theirs": 1}, "x", [], {}])
def test_a_member_of_that_name_that_is_somebody_elses_stays(client: str, other: Any) -> None:
    assert sent(client, MODELS[client], {}, routing=other)["routing"] == other


def test_a_relayed_body_keeps_every_other_byte() -> None:
    request = going("openai_chat", "chat-model", {"default_parameters": {"top_p": 0.5, "n": 2}})
    raw = b'{ "routing": {"strategy": "cost"} ,\n "model":"chat-model", "messages": [ 1.0 ] , "n": 1 }'
    request = replace(request, peek=relays.CHAT.peek(raw))
    assert SameDialect(request).outgoing({}).body == (
        b'{ "model":"up-chat", "messages": [ 1.0 ] , "n": 1 ,"top_p":0.5}'
    )


@pytest.mark.parametrize(("client", "model"), PAIRS)
def test_defaults_are_sent_unless_the_client_said_its_own(client: str, model: str) -> None:
    dialect = next(name for name, found in MODELS.items() if found == model)
    if dialect in ("gemini", "bedrock_converse"):
        place = "generationConfig" if dialect == "gemini" else "inferenceConfig"
        wanted: dict[str, Any] = {place: {"topP": 0.5, "temperature": 0.25}, "model": "evil"}
    else:
        place, wanted = "", {"top_p": 0.5, "temperature": 0.25, "model": "evil"}
    own = {"generationConfig": {"temperature": 1.0}} if client == "gemini" else {"temperature": 1.0}
    body = sent(client, model, {"default_parameters": wanted}, **own)
    config = body[place] if place else body
    if model == "responses-model" and client != "openai_responses":
        assert "temperature" not in config, "the model does not take the client's, and gets no other"
    else:
        assert config.get("temperature", 1.0) == 1.0
    assert config.get("topP", config.get("top_p")) == 0.5
    assert "evil" not in str(body)


def test_a_default_limit_is_taken_where_the_provider_demands_one() -> None:
    body = sent("openai_chat", "claude-model", {"default_parameters": {"max_tokens": 777}})
    assert body["max_tokens"] == 777
    request = Translated(going("openai_chat", "claude-model", {"default_parameters": {"max_tokens": 777}}), 0)
    assert request.losses == []
    body = sent("openai_chat", "claude-model", {"default_parameters": {"max_tokens": 777}}, max_completion_tokens=5)
    assert body["max_tokens"] == 5


def test_other_operations_than_generation_get_no_defaults() -> None:
    request = going("anthropic_messages", "claude-model", {"default_parameters": {"top_p": 0.5}})
    request = replace(request, relay=relays.COUNT_TOKENS)
    assert b"top_p" not in SameDialect(request).outgoing({}).body


def beta(request: Outgoing) -> list[bytes]:
    return [value for name, value in request.headers if name == BETA]


def test_denied_betas_are_left_out_and_noted() -> None:
    changes = {"denied_betas": ("bad-*",)}
    headers = [(BETA, b"good-1,bad-1"), (BETA, b"bad-2")]
    request = SameDialect(going("anthropic_messages", "claude-model", changes, headers))
    assert beta(request.outgoing({})) == [b"good-1"]
    assert [(loss.field, loss.action) for loss in request.losses] == [("anthropic-beta", "dropped")]
    untouched = SameDialect(going("anthropic_messages", "claude-model", changes, [(BETA, b"good-1, good-2")]))
    assert beta(untouched.outgoing({})) == [b"good-1, good-2"]
    assert untouched.losses == []
    alone = SameDialect(going("anthropic_messages", "claude-model", changes, [(BETA, b"bad-1")]))
    assert beta(alone.outgoing({})) == []


def test_a_strict_client_is_refused_rather_than_losing_a_beta() -> None:
    headers = [(BETA, b"bad-1"), (b"x-gateway-strict", b"true")]
    with pytest.raises(CannotCarry) as refused:
        SameDialect(going("anthropic_messages", "claude-model", {"denied_betas": ("bad-1",)}, headers))
    assert refused.value.param == "anthropic-beta"
    SameDialect(going("anthropic_messages", "claude-model", {"denied_betas": ("other",)}, headers))

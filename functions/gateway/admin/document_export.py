"""The whole configuration as a document that `gateway.admin.document` reads back: applied where it comes from, it changes nothing.

What is as it would be without being said is left out, but for what the catalog would fill in. No secret is in it: an upstream key is its
reference, or `stored: true`; of a header that looks like a credential only the name is there; virtual keys are their names. The order is that of the
ids, so that equal configurations are equal texts.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Final

import yaml
from pydantic import BaseModel

from gateway.admin.account_schemas import EndUserIn, TeamIn
from gateway.admin.agent_schemas import AgentIn
from gateway.admin.agent_shapes import agent_out
from gateway.admin.cache_schemas import CacheRuleIO
from gateway.admin.draft import Stored
from gateway.admin.guardrail_schemas import GuardrailIn
from gateway.admin.guardrail_shapes import guardrail_out
from gateway.admin.limit_shapes import end_user_out, team_out
from gateway.admin.route_schemas import RouteIn
from gateway.admin.route_shapes import route_out
from gateway.admin.schemas import KeyIn, ModelIn, ProviderIn
from gateway.admin.secretless import is_secret_header
from gateway.admin.shapes import ModelRow, ProviderRow, key_out, model_out, provider_out
from gateway.neutral.caching import CacheRule
from gateway.neutral.config import Provider
from gateway.stores.entities import AGENT, CACHE, GUARDRAIL, MODEL, PROVIDER, ROUTE, UPSTREAM_KEY, OwnedKey
from gateway.stores.versioned import Versioned

# What a document that does not say it gets from the catalog.
_FILLED: Final = ("kind", "context_window", "max_output_tokens", "price")
_DUMPER: Final[Any] = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_MOMENTS: Final = ("paused_until", "valid_until")
_HEAD: Final = """\
# The configuration of this gateway. Plan and apply it with `gateway config plan` and `gateway config apply`.
# `stored: true` and `stored_headers` are secrets that stay as this deployment has them; on another one give them with `env:` or `secret_ref:`.
"""


class _Dumper(_DUMPER):  # type: ignore[misc]
    """No anchors: a list that is there twice is written twice."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 -- as PyYAML asks
        return True


def yaml_text(document: dict[str, Any]) -> str:
    """A document as YAML."""
    text: str = yaml.dump(
        document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=False, width=10_000
    )
    return _HEAD + text


def json_text(document: dict[str, Any]) -> str:
    """A document as JSON."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def exported(stored: Stored) -> dict[str, Any]:
    """The document of what is stored."""
    rows = {noun: [found[name] for name in sorted(found)] for noun, found in stored.rows.items()}
    owned: dict[str, list[OwnedKey]] = {}
    for row in rows.get(UPSTREAM_KEY.name, []):
        owned.setdefault(row.value.provider, []).append(row.value)
    teams = [row for row in stored.accounts if row.value.kind == "team"]
    users = [row for row in stored.accounts if row.value.kind == "user"]
    lists = {
        "providers": [_provider(row.value, owned.get(row.value.id, [])) for row in rows.get(PROVIDER.name, [])],
        "models": [_model(row) for row in rows.get(MODEL.name, [])],
        "guardrails": [_entry(GuardrailIn, guardrail_out(row)) for row in rows.get(GUARDRAIL.name, [])],
        "routes": [_route(row) for row in rows.get(ROUTE.name, [])],
        "agents": [_entry(AgentIn, agent_out(row)) for row in rows.get(AGENT.name, [])],
        "keys": _virtual_keys(stored.keys),
        "teams": [_entry(TeamIn, team_out(row)) for row in _by_id(teams)],
        "end_users": [_entry(EndUserIn, end_user_out(row)) for row in _by_id(users)],
    }
    found: dict[str, Any] = {"version": 1} | {name: entries for name, entries in lists.items() if entries}
    for row in rows.get(CACHE.name, []):
        found["cache"] = _rule(row.value)
    return found


def _rule(value: CacheRule) -> dict[str, Any]:
    """With its mode, so that one that is as usual is not empty."""
    return {"mode": value.mode} | _entry(CacheRuleIO, CacheRuleIO(**asdict(value)))


def _by_id(rows: Sequence[Versioned[Any]]) -> list[Versioned[Any]]:
    return sorted(rows, key=lambda row: str(row.value.id))


def _entry(kind: type[BaseModel], reply: BaseModel) -> dict[str, Any]:
    """A reply as the body that would make it."""
    body = kind.model_construct(**{name: getattr(reply, name) for name in kind.model_fields})
    found = body.model_dump(mode="json", exclude_defaults=True)
    if "id" in found and found.get("name") == found["id"]:
        del found["name"]
    return _with_moments(found)


def _with_moments(entry: dict[str, Any]) -> dict[str, Any]:
    """Moments for people; they are kept to the second."""
    for name in _MOMENTS:
        if isinstance(entry.get(name), int):
            entry[name] = datetime.fromtimestamp(entry[name] // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")
    return entry


def _provider(value: Provider, keys: Sequence[OwnedKey]) -> dict[str, Any]:
    found = _entry(ProviderIn, provider_out(ProviderRow(value, 0, 0)))
    hidden = sorted(name for name, text in value.extra_headers.items() if is_secret_header(name, text))
    if hidden:
        shown = {name: text for name, text in found.pop("extra_headers").items() if name not in hidden}
        found |= {"extra_headers": shown} if shown else {}
        found["stored_headers"] = hidden
    if keys:
        found["keys"] = [_credential(value.id, owned) for owned in keys]
    return found


def _credential(provider: str, owned: OwnedKey) -> dict[str, Any]:
    key = owned.key
    found: dict[str, Any] = {"id": key.id.removeprefix(f"{provider}:")}
    found |= {"stored": True} if key.reference is None else {"secret_ref": key.reference}
    rest = {"name": key.name, "active": key.active, "weight": key.weight, "daily_quota": key.daily_quota}
    usual = {"name": None, "active": True, "weight": 1, "daily_quota": 0}
    return found | {name: value for name, value in rest.items() if value != usual[name]}


def _model(row: Versioned[Any]) -> dict[str, Any]:
    reply = model_out(ModelRow(row))
    found = _entry(ModelIn, reply)
    if found.get("upstream_model") == found["id"]:
        del found["upstream_model"]
    found |= {name: getattr(reply, name) for name in _FILLED if name not in found}
    if row.value.price_from is not None:
        found["price_from"] = row.value.price_from
    return found


def _route(row: Versioned[Any]) -> dict[str, Any]:
    found = _entry(RouteIn, route_out(row))
    found["targets"] = [_with_moments(target) for target in found["targets"]]
    if row.value.cache is not None:
        found["cache"] = _rule(row.value.cache)
    return found


def _virtual_keys(rows: Sequence[Versioned[Any]]) -> list[dict[str, Any]]:
    names = [row.value.name for row in rows]
    shared = {name for name in names if names.count(name) > 1} if len(set(names)) != len(names) else set()
    found = []
    for row in sorted(rows, key=lambda row: (row.value.name, row.value.id)):
        own = {"id": row.value.id} if row.value.name in shared else {}
        found.append(own | _entry(KeyIn, key_out(row)))
    return found

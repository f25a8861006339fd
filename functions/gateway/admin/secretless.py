"""Configuration as the audit log and the releases show it: the fields that the API replies with, and no secret.

The fields are those of the replies, so that a new secret of the store is left out until somebody shows it on purpose. What an administrator wrote
into a free text (a name, a header, a parameter) is searched for credentials on top.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gateway.admin.agent_shapes import agent_out
from gateway.admin.guardrail_shapes import guardrail_out
from gateway.admin.limit_shapes import end_user_out, team_out
from gateway.admin.route_shapes import route_out, rule_io
from gateway.admin.schemas import ProviderOut
from gateway.admin.shapes import ModelRow, ProviderRow, key_out, model_out, provider_out, upstream_key_out
from gateway.neutral import redaction
from gateway.neutral.audit import Change
from gateway.neutral.caching import CacheRule
from gateway.neutral.config import Model, Provider, Route, VirtualKey
from gateway.neutral.dialogs import Agent
from gateway.neutral.guardrails import Guardrail
from gateway.neutral.limits import Account
from gateway.stores.entities import OwnedKey
from gateway.stores.versioned import Versioned

REPLACED: Final = "[replaced]"
_BESIDE: Final = frozenset({"version", "updated_at", "created_at", "effective_base_url", "built_in", "keys"})


def described(value: Any) -> dict[str, Any]:
    """The fields of a provider (without its keys), or anything else of the configuration, a virtual key, a team or an end user."""
    fields = _reply(value).model_dump(mode="json", exclude=set(_BESIDE))
    if isinstance(value, Provider):
        pairs = ((name.encode(), text.encode()) for name, text in value.extra_headers.items())
        fields["extra_headers"] = redaction.headers(pairs)
    cleaned: dict[str, Any] = _clean(fields)
    return cleaned


def shown_to(role: str, provider: ProviderOut) -> ProviderOut:
    """A provider's reply for a role: the credentials in its headers are an administrator's, as the upstream keys are."""
    if role == "admin":
        return provider
    headers = {
        name: redaction.MARK if is_secret_header(name, text) else text for name, text in provider.extra_headers.items()
    }
    return provider.model_copy(update={"extra_headers": headers})


def is_secret_header(name: str, text: str) -> bool:
    """Whether a header looks like a credential, by its name or its value."""
    return redaction.MARK in redaction.headers([(name.encode(), text.encode())]).get(name.lower(), redaction.MARK)


def difference(noun: str, identifier: str, before: Any, after: Any) -> Change:
    """What differs between two values of one thing, either of which may be None. A secret that was replaced is the field `value`."""
    old, new = (None if value is None else described(value) for value in (before, after))
    if old is None or new is None:
        return Change(noun, identifier, old, new)
    if _secret(before) != _secret(after):
        new["value"], old["value"] = REPLACED, None
    if isinstance(before, Provider) and before.extra_headers != after.extra_headers:
        names = [name for name in after.extra_headers if before.extra_headers.get(name) != after.extra_headers[name]]
        new["extra_headers_changed"], old["extra_headers_changed"] = sorted(names), None
    differing = sorted(name for name in {*old, *new} if old.get(name) != new.get(name))
    return Change(
        noun, identifier, {name: old.get(name) for name in differing}, {name: new.get(name) for name in differing}
    )


def _secret(value: Any) -> Any:
    if isinstance(value, OwnedKey):
        return value.key.sealed
    return value.digest if isinstance(value, VirtualKey) else None


def _reply(value: Any) -> Any:
    if isinstance(value, Provider):
        return provider_out(ProviderRow(value, 0, 0))
    if isinstance(value, OwnedKey):
        return upstream_key_out(value.provider, Versioned(value.key, 0, 0))
    if isinstance(value, Model):
        return model_out(ModelRow(Versioned(value, 0, 0)))
    if isinstance(value, Agent):
        return agent_out(Versioned(value, 0, 0))
    if isinstance(value, Guardrail):
        return guardrail_out(Versioned(value, 0, 0))
    if isinstance(value, Route):
        return route_out(Versioned(value, 0, 0))
    if isinstance(value, CacheRule):
        return rule_io(value)
    if isinstance(value, VirtualKey):
        return key_out(Versioned(value, 0, 0))
    assert isinstance(value, Account)
    return (team_out if value.kind == "team" else end_user_out)(Versioned(value, 0, 0))


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return redaction.text(value)
    if isinstance(value, Mapping):
        return {redaction.text(str(name)): _clean(item) for name, item in value.items()}
    return [_clean(item) for item in value] if isinstance(value, list) else value

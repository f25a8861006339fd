"""Configurations in memory: editors without stores, and what is stored as a value."""

from __future__ import annotations

from typing import Any

from tests.aws_mock import cheap_argon2id

from gateway.admin import facts
from gateway.admin.account_editor import Accounts
from gateway.admin.agent_editor import AgentEditor
from gateway.admin.cache_editor import CacheEditor
from gateway.admin.desk import Desk
from gateway.admin.document_export import exported, json_text, yaml_text
from gateway.admin.document_text import Format, parse
from gateway.admin.document_work import Variables, Worked, work
from gateway.admin.draft import NOUNS, Draft, Stored
from gateway.admin.editors import Editors
from gateway.admin.guardrail_editor import GuardrailEditor
from gateway.admin.key_editor import VirtualKeys
from gateway.admin.model_editor import ModelEditor
from gateway.admin.provider_editor import ProviderEditor, UrlRules
from gateway.admin.route_editor import RouteEditor
from gateway.admin.upstream_key_editor import UpstreamKeyEditor, Vault
from gateway.clock import Clock
from gateway.neutral.caching import CacheRule
from gateway.neutral.config import Model, Provider, Route, Sealed, VirtualKey
from gateway.neutral.dialogs import Agent
from gateway.neutral.guardrails import Guardrail
from gateway.neutral.limits import Account
from gateway.stores.entities import OwnedKey
from gateway.stores.versioned import Versioned
from gateway.stores.virtual_keys import VirtualKeyStore

NOWHERE: Any = None


class NoKeys(VirtualKeyStore):
    """A store of virtual keys with none in it."""

    def __init__(self) -> None:
        """Without a table."""

    def by_digest(self, digest: str) -> None:
        return None


_KINDS = (Provider, OwnedKey, Model, Guardrail, Route, Agent, CacheRule)


def editors() -> Editors:
    """Editors of nothing: every draft puts its own stores in."""
    desk, clock = Desk(NOWHERE, lambda _actor: None), Clock()
    return Editors(
        providers=ProviderEditor(desk, UrlRules(private_allowed=True)),
        upstream_keys=UpstreamKeyEditor(desk, Vault(lambda *_: Sealed("a", "b", "c"), cheap_argon2id()), clock),
        models=ModelEditor(desk, facts.built_in()),
        guardrails=GuardrailEditor(desk),
        agents=AgentEditor(desk),
        routes=RouteEditor(desk),
        cache=CacheEditor(desk),
        keys=VirtualKeys(NoKeys(), clock),
        teams=Accounts(NOWHERE, "team"),
        end_users=Accounts(NOWHERE, "user"),
        publisher=NOWHERE,
        rollbacks=NOWHERE,
    )


def stored(*values: Any) -> Stored:
    """What a deployment has that has these values."""
    rows = {
        noun.name: {noun.identify(one): Versioned(one, 1, 0) for one in values if type(one) is kind}
        for noun, kind in zip(NOUNS, _KINDS, strict=True)
    }
    keys = tuple(Versioned(one, 1, 0) for one in values if isinstance(one, VirtualKey))
    accounts = tuple(Versioned(one, 1, 0) for one in values if isinstance(one, Account))
    return Stored(rows=rows, keys=keys, accounts=accounts)


def values(draft: Draft) -> list[Any]:
    """Everything a draft holds."""
    entities = [row.value for noun in NOUNS for row in draft.entities.all(noun)]
    after = {id(row.value): row.value for row in (*draft.stored.keys, *draft.stored.accounts)}
    changed = {edit.id: edit.after for edit in draft.edits if edit.noun in {"virtual_key", "team", "end_user"}}
    kept = [one for one in after.values() if one.id not in changed]
    return [*entities, *kept, *(one for one in changed.values() if one is not None)]


def text(what: Stored, kind: Format) -> str:
    """Its export."""
    return (json_text if kind == "json" else yaml_text)(exported(what))


def applied(document: str, to: Stored, kind: Format | None = None, *, prune: bool = False) -> Worked:
    """What a document makes of it."""
    return work(parse(document, "document", kind), Draft(editors(), to), Variables({}), "test", prune=prune)

"""Everything that changes configuration, side by side."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.admin.account_editor import Accounts
from gateway.admin.agent_editor import AgentEditor
from gateway.admin.cache_editor import CacheEditor
from gateway.admin.guardrail_editor import GuardrailEditor
from gateway.admin.key_editor import VirtualKeys
from gateway.admin.model_editor import ModelEditor
from gateway.admin.provider_editor import ProviderEditor
from gateway.admin.publisher import Publisher
from gateway.admin.rollback import Rollbacks
from gateway.admin.route_editor import RouteEditor
from gateway.admin.upstream_key_editor import UpstreamKeyEditor


@dataclass(frozen=True, slots=True)
class Editors:
    """One editor per noun; `publisher` puts their work in force, `rollbacks` what was in force before."""

    providers: ProviderEditor
    upstream_keys: UpstreamKeyEditor
    models: ModelEditor
    guardrails: GuardrailEditor
    agents: AgentEditor
    routes: RouteEditor
    cache: CacheEditor
    keys: VirtualKeys
    teams: Accounts
    end_users: Accounts
    publisher: Publisher
    rollbacks: Rollbacks

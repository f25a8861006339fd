"""The admin API's operations in an order in which all of them succeed, each with a request that a person might send.

Their requests and answers are the examples of the OpenAPI document. `PYTHONPATH=.:functions .venv/bin/python -m tests.admin.story` runs them on an
empty deployment in memory and writes infra/openapi/examples.json: after a change of a request here or of an answer. A new operation needs a line.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from unittest.mock import patch

from boto3.dynamodb.types import TypeSerializer
from infra.openapi.describe import operations
from infra.scripts.export_openapi import EXAMPLES, data
from tests.admin.test_registration import mode
from tests.aws_mock import PASSWORD, START, USERNAME, World, mocked_world

from gateway.neutral.config import Provider
from gateway.neutral.logrow import LogRow
from gateway.neutral.probe import Heard, Offered
from gateway.stores.log_items import to_item

ROW = "req_01a0c4506c0b7000800000000000000a"
_NOW = int(START) * 1000
_DAY = 86_400_000
_GOOD = "a good long pass phrase"
_BUDGETS = {"requests_per_minute": 600, "budgets": [{"period": "month", "usd": "250"}]}
_SMART = {
    "id": "smart",
    "strategy": "priority",
    "targets": [{"provider": "acme", "model": "house"}, {"provider": "acme", "model": "gpt-4o-mini"}],
    "cache": {"mode": "exact", "ttl_seconds": 600, "scope": "team"},
}
_DOCUMENT = "providers:\n  - id: mistral\n    kind: mistral\n    api_key: env:MISTRAL_API_KEY\n"
_EXPORTED = {
    "version": "1.0",
    "dialogs": [
        {
            "title": "Opening hours",
            "model_name": "smart",
            "messages": [
                {"role": "user", "content": "When do you open?"},
                {"role": "assistant", "content": "At nine.", "prompt_tokens": 12, "completion_tokens": 3},
            ],
        }
    ],
}
_TIME = {"from": _NOW - _DAY, "to": _NOW + _DAY}


@dataclass(frozen=True)
class Step:
    """One request. `at` fills the path; values in braces are what an earlier answer was kept as: `{key}` by `keep="key"` or `keep="key=member"`."""

    operation: str
    body: Any = None
    at: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    keep: str = ""


def _step(operation: str, body: Any = None, keep: str = "", query: Mapping[str, Any] | None = None, **at: str) -> Step:
    return Step(operation, body, at, query or {}, keep)


STORY: tuple[Step, ...] = (
    _step("get_registration"),
    _step("login", {"username": USERNAME, "password": PASSWORD}),
    _step("me"),
    _step("refresh"),
    _step("list_provider_kinds"),
    _step("search_catalog", query={"q": "gpt-4o", "limit": 2}),
    _step("create_provider", {"id": "acme", "kind": "openai", "name": "Acme's OpenAI account"}),
    _step("update_provider", {"name": "Acme", "price_factor_ppm": 900_000}, id="acme"),
    _step("create_upstream_key", {"value": "the-credential-that-acme-was-given", "weight": 2}, "upstream", id="acme"),
    _step("update_upstream_key", {"daily_quota": 5_000_000}, id="acme", key_id="{upstream}"),
    _step("list_upstream_keys", id="acme"),
    _step("revive_upstream_key", id="acme", key_id="{upstream}"),
    _step("get_provider", id="acme"),
    _step("list_providers"),
    _step("probe_provider", id="acme"),
    _step("hub_discover_key", {"provider": "openai", "key_value": "a-key-that-is-tried"}),
    _step("hub_create_key", {"provider": "openai", "key_value": "the-key-to-share", "name": "Shared", "daily_quota": 500_000}, "hub"),
    _step("hub_update_key", {"daily_quota": 1_000_000}, id="{hub}"),
    _step("hub_list_keys"),
    _step("import_provider_models", {"models": [{"id": "gpt-4o-mini"}, {"id": "gpt-4o", "as": "house"}]}, id="acme"),
    _step("close_breaker", {"model": "gpt-4o"}, id="acme"),
    _step("create_model", {"id": "tuned", "provider": "acme", "upstream_model": "ft:gpt-4o:acme", "price": {"input": "3.75", "output": "15"}}),
    _step("update_model", {"display_name": "Our tuned model", "context_window": 128_000}, id="tuned"),
    _step("get_model", id="tuned"),
    _step("list_models", query={"q": "tuned"}),
    _step("create_guardrail", {"id": "no-cards", "kind": "pii", "pii": ["credit_card", "iban"], "stages": ["input", "output"], "action": "mask"}),
    _step("update_guardrail", {"name": "Cards and accounts"}, id="no-cards"),
    _step("try_guardrail", {"guardrail": "no-cards", "stage": "input", "text": "My card is 4111 1111 1111 1111."}),
    _step("get_guardrail", id="no-cards"),
    _step("list_guardrails"),
    _step("create_route", _SMART),
    _step("update_route", {"hedge_seconds": 2.5}, id="smart"),
    _step("get_route", id="smart"),
    _step("list_routes"),
    _step("explain_plan", {"model": "smart", "body": {"messages": [{"role": "user", "content": "Hello"}]}, "seed": 7}),
    _step("create_agent", {"id": "reviewer", "name": "Reviewer", "system_prompt": "You review code.", "model": "smart", "temperature": 0.1}),
    _step("update_agent", {"max_tokens": 2048}, id="reviewer"),
    _step("get_agent", id="reviewer"),
    _step("list_agents"),
    _step("create_team", {"id": "red", "name": "Red team", "limits": _BUDGETS, "allowed_models": ["smart", "gpt-*"]}),
    _step("update_team", {"name": "Reds"}, id="red"),
    _step("get_team", id="red"),
    _step("list_teams"),
    _step("get_team_limits", id="red"),
    _step("reset_team_limit", {"name": "month"}, id="red"),
    _step("create_end_user", {"id": "ann@example.com", "name": "Ann", "limits": _BUDGETS}),
    _step("update_end_user", {"active": True, "name": "Ann B."}, id="ann@example.com"),
    _step("get_end_user", id="ann@example.com"),
    _step("list_end_users"),
    _step("get_end_user_limits", id="ann@example.com"),
    _step("reset_end_user_limit", {"name": "month"}, id="ann@example.com"),
    _step("change_balance", {"amount": 100_000, "id": "invoice-2026-0042"}, id="ann@example.com"),
    _step("limit_balance", {"limit": 500_000}, id="ann@example.com"),
    _step("get_balance", id="ann@example.com"),
    _step("get_balance_history", id="ann@example.com"),
    _step("create_key", {"name": "CI of the shop", "team_id": "red", "allowed_models": ["smart"], "limits": _BUDGETS}, "key"),
    _step("update_key", {"ip_allow": ["192.0.2.0/24"], "valid_until": _NOW + 30 * _DAY}, id="{key}"),
    _step("get_key", id="{key}"),
    _step("list_keys"),
    _step("get_key_limits", id="{key}"),
    _step("reset_key_limit", {"name": "month"}, id="{key}"),
    _step("list_limits", query={"scope": "team", "id": ["red"]}),
    _step("list_agent_types"),
    _step("list_dialog_models"),
    _step("get_dialog_model", name="house"),
    _step("create_dialog", {"title": "Our terms", "model_name": "smart", "agent": "reviewer", "agent_config": {"temperature": 0.4}}, "dialog"),
    _step("update_dialog", {"system_prompt": "Answer in one sentence."}, id="{dialog}"),
    _step("get_dialog", id="{dialog}"),
    _step("list_dialogs", query={"page": 1, "page_size": 20}),
    _step("get_own_tokens"),
    _step("get_own_token_history"),
    _step("import_dialogs", _EXPORTED),
    _step("export_dialogs"),
    _step("change_owner_tokens", {"amount": 50_000, "id": "invoice-2026-0043"}, id="ann@example.com"),
    _step("limit_owner_tokens", {"limit": 750_000}, id="ann@example.com"),
    _step("get_owner_token_history", id="ann@example.com"),
    _step("get_owner", id="ann@example.com"),
    _step("list_owners"),
    _step("list_balances", query={"q": "ann"}),
    _step("get_owner_balance", id="ann@example.com"),
    _step("list_owned_dialogs", query={"user": "ann@example.com"}),
    _step("get_dialog_stats"),
    _step("list_audit_lines", query={"limit": 1}),
    _step("reload_models"),
    _step("list_logs", query={"limit": 1}),
    _step("get_log", id=ROW),
    _step("get_log_timeline", query=_TIME),
    _step("get_log_export", query={"format": "json"}),
    _step("hub_list_logs", query={"limit": 1}),
    _step("hub_get_stats"),
    _step("stop_request", id="req_01990000000070008000000000000000"),
    _step("get_health"),
    _step("get_overview", query=_TIME),
    _step("get_usage", query=_TIME),
    _step("get_usage_export", query={**_TIME, "format": "json"}),
    _step("get_cache", query=_TIME),
    _step("clear_cache", query={"tenant": "team#red"}),
    _step("get_settings"),
    _step("update_settings", {"publishing": "draft"}),
    _step("get_release", keep="release=release"),
    _step("change_many", {"noun": "model", "ids": ["tuned", "gpt-5-nano"], "action": "deactivate"}),
    _step("get_draft"),
    _step("discard_draft"),
    _step("delete_model", id="tuned"),
    _step("get_draft", keep="draft=after"),
    _step("publish_draft", {"release": "{draft}"}),
    _step("list_releases", query={"limit": 2}),
    _step("get_release_content", hash="{release}"),
    _step("get_release_diff", hash="{release}"),
    _step("roll_back", hash="{release}"),
    _step("create_playground_key", keep="playground=key_id"),
    _step("export_configuration", query={"format": "json"}),
    _step("plan_configuration", {"document": _DOCUMENT, "variables": {"MISTRAL_API_KEY": "an example, not a key"}}),
    _step("apply_configuration", {"document": _DOCUMENT, "variables": {"MISTRAL_API_KEY": "an example, not a key"}}),
    _step("create_user", {"username": "kim", "password": _GOOD, "role": "operator"}, "kim"),
    _step("update_user", {"role": "admin"}, id="{kim}"),
    _step("get_user", id="{kim}"),
    _step("list_users"),
    _step("logout_user", id="{kim}"),
    _step("delete_user", id="{kim}"),
    _step("create_invitation", {"role": "user", "expires_in_hours": 24, "note": "Lee, for the shop"}, "invitation"),
    _step("list_invitations"),
    _step("delete_invitation", id="{invitation}"),
    _step("list_audit", query={"limit": 1}),
    _step("get_audit_export", query={"format": "json", "limit": 1}),
    _step("delete_key", id="{key}"),
    _step("delete_end_user", id="ann@example.com"),
    _step("delete_team", id="red"),
    _step("delete_dialog", id="{dialog}"),
    _step("delete_agent", id="reviewer"),
    _step("delete_route", id="smart"),
    _step("delete_guardrail", id="no-cards"),
    _step("delete_model", id="tuned"),
    _step("delete_model", id="house"),
    _step("delete_model", id="gpt-4o-mini"),
    _step("hub_delete_key", id="{hub}"),
    _step("delete_upstream_key", id="acme", key_id="{upstream}"),
    _step("delete_provider", id="acme"),
    _step("hub_register", {"username": "mo", "password": _GOOD, "email": "mo@example.com"}),
    _step("hub_login", {"username": USERNAME, "password": PASSWORD}),
    _step("hub_me"),
    _step("register", {"username": "lee", "password": _GOOD}),
    _step("login", {"username": "lee", "password": _GOOD}),
    _step("change_password", {"current": _GOOD, "new": f"{_GOOD} 2"}),
    _step("logout"),
    _step("login", {"username": USERNAME, "password": PASSWORD}),
    _step("logout_everywhere"),
)  # fmt: skip


class Listed:
    """A provider that lists two models."""

    def ask(self, _provider: Provider) -> Heard:
        """What it says."""
        return Heard(412, 200, (Offered("gpt-4o"), Offered("ft:gpt-4o:acme", "Tuned", 128_000, 16_384)))


@contextmanager
def prepared(world: World) -> Iterator[None]:
    """For the length of the block, what no request makes: a row of the request log, and a provider's list of models."""
    row = LogRow(ROW, _NOW - 60_000, "POST", "/v1/chat/completions", "openai_chat", 200, _NOW // 1000 + 9999)
    world.dynamodb.put_item(TableName="logs", Item=_typed(to_item(replace(row, requested_model="smart"))))
    with patch.object(world, "services", replace(world.services, prober=Listed())):
        yield


def _typed(item: Mapping[str, Any]) -> Any:
    return {name: TypeSerializer().serialize(value) for name, value in item.items()}


class Teller:
    """Runs steps as one client: with the token of the newest sign-in, and what answers were kept as."""

    def __init__(self, world: World, document: Mapping[str, Any]) -> None:
        self._world = world
        self._ways = {one["operationId"]: (method, path) for path, method, one in operations(document)}
        self.kept: dict[str, str] = {}
        self.headers: dict[str, str] = {}

    def tell(self, step: Step) -> Any:
        """The answer to a step."""
        method, path = self._ways[step.operation]
        for name, value in step.at.items():
            path = re.sub(rf"\{{{name}(:path)?\}}", self.filled(value), path)
        body = {} if step.body is None else {"json": json.loads(self.filled(json.dumps(step.body)))}
        with mode(self._world, "open"):
            answer = self._world.client.request(
                method.upper(), path, params=dict(step.query), headers=self.headers | {"x-refresh": "1"}, **body
            )
        told = answer.json() if "json" in answer.headers.get("content-type", "") else {}
        if isinstance(told, dict) and "access_token" in told:
            self.headers = {"authorization": f"Bearer {told['access_token']}"}
            # The cookie is for TLS alone, which this client has not: it is carried by hand.
            if "set-cookie" in answer.headers:
                self.headers |= {"cookie": answer.headers["set-cookie"].partition(";")[0]}
        if step.keep and answer.status_code < 300:
            name, _, member = step.keep.partition("=")
            self.kept[name] = told[member or "id"]
        return answer

    def filled(self, text: str) -> str:
        for name, value in self.kept.items():
            text = text.replace(f"{{{name}}}", value)
        return text


_STABLE: tuple[tuple[re.Pattern[str], Callable[[int], str]], ...] = (
    (re.compile(r"\b(?<=_)[0-9a-f]{32}\b|(?<=_)[0-9a-f]{32}"), lambda number: f"01a0c4506c0b70008{number:015x}"),
    (re.compile(r"\b[0-9a-f]{64}\b"), lambda number: f"{number:064x}"),
    (re.compile(r"eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+"), lambda _: "eyJhbGciOiJIUzI1NiJ9.e30.signature"),
    (re.compile(r'(?<="token": ")[A-Za-z0-9_-]{40,}'), lambda _: "shown-once-and-kept-by-whoever-is-invited"),
    (re.compile(r"sk-gw-(?!\*)[A-Za-z0-9_-]{20,}"), lambda _: "sk-gw-shown-once-and-kept-by-you"),
)


def stable(value: Any) -> Any:
    """An answer whose ids, addresses and secrets are the same in every run: examples, not somebody's."""
    text = json.dumps(value)
    for pattern, make in _STABLE:
        seen: dict[str, str] = {}
        text = pattern.sub(lambda match: seen.setdefault(match[0], make(len(seen) + 1)), text)  # noqa: B023
    return json.loads(text)


def main() -> int:
    """Write the examples; 1 when a step does not succeed."""
    examples: dict[str, dict[str, Any]] = {}
    with mocked_world() as world, world.awake():
        world.reset()
        with prepared(world):
            teller = Teller(world, data())
            for step in STORY:
                answer = teller.tell(step)
                if answer.status_code >= 300:
                    print(f"{step.operation}: {answer.status_code} {answer.text}", file=sys.stderr)
                    return 1
                example: dict[str, Any] = {}
                if step.body is not None:
                    example["request"] = stable(json.loads(teller.filled(json.dumps(step.body))))
                if "json" in answer.headers.get("content-type", ""):
                    example["reply"] = stable(answer.json())
                examples.setdefault(step.operation, example)
    EXAMPLES.write_text(json.dumps(examples, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""One action on many things, each as if it were asked for by itself, with one publication at the end."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from gateway.admin.account_editor import Accounts
from gateway.admin.account_schemas import TeamPatch
from gateway.admin.answers import STORE_ERRORS
from gateway.admin.bulk_schemas import BulkIn, BulkOut, BulkResult
from gateway.admin.editors import Editors
from gateway.admin.errors import ApiError, Invalid
from gateway.admin.guardrail_schemas import GuardrailPatch
from gateway.admin.identity_schemas import UserPatch
from gateway.admin.identity_shapes import shown
from gateway.admin.route_schemas import RoutePatch
from gateway.admin.schemas import KeyPatch, ModelPatch, ProviderPatch
from gateway.admin.trail import Subject, Trail
from gateway.admin.user_editor import UserEditor
from gateway.clock import Clock

LOG: Final = logging.getLogger("gateway.admin")
# The noun of the role table that holds for each: what a role may not do one by one it may not do here.
NOUNS: Final = {
    "provider": "providers",
    "model": "models",
    "guardrail": "guardrails",
    "agent": "agents",
    "route": "routes",
    "virtual_key": "keys",
    "team": "teams",
    "end_user": "end-users",
    "user": "users",
}
METHODS: Final = {"activate": "PATCH", "deactivate": "PATCH", "delete": "DELETE"}
_PUBLISHED: Final = frozenset({"provider", "model", "guardrail", "route", "agent"})
# Of the 29 that there are: what was changed must also be published and told.
_SECONDS: Final = 15
_LATE: Final = "There was no time left for this one; choose those that remain, and try again."
_UNREACHABLE: Final = "A service of this deployment is out of reach; try again."


@dataclass(frozen=True, slots=True)
class _Ways:
    """How one thing is switched on or off, and removed."""

    switch: Callable[[str, bool], Any]
    remove: Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Bulk:
    """`editors` leave the `trail` and publish nothing by themselves."""

    editors: Editors
    users: UserEditor
    trail: Trail
    clock: Clock

    def run(self, body: BulkIn, actor: str) -> BulkOut:
        """Do it, one after another. What fails is told and undoes nothing; when the store fails or time runs out, the rest is not tried."""
        self.trail.entitle(Subject(body.action, body.noun, ", ".join(body.ids)))
        act = self._act(body, actor)
        results, changed, stopped, began = list[BulkResult](), 0, "", self.clock.moment()
        for identifier in body.ids:
            before, error = self.trail.length, stopped or None
            if not stopped:
                reachable, error = _tried(act, identifier)
                stopped = _UNREACHABLE if not reachable else _LATE if self.clock.age(began) > _SECONDS else ""
            changed += self.trail.length > before
            results.append(BulkResult(id=identifier, ok=error is None, error=error))
        if changed and body.noun in _PUBLISHED:
            self.editors.publisher.publish(actor)
        return BulkOut(results=results, changed=changed)

    def _act(self, body: BulkIn, actor: str) -> Callable[[str], Any]:
        ways = self._ways(actor)[body.noun]
        if body.action == "delete":
            return ways.remove
        return lambda identifier: ways.switch(identifier, body.action == "activate")

    def _ways(self, actor: str) -> dict[str, _Ways]:
        editors = self.editors
        providers, models, guardrails, routes, keys = (
            editors.providers,
            editors.models,
            editors.guardrails,
            editors.routes,
            editors.keys,
        )
        return {
            "provider": _Ways(
                lambda identifier, on: providers.update(identifier, ProviderPatch(active=on), None, actor),
                lambda identifier: providers.delete(identifier, None, actor),
            ),
            "model": _Ways(
                lambda identifier, on: models.update(identifier, ModelPatch(active=on), None, actor),
                lambda identifier: models.delete(identifier, None, actor),
            ),
            "guardrail": _Ways(
                lambda identifier, on: guardrails.update(identifier, GuardrailPatch(active=on), None, actor),
                lambda identifier: guardrails.delete(identifier, None, actor),
            ),
            "route": _Ways(
                lambda identifier, on: routes.update(identifier, RoutePatch(active=on), None, actor),
                lambda identifier: routes.delete(identifier, None, actor),
            ),
            "agent": _Ways(
                _no_switch,
                lambda identifier: self.editors.agents.delete(identifier, None, actor),
            ),
            "virtual_key": _Ways(
                lambda identifier, on: keys.update(identifier, KeyPatch(active=on), None),
                lambda identifier: keys.delete(identifier, None),
            ),
            "team": _account_ways(self.editors.teams),
            "end_user": _account_ways(self.editors.end_users),
            "user": _Ways(self._switch_user, self._remove_user),
        }

    def _switch_user(self, identifier: str, on: bool) -> None:
        before = self.users.get(identifier)
        if before.user.active == on:
            return
        self.trail.about("update", "user", identifier)
        after = self.users.update(identifier, UserPatch(active=on), None)
        self.trail.noted("user", identifier, shown(before), shown(after))

    def _remove_user(self, identifier: str) -> None:
        before = self.users.get(identifier)
        self.trail.about("delete", "user", identifier)
        self.users.delete(identifier, None)
        self.trail.noted("user", identifier, shown(before), None)


def _no_switch(_identifier: str, _on: bool) -> None:
    raise Invalid(
        "An agent cannot be switched on or off; dialogs that name one that is gone do without.", field="action"
    )


def _account_ways(accounts: Accounts) -> _Ways:
    return _Ways(
        lambda identifier, on: accounts.update(identifier, TeamPatch(active=on), None),
        lambda identifier: accounts.delete(identifier, None),
    )


def _tried(act: Callable[[str], Any], identifier: str) -> tuple[bool, str | None]:
    """Whether the store could be reached, and what went wrong."""
    try:
        act(identifier)
    except ApiError as error:
        return True, error.message
    except STORE_ERRORS:
        LOG.exception("a service of the deployment failed in a bulk action")
        return False, _UNREACHABLE
    return True, None

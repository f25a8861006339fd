"""Who may use which operation of the admin API, written out by hand: a new route needs a line here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from fastapi.routing import APIRoute

from gateway.admin.api import ROUTERS

# One line per operation: who may. `anyone` needs no token, `everyone` any valid one. A new route needs a line here; so does a route that goes.
TABLE: Final = """
POST   /api/auth/login                                     anyone
POST   /api/auth/register                                  anyone
POST   /api/auth/refresh                                   anyone
GET    /api/auth/registration                              anyone
GET    /api/auth/me                                        everyone
POST   /api/auth/password                                  everyone
POST   /api/auth/logout                                    everyone
POST   /api/auth/logout-everywhere                         everyone
GET    /api/admin/provider-kinds                           admin operator
GET    /api/admin/providers                                admin operator
POST   /api/admin/providers                                admin operator
GET    /api/admin/providers/{id}                           admin operator
PATCH  /api/admin/providers/{id}                           admin operator
DELETE /api/admin/providers/{id}                           admin operator
POST   /api/admin/providers/{id}/probe                     admin operator
POST   /api/admin/providers/{id}/import                    admin operator
GET    /api/admin/providers/{id}/keys                      admin operator
POST   /api/admin/providers/{id}/keys                      admin
PATCH  /api/admin/providers/{id}/keys/{key_id}             admin
DELETE /api/admin/providers/{id}/keys/{key_id}             admin
POST   /api/admin/providers/{id}/keys/{key_id}/revive      admin operator
POST   /api/admin/providers/{id}/targets/close             admin operator
GET    /api/admin/models                                   admin operator
POST   /api/admin/models                                   admin operator
GET    /api/admin/models/{id:path}                         admin operator
PATCH  /api/admin/models/{id:path}                         admin operator
DELETE /api/admin/models/{id:path}                         admin operator
GET    /api/admin/catalog                                  admin operator
GET    /api/admin/agents                                   admin operator
POST   /api/admin/agents                                   admin operator
GET    /api/admin/agents/{id}                              admin operator
PATCH  /api/admin/agents/{id}                              admin operator
DELETE /api/admin/agents/{id}                              admin operator
GET    /api/admin/guardrails                               admin operator
POST   /api/admin/guardrails                               admin operator
POST   /api/admin/guardrails/try                           admin operator
GET    /api/admin/guardrails/{id:path}                     admin operator
PATCH  /api/admin/guardrails/{id:path}                     admin operator
DELETE /api/admin/guardrails/{id:path}                     admin operator
GET    /api/admin/routes                                   admin operator
POST   /api/admin/routes                                   admin operator
GET    /api/admin/routes/{id:path}                         admin operator
PATCH  /api/admin/routes/{id:path}                         admin operator
DELETE /api/admin/routes/{id:path}                         admin operator
GET    /api/admin/keys                                     admin operator
POST   /api/admin/keys                                     admin
GET    /api/admin/keys/{id}                                admin operator
PATCH  /api/admin/keys/{id}                                admin
DELETE /api/admin/keys/{id}                                admin
GET    /api/admin/keys/{id}/limits                         admin operator
POST   /api/admin/keys/{id}/limits/reset                   admin
GET    /api/admin/teams/{id:path}/limits                   admin operator
POST   /api/admin/teams/{id:path}/limits/reset             admin
GET    /api/admin/teams                                    admin operator
POST   /api/admin/teams                                    admin
GET    /api/admin/teams/{id:path}                          admin operator
PATCH  /api/admin/teams/{id:path}                          admin
DELETE /api/admin/teams/{id:path}                          admin
GET    /api/admin/end-users/{id:path}/balance              admin operator
POST   /api/admin/end-users/{id:path}/balance              admin
PATCH  /api/admin/end-users/{id:path}/balance              admin
GET    /api/admin/end-users/{id:path}/balance/history      admin operator
GET    /api/admin/end-users/{id:path}/limits               admin operator
POST   /api/admin/end-users/{id:path}/limits/reset         admin
GET    /api/admin/end-users                                admin operator
POST   /api/admin/end-users                                admin
GET    /api/admin/end-users/{id:path}                      admin operator
PATCH  /api/admin/end-users/{id:path}                      admin
DELETE /api/admin/end-users/{id:path}                      admin
GET    /api/admin/limits                                   admin operator
GET    /api/admin/logs                                     admin operator
GET    /api/admin/logs/export                              admin operator
GET    /api/admin/logs/timeline                            admin operator
GET    /api/admin/logs/{id}                                admin operator
POST   /api/admin/logs/{id}/stop                           admin operator
GET    /api/admin/health                                   admin operator
POST   /api/admin/plan                                     admin operator
GET    /api/admin/overview                                 admin operator
GET    /api/admin/cache                                    admin operator
DELETE /api/admin/cache                                    admin operator
GET    /api/admin/usage                                    everyone
GET    /api/admin/usage/export                             everyone
GET    /api/admin/users                                    admin
POST   /api/admin/users                                    admin
GET    /api/admin/users/{id}                               admin
PATCH  /api/admin/users/{id}                               admin
DELETE /api/admin/users/{id}                               admin
POST   /api/admin/users/{id}/logout                        admin
GET    /api/admin/invitations                              admin
POST   /api/admin/invitations                              admin
DELETE /api/admin/invitations/{id}                         admin
GET    /api/admin/release                                  admin operator
GET    /api/admin/releases                                 admin operator
GET    /api/admin/releases/{hash}                          admin operator
GET    /api/admin/releases/{hash}/diff                     admin operator
POST   /api/admin/releases/{hash}/rollback                 admin
GET    /api/admin/audit                                    admin
GET    /api/admin/audit/export                             admin
GET    /api/admin/releases/draft                           admin operator
POST   /api/admin/releases/draft/publish                   admin operator
POST   /api/admin/releases/draft/discard                   admin
GET    /api/admin/settings                                 admin operator
PATCH  /api/admin/settings                                 admin
POST   /api/admin/bulk                                     admin operator
POST   /api/admin/playground                               admin operator
GET    /api/admin/configuration                            admin
POST   /api/admin/configuration/plan                       admin
POST   /api/admin/configuration/apply                      admin
GET    /api/v1/dialogs                                     everyone
POST   /api/v1/dialogs                                     everyone
GET    /api/v1/dialogs/{id}                                everyone
PATCH  /api/v1/dialogs/{id}                                everyone
DELETE /api/v1/dialogs/{id}                                everyone
GET    /api/v1/agents                                      everyone
GET    /api/v1/models                                      everyone
GET    /api/v1/models/{name:path}                          everyone
GET    /api/v1/users/me/tokens                             everyone
GET    /api/v1/users/me/tokens/history                     everyone
GET    /api/v1/export                                      everyone
POST   /api/v1/export/import                               everyone
GET    /api/v1/admin/stats                                 admin operator
GET    /api/v1/admin/users                                 admin operator
GET    /api/v1/admin/users/{id:path}                       admin operator
GET    /api/v1/admin/users/{id:path}/tokens/history        admin operator
POST   /api/v1/admin/users/{id:path}/tokens                admin
PATCH  /api/v1/admin/users/{id:path}/limits                admin
GET    /api/v1/admin/balances                              admin operator
GET    /api/v1/admin/balances/{id:path}                    admin operator
GET    /api/v1/admin/dialogs                               admin
GET    /api/v1/admin/audit                                 admin
POST   /api/v1/admin/models/reload                         admin
POST   /v1/auth/register                                   anyone
POST   /v1/auth/login                                      anyone
GET    /v1/auth/me                                         everyone
GET    /v1/admin/keys                                      admin operator
POST   /v1/admin/keys                                      admin
POST   /v1/admin/keys/discover                             admin
PATCH  /v1/admin/keys/{id}                                 admin
DELETE /v1/admin/keys/{id}                                 admin
GET    /v1/admin/logs                                      everyone
GET    /v1/admin/stats                                     everyone
"""
METHODS: Final = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
# These end the session they are asked with, or begin one: tests/admin/test_sessions.py has them, one by one.
APART: Final = {"/api/auth/logout", "/api/auth/logout-everywhere"}


@dataclass(frozen=True)
class Row:
    """A line of the table."""

    method: str
    path: str
    who: frozenset[str]

    def fits(self, concrete: str) -> bool:
        pattern = re.sub(r"\{\w+:path\}", ".+", self.path)
        return re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", pattern), concrete) is not None

    def lets(self, role: str | None) -> bool:
        """Whether a caller of this role gets in; None = nobody whom the deployment knows."""
        return "anyone" in self.who or (role is not None and bool(self.who & {role, "everyone"}))


ROWS: Final = tuple(
    Row(words[0], words[1], frozenset(words[2:])) for line in TABLE.split("\n") if (words := line.split())
)


def row_of(method: str, concrete: str) -> Row | None:
    """The line that decides about a request; ids may hold slashes, so a longer path can be somebody's id."""
    return next((row for row in ROWS if row.method == method and row.fits(concrete)), None)


def routes_of_the_application() -> list[APIRoute]:
    """Every operation."""
    return [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]

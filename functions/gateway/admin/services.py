"""What the routers work with, built once in `admin/app.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from fastapi import Request

if TYPE_CHECKING:
    from gateway.admin.editors import Editors
    from gateway.admin.identity import Identity
    from gateway.admin.in_force import InForce
    from gateway.admin.playground import Playground
    from gateway.admin.probing import Prober
    from gateway.admin.sessions import Sessions
    from gateway.admin.standings import Standings
    from gateway.clock import Clock
    from gateway.settings import Settings
    from gateway.stores.audit import AuditLog
    from gateway.stores.balances import Balances
    from gateway.stores.bodies import BodyReader
    from gateway.stores.cache_clearing import CacheClearing
    from gateway.stores.dialogs import Dialogs
    from gateway.stores.health import HealthControl
    from gateway.stores.logs import LogReader
    from gateway.stores.users import Users


@dataclass(frozen=True, slots=True)
class Services:
    """`editors` change configuration and publish it; `sessions` begins sessions and checks tokens, `identity` says who may; `logs` reads the
    request log, `bodies` what was too large for it; `health` is what the data plane knows of its upstreams, `users` tells their names;
    `standings` is where limits stand; `audit` is the log of changes, to which `gateway.admin.changing` writes;
    `dialogs` are everybody's, `in_force` is the release that they are held under;
    `prober` asks providers for their models, `playground` makes keys for trying them."""

    settings: Settings
    clock: Clock
    editors: Editors
    sessions: Sessions
    identity: Identity
    logs: LogReader
    bodies: BodyReader
    health: HealthControl
    users: Users
    standings: Standings
    audit: AuditLog
    balances: Balances
    dialogs: Dialogs
    in_force: InForce
    cache: CacheClearing
    prober: Prober
    playground: Playground


def services_of(request: Request) -> Services:
    """The services of the running application."""
    return cast("Services", request.app.state.services)

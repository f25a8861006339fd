"""What the routers work with, built once in `admin/app.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from fastapi import Request

if TYPE_CHECKING:
    from gateway.admin.editor import Editor
    from gateway.admin.sessions import Sessions
    from gateway.admin.virtual_keys import VirtualKeys
    from gateway.clock import Clock
    from gateway.settings import Settings
    from gateway.stores.logs import LogReader
    from gateway.stores.tables import Tables


@dataclass(frozen=True, slots=True)
class Services:
    """`editor` changes configuration and publishes it; `keys` are virtual keys; `sessions` signs in and checks tokens."""

    settings: Settings
    clock: Clock
    tables: Tables
    editor: Editor
    keys: VirtualKeys
    sessions: Sessions
    logs: LogReader


def services_of(request: Request) -> Services:
    """The services of the running application."""
    return cast("Services", request.app.state.services)

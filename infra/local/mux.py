"""One port for three: the admin API, the data plane, the dashboard. Paths decide, as API Gateway and CloudFront do in a deployment."""

from __future__ import annotations

import re
from typing import Final

from infra.local.dashboard import App, Message, Receive, Send

_ADMIN: Final = ("/api", "/v1/auth", "/v1/admin")
# As CloudFront's behaviour for them (template.yaml): what a user says in a dialog is answered by the data plane.
_MESSAGES: Final = re.compile(r"/api/v1/dialogs/.*/messages.*", re.DOTALL)


def _under(path: str, root: str) -> bool:
    return path == root or path.startswith(root + "/")


def is_admin(path: str) -> bool:
    """True for the admin API."""
    return any(_under(path, root) for root in _ADMIN) and _MESSAGES.fullmatch(path) is None


def is_proxy(method: str, path: str) -> bool:
    """True for the data plane: inference, models, health, messages of dialogs, and the probe `HEAD /`."""
    if (method == "HEAD" and path == "/") or _MESSAGES.fullmatch(path) is not None:
        return True
    return any(_under(path, root) for root in ("/v1", "/v1beta", "/health"))


def create_app(proxy: App, admin: App, dashboard: App) -> App:
    """The ASGI app in front of the three; nothing is read from or added to a request on its way."""

    async def serve(scope: Message, receive: Receive, send: Send) -> None:
        if is_admin(scope["path"]):
            await admin(scope, receive, send)
        elif is_proxy(scope["method"], scope["path"]):
            await proxy(scope, receive, send)
        else:
            await dashboard(scope, receive, send)

    return serve

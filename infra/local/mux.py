"""One port for three: the admin API, the data plane, the dashboard. Paths decide, as API Gateway and CloudFront do in a deployment."""

from __future__ import annotations

from infra.local.dashboard import App, Message, Receive, Send


def _under(path: str, root: str) -> bool:
    return path == root or path.startswith(root + "/")


def is_admin(path: str) -> bool:
    """True for the admin API."""
    return _under(path, "/api")


def is_proxy(method: str, path: str) -> bool:
    """True for the data plane: inference, models, health, and the probe `HEAD /`."""
    if method == "HEAD" and path == "/":
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

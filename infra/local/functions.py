"""The functions that others invoke, behind Lambda's Invoke on a loopback port: what the admin function and the proxy do on AWS, they do here.

https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html. The port can open credentials, so a request must carry a signature's header, which no
web page of another origin can send; it is not checked, as the local AWS checks none.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, MutableMapping
from contextlib import asynccontextmanager
from functools import cache
from typing import Any, Final

from infra.local.dashboard import App, Receive, Send
from infra.local.server import bind, serving

Function = Callable[[Mapping[str, Any]], Awaitable[Any]]

PROBE: Final = "gateway-probe"
IDENTITY: Final = "gateway-identity"
EMBEDDER: Final = "gateway-embedder"
_INVOKE: Final = re.compile(r"/2015-03-31/functions/([A-Za-z0-9_-]{1,64})/invocations")
_MOST: Final = 6 * 1024 * 1024  # Lambda's own limit


@asynccontextmanager
async def functions(environ: Mapping[str, str]) -> AsyncIterator[dict[str, str]]:
    """Serve them for the length of the block; the variables with which they are found."""
    from embedder.app import embed
    from identity.app import create as create_identity
    from probe.app import probe

    identify = cache(lambda: create_identity(environ))  # it reads secrets: as on Lambda, when somebody asks

    async def whose(event: Mapping[str, Any]) -> Any:
        return await asyncio.to_thread(lambda: identify()(event))

    async def ask(event: Mapping[str, Any]) -> Any:
        return await probe(environ, event)

    async def embedded(event: Mapping[str, Any]) -> Any:
        return embed(event)

    with bind(0) as sock:
        sock.listen(64)  # the first call waits there until the server is up
        place = f"http://127.0.0.1:{sock.getsockname()[1]}"
        async with serving(create_app({PROBE: ask, IDENTITY: whose, EMBEDDER: embedded}), sock):
            names = {"PROBE_FUNCTION": PROBE, "IDENTITY_FUNCTION": IDENTITY, "EMBEDDER_FUNCTION": EMBEDDER}
            yield {"AWS_ENDPOINT_URL_LAMBDA": place, **names}


def create_app(known: Mapping[str, Function]) -> App:
    """Lambda's Invoke for functions by name."""

    async def app(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        match = _INVOKE.fullmatch(scope["path"])
        function = known.get(match[1]) if match and scope["method"] == "POST" else None
        signed = any(name == b"authorization" and b"AWS4-" in value for name, value in scope["headers"])
        if not signed:
            await _answer(send, 403, {"Message": "Missing Authentication Token"})
        elif function is None:
            await _answer(
                send, 404, {"Message": "Function not found"}, ("x-amzn-errortype", "ResourceNotFoundException")
            )
        else:
            await _invoke(function, await _body(receive), send)

    return app


async def _invoke(function: Function, body: bytes, send: Send) -> None:
    """What the function returns; what it raises is an answer as well, named by a header."""
    try:
        found = await function(json.loads(body))
    except Exception as error:  # noqa: BLE001 -- whatever a function raises is told to its caller
        told = {"errorType": type(error).__name__, "errorMessage": str(error)}
        await _answer(send, 200, told, ("x-amz-function-error", "Unhandled"))
    else:
        await _answer(send, 200, found)


async def _body(receive: Receive) -> bytes:
    parts: list[bytes] = []
    while sum(map(len, parts)) <= _MOST:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            break
    return b"".join(parts)


async def _answer(send: Send, status: int, data: Any, *more: tuple[str, str]) -> None:
    headers = [("content-type", "application/json"), *more]
    raw = [(name.encode(), value.encode()) for name, value in headers]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": json.dumps(data).encode()})

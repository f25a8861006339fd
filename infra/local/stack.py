"""The local stack, top to bottom: emulator, resources, demo upstream, configuration, gateway, rollup. It ends in the reverse order."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import Mapping
from contextlib import AsyncExitStack

import boto3
from botocore.exceptions import BotoCoreError, ClientError
from infra.local import banner, dashboard, emulator, mux, resources, seed, template
from infra.local.children import child, until_any_ends, until_open
from infra.local.faults import StackError
from infra.local.functions import functions
from infra.local.options import ROOT, Options
from infra.local.server import bind, free_port, serving
from infra.local.statedir import StateDir
from infra.local.sweeping import sweeping
from infra.local.terminal import Terminal, redirect

DIST = ROOT / "admin_ui" / "dist"
PUBLIC_CONFIG = {"apiBase": "", "proxyUrl": "", "stage": "local"}


async def run(options: Options, terminal: Terminal) -> None:
    """Start everything, say so, and serve until cancelled; StackError when a part cannot start or ends by itself."""
    async with AsyncExitStack() as ending:
        sock = ending.enter_context(bind(options.port))
        url = f"http://127.0.0.1:{sock.getsockname()[1]}"
        state = StateDir(options.state_dir)
        ending.enter_context(state.lock())
        wanted = seed.read_config(options.config)
        redirect(state)
        children: dict[str, asyncio.subprocess.Process] = {}

        with banner.step(terminal, "local AWS"):
            port = free_port()
            children["aws"] = await ending.enter_async_context(emulator.emulator(port, state))
            state.remember("aws", {"endpoint": f"http://127.0.0.1:{port}"})  # for tools that look into the tables
        with banner.step(terminal, "tables, keys, secrets"):
            blueprint = template.load(ROOT / "template.yaml")
            made = await _make(options, state, f"http://127.0.0.1:{port}", template.tables(blueprint))
        _adopt({**emulator.credentials(f"http://127.0.0.1:{port}"), **made.environ, "DASHBOARD_ORIGIN": url})
        with banner.step(terminal, "demo upstream"):
            upstream = seed.demo_upstream(state)
            children["demo-upstream"] = await _demo_upstream(ending, options, upstream, state)
        with banner.step(terminal, "configuration"):
            seeded = await asyncio.to_thread(seed.apply, state, upstream, options.demo_key, wanted)
        with banner.step(terminal, "rollup"):
            command = [sys.executable, "-m", "infra.local.pump", str(state.root)]
            children["rollup"] = await ending.enter_async_context(
                child("rollup", command, _python_environ(), state, 1.0)
            )
        await ending.enter_async_context(sweeping(dict(os.environ)))
        os.environ.update(await ending.enter_async_context(functions(dict(os.environ))))
        with banner.step(terminal, "gateway"):
            pages = dashboard.create_app(DIST, PUBLIC_CONFIG, template.security_headers(blueprint))
            server = await _gateway(ending, sock, pages)
            await _until_ready(server, url, state)
        admin = (resources.ADMIN_NAME, made.admin_password)
        terminal.say(banner.welcome(url, admin, seeded.demo_key, seeded.generated))
        await _watch(children, server, state)


async def _make(options: Options, state: StateDir, endpoint: str, tables: list[template.Table]) -> resources.Made:
    try:
        return await asyncio.to_thread(resources.make, tables, state, endpoint, options.admin_password)
    except (BotoCoreError, ClientError) as error:
        raise StackError(f"the local AWS refused its resources: {error}") from None


def _adopt(settings: Mapping[str, str]) -> None:
    """Make this process's environment the functions' one, without any AWS setting of its owner."""
    clean = emulator.clean_environ(os.environ)
    os.environ.clear()
    os.environ.update({**clean, **settings})
    boto3.setup_default_session()


def _python_environ() -> dict[str, str]:
    """This process's environment, for a child that imports the project."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "functions"))), "PYTHONUNBUFFERED": "1"}


async def _demo_upstream(
    ending: AsyncExitStack, options: Options, upstream: seed.DemoUpstream, state: StateDir
) -> asyncio.subprocess.Process:
    environ = {
        **_python_environ(),
        "DEMO_PORT": str(upstream.port),
        "DEMO_KEY": upstream.key,
        "DEMO_WORD_MS": str(options.demo_word_ms),
    }
    command = [sys.executable, "-m", "infra.local.demo_upstream"]
    process = await ending.enter_async_context(child("demo-upstream", command, environ, state, 0.5))
    await until_open("demo-upstream", process, upstream.port, state)
    return process


async def _gateway(ending: AsyncExitStack, sock: socket.socket, pages: dashboard.App) -> asyncio.Task[None]:
    from admin.app import create_app as create_admin
    from proxy.app import create_app as create_proxy

    environ = dict(os.environ)
    admin = await asyncio.to_thread(create_admin, environ)
    app = mux.create_app(await create_proxy(environ), admin, pages)
    return await ending.enter_async_context(serving(app, sock))


async def _until_ready(server: asyncio.Task[None], url: str, state: StateDir, seconds: float = 20.0) -> None:
    """Wait until GET /health/ready is 200."""
    pause = 0.05
    port, deadline, status = int(url.rpartition(":")[2]), asyncio.get_running_loop().time() + seconds, "no answer"
    while asyncio.get_running_loop().time() < deadline:
        if server.done():
            raise StackError(f"the gateway could not listen on {url}; set PORT to another one")
        status = await _health(port) or status
        if status == "200":
            return
        pause = min(pause * 1.5, 1.0)
        await asyncio.sleep(pause)
    raise StackError(
        f"the gateway did not become ready (GET /health/ready: {status}); see {state.root}/logs/gateway.log"
    )


async def _health(port: int) -> str | None:
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return None
    try:
        writer.write(b"GET /health/ready HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        words = (await asyncio.wait_for(reader.readline(), 5)).split()
    except (OSError, TimeoutError):
        return None
    finally:
        writer.close()
    return words[1].decode() if len(words) > 1 else None


async def _watch(
    children: Mapping[str, asyncio.subprocess.Process], server: asyncio.Task[None], state: StateDir
) -> None:
    """Until cancelled: complain as soon as a part is gone."""
    ended = asyncio.create_task(until_any_ends(children, state))
    try:
        await asyncio.wait({ended, server}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        ended.cancel()
    if ended.done() and not ended.cancelled():
        await ended
    raise StackError(f"the gateway stopped serving; see {state.root}/logs/gateway.log")

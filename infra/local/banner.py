"""What the local stack tells whoever started it."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from infra.local.terminal import Terminal


@contextmanager
def step(terminal: Terminal, what: str) -> Iterator[None]:
    """Announce a step, then say how long it took."""
    started = time.monotonic()
    terminal.say(f"  {what + ' ':.<34} ", end="")
    try:
        yield
    except asyncio.CancelledError:
        raise
    except BaseException:
        terminal.say("failed")
        raise
    terminal.say(f"{time.monotonic() - started:.1f} s")


def _curl(url: str, headers: list[str], body: dict[str, object] | None) -> str:
    lines = [f"    curl -N {url}", *(f"      -H '{header}'" for header in headers)]
    if body is not None:
        lines.append(f"      -d '{json.dumps(body)}'")
    return " \\\n".join(lines)


def welcome(url: str, admin: tuple[str, str], demo_key: str, generated: Mapping[str, str]) -> str:
    """Addresses, credentials and three requests to copy."""
    question: dict[str, object] = {"stream": True, "messages": [{"role": "user", "content": "Count to 10"}]}
    kind = "Content-Type: application/json"
    chat = _curl(
        f"{url}/v1/chat/completions", [f"Authorization: Bearer {demo_key}", kind], {"model": "demo-gpt", **question}
    )
    version = "anthropic-version: 2023-06-01"
    messages = _curl(
        f"{url}/v1/messages",
        [f"x-api-key: {demo_key}", version, kind],
        {"model": "demo-claude", "max_tokens": 200, **question},
    )
    models = _curl(f"{url}/v1/models", [f"Authorization: Bearer {demo_key}"], None)
    new_keys = "".join(f"    New key     {secret}  ({name}; shown only now)\n" for name, secret in generated.items())
    return f"""
  The gateway is ready.

    Dashboard   {url}/
    Sign in     {admin[0]}  /  {admin[1]}
    Demo key    {demo_key}
{new_keys}
  OpenAI Chat Completions, streamed
{chat}

  Anthropic Messages, streamed
{messages}

  The models this key may use
{models}

  Ctrl-C stops it. Configuration and logs are kept for the next start.
"""

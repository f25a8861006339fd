"""Entry of the streaming runtime: what wrapper.sh starts instead of Lambda's own Python runtime. Run with `python -m proxy.bootstrap`."""

from __future__ import annotations

import asyncio
import os
import sys

from gateway.runtime.bridge import ASGIApp
from gateway.runtime.loop import Program, serve


async def _build() -> ASGIApp:
    # Imported here, so that a failing import is reported to Lambda like every other failure of the start.
    from proxy.app import create_app

    return await create_app(os.environ)


async def _renew() -> ASGIApp:
    """After a SnapStart restore: a new application with its own connections and credentials, and random numbers of its own."""
    import random  # not at the top: it costs a cold start milliseconds, and only a restored environment needs it

    random.seed()
    return await _build()


def main() -> int:
    """Serve invocations until the environment ends; the exit code is never 0, because a runtime has no reason to end by itself."""
    return asyncio.run(serve(Program(_build, _renew), os.environ))


if __name__ == "__main__":
    sys.exit(main())

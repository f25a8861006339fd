"""`python -m infra.local`: the whole gateway on this machine, without AWS, Docker or a provider's key. README.md says more."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import traceback
from pathlib import Path

from infra.local.faults import StackError
from infra.local.terminal import Terminal, terminal

FUNCTIONS = Path(__file__).resolve().parents[2] / "functions"


async def _session(terminal: Terminal) -> int:
    """Run the stack until a signal asks it to end; 0 then."""
    from infra.local import options, stack

    work = asyncio.create_task(stack.run(options.from_environ(os.environ), terminal))
    asked = False

    def stop() -> None:
        # Once: stopping takes at most a few seconds, and a second Ctrl-C must not interrupt the saving.
        nonlocal asked
        if not asked:
            asked = True
            work.cancel()
            terminal.say("\n  stopping …")

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    try:
        await work
    except asyncio.CancelledError:
        terminal.say("  stopped.")
    return 0


def _serve(terminal: Terminal) -> int:
    import uvloop
    from infra.local.server import raise_file_limit

    raise_file_limit()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_session(terminal))


def main() -> int:
    """The exit code: 0 after a stop that was asked for, 1 with one line on stderr otherwise."""
    sys.path.insert(0, str(FUNCTIONS))
    own = terminal()
    try:
        return _serve(own)
    except StackError as error:
        own.complain(f"error: {error}")
    except ModuleNotFoundError as error:
        own.complain(f"error: the Python package {error.name} is missing; run `make setup` first")
    except Exception as error:  # noqa: BLE001  # the outermost door
        own.complain(f"error: unexpected {type(error).__name__}; the state folder's logs/gateway.log has the details")
        traceback.print_exc()
    return 1


if __name__ == "__main__":
    CODE = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # Everything has ended in order by now; taking the interpreter apart would only make Ctrl-C feel slow.
    os._exit(CODE)

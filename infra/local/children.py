"""The stack's child processes: started in their own process group, watched, ended by id.

Each child also holds the read end of a pipe as its standard input and ends when the other end closes, so that even a killed stack
leaves nothing behind. The group of its own keeps the terminal's Ctrl-C away: the stack decides in which order things stop.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import IO

from infra.local.faults import StackError
from infra.local.statedir import StateDir


@asynccontextmanager
async def child(
    name: str, command: Sequence[str], environ: Mapping[str, str], state: StateDir, stop_seconds: float = 2.0
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a child process for the length of the block, its output in the state folder's `logs/<name>.log`."""
    output: IO[bytes] = state.log(name)
    with output:
        try:
            process = await asyncio.create_subprocess_exec(
                *command,
                env=dict(environ),
                stdin=asyncio.subprocess.PIPE,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        except OSError as error:
            raise StackError(f"cannot start {name} ({command[0]}): {error.strerror}") from None
    try:
        yield process
    finally:
        await _end(process, stop_seconds)


async def _end(process: asyncio.subprocess.Process, seconds: float) -> None:
    """SIGTERM, then SIGKILL to the whole group when the time is up."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), seconds)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()


async def until_open(
    name: str, process: asyncio.subprocess.Process, port: int, state: StateDir, seconds: float = 20.0
) -> None:
    """Wait until the child accepts connections; StackError when it ends first or takes too long."""
    deadline = asyncio.get_running_loop().time() + seconds
    while True:
        if process.returncode is not None:
            raise StackError(f"{name} ended at once (exit {process.returncode}); see {state.root / 'logs' / name}.log")
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            if asyncio.get_running_loop().time() > deadline:
                raise StackError(f"{name} did not start; see {state.root / 'logs' / name}.log") from None
            await asyncio.sleep(0.05)
            continue
        writer.close()
        return


async def until_any_ends(children: Mapping[str, asyncio.subprocess.Process], state: StateDir) -> None:
    """Return never, or StackError as soon as one of the children has ended by itself."""
    waits = {asyncio.create_task(process.wait()): name for name, process in children.items()}
    try:
        done, _ = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waits:
            task.cancel()
    name = waits[done.pop()]
    raise StackError(f"{name} ended unexpectedly; see {state.root / 'logs' / name}.log")

"""Fixtures: a fake Runtime API, the loop in this process against it, and a folder that looks like /var/task."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.runtime.fake_runtime_api import FakeRuntimeApi

from gateway.runtime.bridge import ASGIApp
from gateway.runtime.loop import Program, serve

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def lambda_api() -> Iterator[FakeRuntimeApi]:
    with FakeRuntimeApi() as api:
        yield api


@dataclass
class Runner:
    """The loop, running in the test's own event loop."""

    api: FakeRuntimeApi
    reports: list[tuple[str, BaseException | None, str | None]] = field(default_factory=list)
    environ: dict[str, str] = field(default_factory=dict)
    tasks: list[asyncio.Task[int]] = field(default_factory=list)

    def start(
        self,
        app: ASGIApp | None = None,
        build: Callable[[], Awaitable[ASGIApp]] | None = None,
        renew: Callable[[], Awaitable[ASGIApp]] | None = None,
        **environ: str,
    ) -> asyncio.Task[int]:
        async def ready() -> ASGIApp:
            assert app is not None
            return app

        self.environ.update(environ, AWS_LAMBDA_RUNTIME_API=self.api.address)
        program = Program(build or ready, renew or ready)
        task = asyncio.ensure_future(serve(program, self.environ, self._note))
        self.tasks.append(task)
        return task

    @property
    def reported(self) -> list[str]:
        return [what for what, _, _ in self.reports]

    def _note(self, what: str, error: BaseException | None, request_id: str | None) -> None:
        self.reports.append((what, error, request_id))


@pytest.fixture
async def runner(lambda_api: FakeRuntimeApi):  # type: ignore[no-untyped-def]
    runner = Runner(lambda_api)
    yield runner
    for task in runner.tasks:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


SAMPLE_APP = Path(__file__).with_name("sample_app.py")


@pytest.fixture
def task_root(tmp_path: Path) -> Path:
    """A folder laid out like /var/task: the real entries and the real runtime, and a sample application in place of the gateway's."""
    root = tmp_path / "task"
    (root / "proxy").mkdir(parents=True)
    (root / "gateway").mkdir()
    source = REPOSITORY / "functions"
    for name in ("__init__.py", "bootstrap.py", "handler.py"):
        shutil.copy(source / "proxy" / name, root / "proxy" / name)
    shutil.copy(SAMPLE_APP, root / "proxy" / "app.py")
    shutil.copy(source / "proxy" / "wrapper.sh", root / "wrapper.sh")
    shutil.copy(source / "gateway" / "__init__.py", root / "gateway" / "__init__.py")
    shutil.copytree(
        source / "gateway" / "runtime", root / "gateway" / "runtime", ignore=shutil.ignore_patterns("__pycache__")
    )
    return root

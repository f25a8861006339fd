"""The byte-exact upstream and the exchange in front of it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from tests.exchange.kit import Door, release_for
from tests.upstream.server import Upstream


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    async with Upstream() as server:
        yield server


@pytest.fixture
def door(upstream: Upstream) -> Door:
    return Door(release_for(upstream.url))

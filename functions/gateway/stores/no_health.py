"""No memory of upstreams: every request goes by the release alone. For deployments that want their providers called whatever happened before."""

from __future__ import annotations

from gateway.neutral.health import Health, KeySeen, TargetSeen


class NoHealth:
    """`HealthBoard` that knows nothing and remembers nothing."""

    async def current(self) -> Health:
        """See `HealthBoard.current`: everything is healthy."""
        return Health()

    async def refresh(self) -> None:
        """See `HealthBoard.refresh`."""

    def saw(self, seen: TargetSeen | KeySeen) -> None:
        """See `HealthBoard.saw`."""
        del seen

    async def flush(self) -> None:
        """See `HealthBoard.flush`."""

    async def probe(self, provider: str, model: str, owner: str) -> bool:
        """See `HealthBoard.probe`: no breaker ever opens."""
        del provider, model, owner
        return True

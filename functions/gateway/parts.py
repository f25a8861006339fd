"""What a request's way through the data plane is made of; put together in `proxy/app.py`, received by everyone else."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.clock import Clock
from gateway.policies.keys import Keys
from gateway.settings import Settings
from gateway.stores.protocols import (
    CacheStore,
    DialogStore,
    Embedder,
    HealthBoard,
    LimitStore,
    LogWriter,
    PeopleReader,
    ReleaseReader,
    ReplayStore,
    SecretReader,
    StopBoard,
    UploadStore,
    UsageFigures,
)
from gateway.upstream.attempt import Signing
from gateway.upstream.client import UpstreamClient


@dataclass(frozen=True, slots=True)
class Parts:
    """One of each, for the life of the environment."""

    settings: Settings
    clock: Clock
    keys: Keys
    releases: ReleaseReader
    secrets: SecretReader
    upstream: UpstreamClient
    logs: LogWriter
    signing: Signing
    health: HealthBoard
    stops: StopBoard
    limits: LimitStore
    replays: ReplayStore
    cache: CacheStore
    embedder: Embedder
    figures: UsageFigures
    uploads: UploadStore
    dialogs: DialogStore
    people: PeopleReader

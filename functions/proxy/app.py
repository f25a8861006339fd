"""Composition root of the data plane: the only place where concrete things meet."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from gateway.aws.bedrock import BedrockSigner
from gateway.aws.credentials import from_environ as credentials_from
from gateway.aws.dynamodb import DynamoDB
from gateway.aws.embedder import OfflineEmbedder
from gateway.aws.functions import Functions
from gateway.aws.identity import IdentityFunction
from gateway.aws.keyring import KeyRing
from gateway.aws.kms import Kms
from gateway.aws.s3 import S3
from gateway.aws.secrets import Secrets
from gateway.aws.session import AwsSession
from gateway.catalog import logical_models
from gateway.clock import Clock
from gateway.exchange import Exchange
from gateway.neutral.config import Release
from gateway.parts import Parts
from gateway.policies.keys import Keys
from gateway.routing.defaults import with_defaults
from gateway.routing.environment_keys import with_environment_keys
from gateway.settings import Settings, from_environ
from gateway.stores.hot_cache import HotCache
from gateway.stores.hot_dialogs import HotDialogs
from gateway.stores.hot_health import HotHealth
from gateway.stores.hot_keys import HotKeys
from gateway.stores.hot_limits import HotLimits
from gateway.stores.hot_logs import HotLogs
from gateway.stores.hot_releases import HotReleases
from gateway.stores.hot_replays import HotReplays
from gateway.stores.hot_stops import HotStops
from gateway.stores.hot_uploads import HotUploads
from gateway.stores.hot_usage import HotUsage
from gateway.stores.no_health import NoHealth
from gateway.transport.pool import Pool
from gateway.upstream.client import PinnedClient


async def create_app(environ: Mapping[str, str]) -> Exchange:
    """The data plane as an ASGI application; SettingsError when the environment is incomplete.

    Connections are opened by the first request that needs them, so that an application built before a snapshot holds none.
    """
    settings = from_environ(environ)
    clock = Clock()
    pool = Pool(clock.wall)
    credentials = credentials_from(environ, clock)
    session = AwsSession(settings.region, settings.endpoint_url, credentials, clock, pool=pool)
    database, objects = DynamoDB(session), S3(session)
    # The local stack answers for Lambda at an address of its own.
    lambda_url = environ.get("AWS_ENDPOINT_URL_LAMBDA", "").strip() or settings.endpoint_url
    functions = Functions(AwsSession(settings.region, lambda_url, credentials, clock, pool=pool))
    parts = Parts(
        settings=settings,
        clock=clock,
        keys=Keys(HotKeys(database, settings.keys_table), clock, settings.key_cache_seconds),
        releases=HotReleases(
            database, settings.config_table, clock, settings.config_poll_seconds, partial(prepared, settings)
        ),
        secrets=KeyRing(Kms(session), Secrets(session), clock, settings.provider_keys),
        upstream=PinnedClient(pool, clock.monotonic),
        signing=BedrockSigner(credentials, clock, pool),
        logs=HotLogs(database, settings.logs_table, objects, settings.bodies_bucket),
        health=HotHealth(database, settings.state_table, clock, settings.config_poll_seconds)
        if settings.upstream_health
        else NoHealth(),
        stops=HotStops(database, settings.state_table, clock),
        limits=HotLimits(database, settings.state_table, settings.logs_table, clock, clock.new_id("env")),
        replays=HotReplays(database, settings.state_table, objects, settings.bodies_bucket, clock),
        cache=HotCache(database, settings.cache_table, objects, settings.bodies_bucket, clock),
        embedder=OfflineEmbedder(functions, settings.embedder_function),
        figures=HotUsage(database, settings.usage_table, clock),
        dialogs=HotDialogs(database, settings.dialogs_table, clock),
        people=IdentityFunction(functions, settings.identity_function),
        uploads=HotUploads(objects, settings.bodies_bucket, clock),
    )
    return Exchange(parts)


def prepared(settings: Settings, release: Release) -> Release:
    """A release with the credentials of the environment and the logical models that every deployment has."""
    return with_defaults(with_environment_keys(release, settings.provider_keys), logical_models())

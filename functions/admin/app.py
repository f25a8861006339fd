"""Composition root of the control plane: builds the stores and services from the environment and gives the ASGI app and the Lambda handler."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from aws_lambda_powertools import Logger
from botocore.config import Config
from fastapi import FastAPI
from mangum import Mangum

from admin import identity
from gateway.admin import facts, secrets
from gateway.admin.account_editor import Accounts
from gateway.admin.agent_editor import AgentEditor
from gateway.admin.api import serve
from gateway.admin.applying import ACTOR, Applied, apply
from gateway.admin.cache_editor import CacheEditor
from gateway.admin.desk import Desk
from gateway.admin.document_text import parse
from gateway.admin.editors import Editors
from gateway.admin.guardrail_editor import GuardrailEditor
from gateway.admin.in_force import InForce
from gateway.admin.key_editor import VirtualKeys
from gateway.admin.model_editor import ModelEditor
from gateway.admin.passwords import argon2id
from gateway.admin.playground import Playground
from gateway.admin.probing import LambdaProber, NoProber, Prober
from gateway.admin.provider_editor import ProviderEditor, UrlRules
from gateway.admin.publisher import Publisher
from gateway.admin.recorded import recorded
from gateway.admin.rollback import Rollbacks
from gateway.admin.route_editor import RouteEditor
from gateway.admin.sealing import kms_sealer
from gateway.admin.services import Services
from gateway.admin.standings import Standings
from gateway.admin.trail import Caller, Subject, Trail, ended
from gateway.admin.upstream_key_editor import UpstreamKeyEditor, Vault
from gateway.clock import Clock
from gateway.neutral.audit import Author
from gateway.settings import Settings, from_environ
from gateway.stores.accounts import AccountStore
from gateway.stores.audit import AuditLog
from gateway.stores.balances import Balances
from gateway.stores.bodies import BodyReader
from gateway.stores.cache_clearing import CacheClearing
from gateway.stores.dialogs import Dialogs
from gateway.stores.entities import Entities
from gateway.stores.health import HealthControl
from gateway.stores.limits import LimitReader
from gateway.stores.logs import LogReader
from gateway.stores.playground_keys import PlaygroundKeys
from gateway.stores.publishing import PublishingStore
from gateway.stores.releases import Releases
from gateway.stores.restoring import Restoring
from gateway.stores.tables import Tables, bind
from gateway.stores.usage import UsageReader
from gateway.stores.users import Users
from gateway.stores.virtual_keys import VirtualKeyStore

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient

_QUICK = Config(connect_timeout=3, read_timeout=10, retries={"mode": "standard", "max_attempts": 3})
# Longer than the function may run, and never twice: the one who asks is waiting.
_PATIENT = Config(connect_timeout=3, read_timeout=20, retries={"total_max_attempts": 1})
# Anything else would be base64, which API Gateway passes on as it is where an API has no binary media types.
_TEXTS = ["text/", "application/json", "application/yaml"]


def _kms(settings: Settings) -> KMSClient:
    return boto3.client("kms", region_name=settings.region, endpoint_url=settings.endpoint_url, config=_QUICK)


def _dynamodb(settings: Settings) -> DynamoDBClient:
    return boto3.client("dynamodb", region_name=settings.region, endpoint_url=settings.endpoint_url, config=_QUICK)


def _s3(settings: Settings) -> S3Client:
    # Bucket names in the path: the local stack has one host for all of them.
    config = _QUICK.merge(Config(s3={"addressing_style": "path"})) if settings.endpoint_url else _QUICK
    return boto3.client("s3", region_name=settings.region, endpoint_url=settings.endpoint_url, config=config)


def _secrets_manager(settings: Settings) -> SecretsManagerClient:
    return boto3.client(
        "secretsmanager", region_name=settings.region, endpoint_url=settings.endpoint_url, config=_QUICK
    )


def _prober(environ: Mapping[str, str], settings: Settings) -> Prober:
    """Its client is made anew for every call: an administrator asks seldom, and an application that is only built needs none."""
    function = environ.get("PROBE_FUNCTION", "").strip()
    if not function:
        return NoProber()

    def client() -> LambdaClient:
        # The variable of that name would reach botocore by itself, were it not for the address that is given here.
        place = environ.get("AWS_ENDPOINT_URL_LAMBDA", "").strip() or settings.endpoint_url
        return boto3.client("lambda", region_name=settings.region, endpoint_url=place, config=_PATIENT)

    return LambdaProber(client, function)


def _editors(settings: Settings, tables: Tables, clock: Clock) -> Editors:
    entities = Entities(tables, clock)
    releases = Releases(tables, clock)
    publisher = Publisher(entities, releases, PublishingStore(tables, clock))
    rules = UrlRules(settings.allow_private_upstreams)
    desk = Desk(entities, publisher.publish)
    vault = Vault(kms_sealer(_kms(settings), settings.kms_key_id, clock), argon2id())
    return Editors(
        providers=ProviderEditor(desk, rules),
        upstream_keys=UpstreamKeyEditor(desk, vault, clock),
        models=ModelEditor(desk, facts.built_in()),
        guardrails=GuardrailEditor(desk),
        agents=AgentEditor(desk),
        routes=RouteEditor(desk),
        cache=CacheEditor(desk),
        keys=VirtualKeys(VirtualKeyStore(tables, clock), clock),
        teams=Accounts(AccountStore(tables, clock), "team"),
        end_users=Accounts(AccountStore(tables, clock), "user"),
        publisher=publisher,
        rollbacks=Rollbacks(entities, releases, Restoring(tables, clock), rules),
    )


def create_services(environ: Mapping[str, str], clock: Clock | None = None) -> Services:
    """The services of a deployment; SettingsError when a setting or a secret is missing, malformed or weak."""
    settings = from_environ(environ)
    clock = clock or Clock()
    vault = _secrets_manager(settings)
    deployment = secrets.load(vault, environ)
    tables = bind(settings)
    who, sessions = identity.create(
        environ, settings, clock, tables, deployment, lambda name: secrets.read(vault, environ, name)
    )
    editors = _editors(settings, tables, clock)
    return Services(
        settings=settings,
        clock=clock,
        editors=editors,
        sessions=sessions,
        identity=who,
        logs=LogReader(tables, clock, settings.log_ttl_days),
        bodies=BodyReader(_s3(settings), settings.bodies_bucket),
        health=HealthControl(tables, clock),
        users=Users(tables),
        standings=Standings(LimitReader(tables, clock), editors),
        audit=AuditLog(tables, clock, settings.audit_ttl_days),
        playground=Playground(Users(tables), PlaygroundKeys(tables), clock),
        balances=Balances(tables, clock, settings.token_grant),
        dialogs=Dialogs(tables, clock),
        in_force=InForce(Releases(tables, clock)),
        cache=CacheClearing(tables, clock),
        prober=_prober(environ, settings),
    )


def _origin_secret(environ: Mapping[str, str], settings: Settings) -> bytes | None:
    """What tells requests that came through CloudFront; None where there is none."""
    name = "ORIGIN_SECRET_ARN"
    if not environ.get(name, "").strip():
        return None
    return secrets.signing_key(name, secrets.read(_secrets_manager(settings), environ, name))


def create_app(environ: Mapping[str, str], clock: Clock | None = None) -> FastAPI:
    """The admin API of a deployment; SettingsError as in `create_services`."""
    Logger(service="gateway.admin")  # structured lines for the logger of that name, which the rooms use
    settings = from_environ(environ)
    origin = environ.get("DASHBOARD_ORIGIN", "").strip() or None
    app = serve(create_services(environ, clock), origin, _origin_secret(environ, settings))
    app.state.usage = UsageReader(_dynamodb(settings), settings.usage_table)
    return app


def apply_document(environ: Mapping[str, str], text: str, name: str) -> Applied:
    """Apply a configuration document (YAML or JSON text; `name` is for messages) and publish once. DocumentError says where it is wrong.

    Variables that the document refers to (`env:`, `api_key_env:`) are looked up in `environ`.
    """
    settings, clock = from_environ(environ), Clock()
    tables = bind(settings)
    caller = Caller(Author(ACTOR, name, ACTOR))
    trail = Trail(AuditLog(tables, clock, settings.audit_ttl_days), caller, Subject("apply", "configuration", name))
    editors = recorded(_editors(settings, tables, clock), trail, publishing=False)
    with ended(trail):
        return apply(parse(text, name), editors, environ)


@cache
def _mangum() -> Mangum:
    return Mangum(create_app(os.environ), lifespan="off", text_mime_types=_TEXTS)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The Lambda entry. The application is built at the first call, so that importing costs little and a bad setting is said in the log."""
    return _mangum()(event, context)

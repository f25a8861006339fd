"""The environment, read once into a frozen object. Nothing else in the package reads `os.environ`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

_KEY_SUFFIX: Final = "_API_KEY"


# How late an environment may learn of a publication at its next request, unless it polls less often (`stores/hot_releases.py`).
PROPAGATION_SECONDS: Final = 25.0


class SettingsError(ValueError):
    """A setting is missing or malformed; the message names it and never shows its value."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Names of the deployment's resources and its few switches.

    `endpoint_url` points every AWS call at one address (the local stack); None on AWS. `log_ttl_days` is how long log rows live,
    `audit_ttl_days` how long entries of the audit log do.
    `allow_private_upstreams` lets providers marked `allow_private` reach private and loopback addresses at all.
    `keepalive_seconds` is how long a stream may be silent before the client gets a sign of life; 0 = never.
    `upstream_health` False: no breakers, no cooldowns, no dead keys; every request goes by the release alone.
    `token_grant` is what the token balance of a new user begins with.
    `identity_function` says whose an access token is (functions/identity), None where the deployment has none.
    `embedder_function` is the offline embedder (functions/embedder), None where the deployment has none.
    `retry_*` hold where a route says nothing else (`gateway.neutral.config.Retry`). `provider_keys` are the credentials of the environment
    by variable name (`OPENAI_API_KEY`), for providers that have none in the store.
    """

    stage: str
    region: str
    config_table: str
    keys_table: str
    state_table: str
    logs_table: str
    usage_table: str
    cache_table: str
    dialogs_table: str
    bodies_bucket: str
    kms_key_id: str
    endpoint_url: str | None = None
    log_ttl_days: int = 30
    audit_ttl_days: int = 400
    config_poll_seconds: float = 5.0
    key_cache_seconds: float = 15.0
    allow_private_upstreams: bool = False
    durable: bool = False
    keepalive_seconds: float = 15.0
    upstream_health: bool = True
    retry_attempts: int = 2
    retry_base_seconds: float = 0.5
    retry_max_seconds: float = 8.0
    token_grant: int = 0
    embedder_function: str | None = None
    identity_function: str | None = None
    # A hold lives for 120 seconds: two renewals may fail before it expires.
    hold_renew_seconds: float = 40.0
    provider_keys: Mapping[str, str] = field(default_factory=dict, repr=False)


def _required(environ: Mapping[str, str], name: str) -> str:
    value = environ.get(name, "").strip()
    if not value:
        raise SettingsError(f"{name} is not set")
    return value


def _number(environ: Mapping[str, str], name: str, default: float) -> float:
    text = environ.get(name, "").strip()
    try:
        value = float(text) if text else default
    except ValueError:
        raise SettingsError(f"{name} is not a number") from None
    if not 0 < value < 1e9:
        raise SettingsError(f"{name} is out of range")
    return value


def _seconds_or_off(environ: Mapping[str, str], name: str, default: float) -> float:
    return 0.0 if environ.get(name, "").strip() == "0" else _number(environ, name, default)


def _tokens(environ: Mapping[str, str], name: str) -> int:
    text = environ.get(name, "").strip() or "0"
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise SettingsError(f"{name} is not a number of tokens")
    return int(text)


def _flag(environ: Mapping[str, str], name: str, *, default: bool = False) -> bool:
    text = environ.get(name, "").strip().lower()
    if text not in {"", "0", "1", "true", "false"}:
        raise SettingsError(f"{name} must be true or false")
    return text in {"1", "true"} if text else default


def from_environ(environ: Mapping[str, str]) -> Settings:
    """Settings of this process; SettingsError names the first thing that is missing or malformed."""
    return Settings(
        stage=environ.get("STAGE", "").strip() or "dev",
        region=_required(environ, "AWS_REGION"),
        config_table=_required(environ, "CONFIG_TABLE"),
        keys_table=_required(environ, "KEYS_TABLE"),
        state_table=_required(environ, "STATE_TABLE"),
        logs_table=_required(environ, "LOGS_TABLE"),
        usage_table=_required(environ, "USAGE_TABLE"),
        cache_table=_required(environ, "CACHE_TABLE"),
        dialogs_table=_required(environ, "DIALOGS_TABLE"),
        bodies_bucket=_required(environ, "BODIES_BUCKET"),
        kms_key_id=_required(environ, "KMS_KEY_ID"),
        endpoint_url=environ.get("AWS_ENDPOINT_URL", "").strip() or None,
        log_ttl_days=max(1, int(_number(environ, "LOG_TTL_DAYS", 30))),
        audit_ttl_days=max(1, int(_number(environ, "AUDIT_TTL_DAYS", 400))),
        config_poll_seconds=min(30.0, _number(environ, "CONFIG_POLL_SECONDS", 5.0)),
        key_cache_seconds=min(30.0, _number(environ, "KEY_CACHE_SECONDS", 15.0)),
        allow_private_upstreams=_flag(environ, "ALLOW_PRIVATE_UPSTREAMS"),
        durable=_flag(environ, "DURABLE_LOGS"),
        keepalive_seconds=_seconds_or_off(environ, "KEEPALIVE_SECONDS", 15.0),
        upstream_health=_flag(environ, "UPSTREAM_HEALTH", default=True),
        retry_attempts=max(1, min(5, int(_number(environ, "RETRY_ATTEMPTS", 2)))),
        retry_base_seconds=_seconds_or_off(environ, "RETRY_BASE_SECONDS", 0.5),
        retry_max_seconds=_seconds_or_off(environ, "RETRY_MAX_SECONDS", 8.0),
        token_grant=_tokens(environ, "TOKEN_GRANT"),
        identity_function=environ.get("IDENTITY_FUNCTION", "").strip() or None,
        embedder_function=environ.get("EMBEDDER_FUNCTION", "").strip() or None,
        provider_keys={
            name: value.strip() for name, value in environ.items() if name.endswith(_KEY_SUFFIX) and value.strip()
        },
    )

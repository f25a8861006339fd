"""The configuration a start brings along: the demo providers at the first one, GATEWAY_CONFIG at every one.

What an administrator changes or deletes afterwards stays so; only the demo upstream's address and the demo key follow the start, and a
start that changes nothing publishes nothing.
"""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from infra.local.faults import StackError
from infra.local.server import free_port
from infra.local.statedir import StateDir, write_private

DEMO_DOCUMENT = Path(__file__).with_name("demo.yaml")
DEMO_KEY_NAME = "Demo key"
DEMO_PROVIDERS = ("demo-openai", "demo-responses", "demo-anthropic", "demo-gemini", "demo-bedrock", "demo-trouble")
ACTOR = "local"


@dataclass(frozen=True, slots=True)
class DemoUpstream:
    """Where the demo upstream listens and the one credential it accepts."""

    port: int
    key: str

    @property
    def base_url(self) -> str:
        """Without a version segment: each vendor's is added by the gateway."""
        return f"http://127.0.0.1:{self.port}"


@dataclass(frozen=True, slots=True)
class Document:
    """A configuration document: its text, and its name for messages."""

    text: str
    name: str


@dataclass(frozen=True, slots=True)
class Seeded:
    """The demo key, and the secrets of virtual keys that were made now, by name: to be shown once."""

    demo_key: str
    generated: Mapping[str, str]


def read_config(path: Path | None) -> Document | None:
    """The document of GATEWAY_CONFIG; StackError, before anything has started, when it is no YAML."""
    if path is None:
        return None
    try:
        text = path.read_text(encoding="utf-8")
        yaml.safe_load(text)
    except (OSError, UnicodeDecodeError) as error:
        raise StackError(
            f"GATEWAY_CONFIG: cannot read {path.name}: {getattr(error, 'strerror', None) or 'not UTF-8'}"
        ) from None
    except yaml.YAMLError as error:
        raise StackError(f"GATEWAY_CONFIG: {path.name} is not valid YAML{_place(error)}") from None
    return Document(text, path.name)


def _place(error: yaml.YAMLError) -> str:
    mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
    if mark is None:
        return ""
    return f": line {mark.line + 1}, column {mark.column + 1}: {problem}"


def demo_upstream(state: StateDir) -> DemoUpstream:
    """Last time's port when it is free (so that the configuration need not change), last time's key."""
    port = free_port(state.recall("demo-port"))
    state.remember("demo-port", port)
    return DemoUpstream(port, state.kept_secret("demo-upstream-key", lambda: f"demo-{secrets.token_urlsafe(24)}"))


def apply(state: StateDir, upstream: DemoUpstream, wanted_key: str | None, wanted: Document | None) -> Seeded:
    """Bring the configuration up to date. The process's environment must be the functions' one."""
    key = _demo_key(state, wanted_key)
    made = {**_demo(upstream), **({} if wanted is None else _apply_document(wanted, os.environ))}
    return Seeded(key, made)


def _apply_document(document: Document, environ: Mapping[str, str]) -> Mapping[str, str]:
    """Virtual keys that the document made, by name."""
    from admin.app import apply_document
    from gateway.admin.document import DocumentError

    try:
        return apply_document(environ, document.text, document.name).generated
    except DocumentError as error:
        raise StackError(f"configuration: {' '.join(str(error).split())}") from None


def _demo(upstream: DemoUpstream) -> Mapping[str, str]:
    """The demo providers and models at the first start; later only their address, where they still exist. Keys that were made, by name."""
    from gateway.clock import Clock
    from gateway.settings import from_environ
    from gateway.stores.entities import PROVIDER, Entities
    from gateway.stores.releases import Releases
    from gateway.stores.tables import bind

    tables = bind(from_environ(os.environ))
    if Releases(tables, Clock()).pointer().number == 0:
        environ = {**os.environ, "DEMO_UPSTREAM_URL": upstream.base_url, "DEMO_UPSTREAM_KEY": upstream.key}
        text = DEMO_DOCUMENT.read_text(encoding="utf-8").replace("${DEMO_UPSTREAM_URL}", upstream.base_url)
        return _apply_document(Document(text, DEMO_DOCUMENT.name), environ)
    entities = Entities(tables, Clock())
    rows = [entities.get(PROVIDER, name) for name in DEMO_PROVIDERS]
    moved = [row.value.id for row in rows if row is not None and _is_elsewhere(row.value.base_url, upstream)]
    if moved:
        _move(moved, upstream)
    return {}


def _is_elsewhere(base_url: str | None, upstream: DemoUpstream) -> bool:
    """True when a demo provider points to an earlier demo upstream; one that an administrator pointed elsewhere is left alone."""
    return base_url is not None and base_url.startswith("http://127.0.0.1:") and base_url != upstream.base_url


def _move(providers: list[str], upstream: DemoUpstream) -> None:
    from admin.app import create_services
    from gateway.admin.schemas import ProviderPatch

    editors = create_services(os.environ).editors
    for name in providers:
        editors.providers.update(name, ProviderPatch(base_url=upstream.base_url), None, ACTOR)


def _demo_key(state: StateDir, wanted: str | None) -> str:
    """The demo virtual key, made to exist; the one it replaces is removed."""
    from gateway.admin.key_editor import VirtualKeys
    from gateway.admin.schemas import KeyIn
    from gateway.clock import Clock
    from gateway.neutral.config import key_digest
    from gateway.settings import from_environ
    from gateway.stores.tables import bind
    from gateway.stores.virtual_keys import VirtualKeyStore

    store = VirtualKeyStore(bind(from_environ(os.environ)), Clock())
    kept = state.kept_secret("demo-key", lambda: wanted or _new_key())
    key = wanted or kept
    if key != kept:
        old = store.by_digest(key_digest(kept))
        if old is not None:
            store.delete(old.value, old.version)
        write_private(state.folder("secrets") / "demo-key", key + "\n")
    if store.by_digest(key_digest(key)) is None:
        VirtualKeys(store, Clock()).create(KeyIn(name=DEMO_KEY_NAME), key)
    return key


def _new_key() -> str:
    return "sk-gw-" + base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")

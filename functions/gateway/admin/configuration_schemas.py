"""The configuration as one document: planning it and applying it. The document itself is described in `gateway.admin.document`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from gateway.admin.audit_schemas import ChangeOut
from gateway.admin.fields import Reply, Strict
from gateway.admin.schemas import Secret

DocumentFormat = Literal["yaml", "json"]
DocumentText = Annotated[str, Field(max_length=1_000_000, description="The document, as YAML or JSON text")]
VariableName = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,127}$")]
Variables = Annotated[
    dict[VariableName, Secret],
    Field(
        max_length=1000,
        description="Values of the environment variables that the document names (`env:`, `api_key_env:`). The gateway's own are never read",
    ),
]


class ConfigurationIn(Strict):
    """A document to be planned. `format` null: JSON is YAML, too, so that either is understood. With `prune` everything that the document does
    not name is removed: providers, upstream keys, models, routes, virtual keys, teams and end users, not the dashboard's users."""

    document: DocumentText
    format: DocumentFormat | None = None
    prune: bool = False
    variables: Variables = Field(default_factory=dict)


class ConfigurationApplyIn(ConfigurationIn):
    """A document to be applied. With the `fingerprint` of a plan: 409 unless this is the document that was planned, against what is stored now."""

    fingerprint: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None


class PlannedChange(ChangeOut):
    """A change that applying would make. `path` is where the document says so (null: it says nothing of it, and `prune` removes it). A virtual
    key's `id` is its name."""

    path: str | None


class MissingSecret(Reply):
    """A secret that the document leaves to what is stored, where nothing is stored. While one is missing, applying is refused."""

    path: str
    provider: str
    message: str


class ConfigurationPlan(Reply):
    """What applying would change; nothing was written. `number` is that of the release in force."""

    changes: list[PlannedChange]
    missing: list[MissingSecret]
    warnings: list[str]
    number: int
    fingerprint: str


class GeneratedKey(Reply):
    """A virtual key that was made: the only time that `key` is shown."""

    name: str
    key: str


class ConfigurationApplied(Reply):
    """What is in force now. `changed` false: everything was so already, and nothing was written."""

    release: str | None
    number: int
    changed: bool
    keys: list[GeneratedKey]

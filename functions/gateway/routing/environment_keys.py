"""Credentials of the environment: `OPENAI_API_KEY` serves a provider called `openai` that has no key in the store, and no other.

A provider whose stored keys are cooling, dead or switched off is not served by it: an administrator who took keys away meant it.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from typing import Final

from gateway.neutral.config import Release, UpstreamKey

_ODD: Final = re.compile(r"[^A-Z0-9]+")


def variable(provider_id: str) -> str:
    """The variable that holds a provider's credential: `my-openai` → `MY_OPENAI_API_KEY`."""
    return f"{_ODD.sub('_', provider_id.upper())}_API_KEY"


def with_environment_keys(release: Release, names: Collection[str]) -> Release:
    """The release with a key `env:NAME` for every provider that has none of its own and whose variable is among `names`."""
    if not names or not any(not one.keys and variable(one.id) in names for one in release.providers):
        return release
    providers = tuple(
        replace(one, keys=(_key(variable(one.id)),)) if not one.keys and variable(one.id) in names else one
        for one in release.providers
    )
    return replace(release, providers=providers)


def _key(name: str) -> UpstreamKey:
    return UpstreamKey(id=f"env:{name}", hint=name, reference=f"env:{name}")

"""Free JSON of an administrator that ends in a release: rules and default parameters.

It must survive every reader of a release: whole numbers of 64 bits, finite numbers, text that is UTF-8, and no great depth or size.
"""

from __future__ import annotations

import json
import math
import re
from typing import Annotated, Any, Final

from pydantic import AfterValidator

from gateway.neutral import redaction
from gateway.neutral.parameters import RESERVED_PARAMETERS

MAX_PARAMETER_BYTES: Final = 8192
MAX_RULE_BYTES: Final = 16384
MAX_PARAMETER_DEPTH: Final = 6
MAX_RULE_DEPTH: Final = 24
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")
_CREDENTIAL: Final = re.compile(
    r"secret|passw|credential|authoriz|api[-_]?key|(?:access|auth|session|private|bearer|refresh)[-_]?(?:token|key)|^(?:x-)?token$|^key$",
    re.IGNORECASE,
)
_FOLDED: Final = frozenset(name.lower() for name in RESERVED_PARAMETERS)


def _walk(value: Any, place: str, depth: int, *, credentials: bool) -> None:
    """ValueError names the member that cannot be kept; a refused value is never repeated."""
    if depth < 0:
        raise ValueError("is nested too deeply")
    if isinstance(value, dict):
        for name, item in value.items():
            inner = f"{place}.{_shown(name)}" if place else _shown(name)
            if credentials and _CREDENTIAL.search(name):
                raise ValueError(f"{inner} looks like a credential; a credential belongs to the provider's keys")
            _scalar(name, inner, credentials=False)
            _walk(item, inner, depth - 1, credentials=credentials)
    elif isinstance(value, list):
        for at, item in enumerate(value):
            _walk(item, f"{place}[{at}]", depth - 1, credentials=credentials)
    else:
        _scalar(value, place, credentials=credentials)


def _scalar(value: Any, place: str, *, credentials: bool) -> None:
    if isinstance(value, str):
        if _SURROGATE.search(value):
            raise ValueError(f"{place} is not valid text")
        if credentials and redaction.text(value).count(redaction.MARK) > value.count(redaction.MARK):
            raise ValueError(f"{place} holds a credential; a credential belongs to the provider's keys")
    elif isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{place} is not a finite number")
    elif isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise ValueError(f"{place} is a number of more than 64 bits")
    elif value is not None and not isinstance(value, bool | int | float):
        raise ValueError(f"{place} is not a JSON value")  # YAML knows dates


def _shown(name: Any) -> str:
    if not isinstance(name, str):
        raise ValueError("a name must be text")
    return "".join(char if char.isprintable() else "?" for char in name[:64])


def _small(value: dict[str, Any], limit: int) -> None:
    if len(json.dumps(value, ensure_ascii=False).encode()) > limit:
        raise ValueError(f"is larger than {limit} bytes")


def parameters(value: dict[str, Any]) -> dict[str, Any]:
    """Default parameters fit to be stored; ValueError names what is not."""
    for name in value:
        if str(name).lower() in _FOLDED:
            raise ValueError(f"{_shown(name)} is the client's alone and can have no default")
    _walk(value, "", MAX_PARAMETER_DEPTH, credentials=True)
    _small(value, MAX_PARAMETER_BYTES)
    return value


def rule(value: dict[str, Any]) -> dict[str, Any]:
    """A rule that can be stored; what it means is judged by `gateway.routing.rules`."""
    _walk(value, "", MAX_RULE_DEPTH, credentials=False)
    _small(value, MAX_RULE_BYTES)
    return value


Parameters = Annotated[dict[str, Any], AfterValidator(parameters)]
Rule = Annotated[dict[str, Any], AfterValidator(rule)]

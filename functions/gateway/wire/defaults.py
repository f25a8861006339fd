"""A provider's `default_parameters` in a body that goes to it.

A member is added when the client did not say it, not even as null. That holds for top-level members as a whole: half of a client's `thinking`
and half of an administrator's would be neither. The one exception are the objects in which Gemini (`generationConfig`) and Bedrock
(`inferenceConfig`) keep what other dialects keep at the top: they are filled member by member. Spellings of one name (`max_output_tokens`,
`maxOutputTokens`) are the same name, and so are the old and the new name of the output limit in Chat Completions. What the client alone
decides is never added.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import orjson

from gateway.neutral.parameters import RESERVED_PARAMETERS
from gateway.wire.json_body import JsonBody, parse

_FILLED: Final = frozenset(["generationconfig", "inferenceconfig"])
_SAME: Final[Mapping[str, str]] = {"maxcompletiontokens": "maxtokens"}


def _folded(name: str) -> str:
    folded = name.replace("_", "").casefold()
    return _SAME.get(folded, folded)


_RESERVED: Final = frozenset(_folded(name) for name in RESERVED_PARAMETERS)


def for_raw(body: JsonBody, defaults: Mapping[str, Any]) -> dict[str, Any]:
    """What `JsonBody.replace` puts into a client's body; {} when there is nothing to add."""
    added = _missing(body.data, defaults)
    found = _to_fill(body.data, defaults)
    if found is not None:
        name, more = found
        span = body.spans[name]
        added[name] = orjson.Fragment(parse(body.raw[span.start : span.end]).replace(more))
    return added


def for_data(body: Mapping[str, Any], defaults: Mapping[str, Any], said: Iterable[str]) -> Mapping[str, Any]:
    """A body that was encoded here, with what it lacks. `said` are names of what the client said, for what of it the encoder left out."""
    left = _without(defaults, said)
    added = _missing(body, left)
    found = _to_fill(body, left)
    if found is not None:
        name, more = found
        added[name] = {**body[name], **more}
    return {**body, **added} if added else body


def _without(defaults: Mapping[str, Any], said: Iterable[str]) -> dict[str, Any]:
    names = {_folded(name) for name in said} - _FILLED
    return {
        name: _without(value, said) if _folded(name) in _FILLED and isinstance(value, Mapping) else value
        for name, value in defaults.items()
        if _folded(name) not in names
    }


def _missing(said: Iterable[str], defaults: Mapping[str, Any]) -> dict[str, Any]:
    present = {_folded(name) for name in said} | _RESERVED
    return {name: value for name, value in defaults.items() if _folded(name) not in present}


def _to_fill(said: Mapping[str, Any], defaults: Mapping[str, Any]) -> tuple[str, dict[str, Any]] | None:
    """The object that both have, as the client spells it, and what it lacks."""
    name = next((name for name in said if _folded(name) in _FILLED), None)
    wanted = next(
        (value for key, value in defaults.items() if name is not None and _folded(key) == _folded(name)), None
    )
    if name is None or not isinstance(said[name], Mapping) or not isinstance(wanted, Mapping):
        return None
    more = _missing(said[name], wanted)
    return (name, more) if more else None

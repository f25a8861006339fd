"""A client's wishes for one request: which strategy, which providers rather, which not, and what the model must be able to do.

| header | member of the body's `routing` | value |
|---|---|---|
| `x-gateway-strategy` | `strategy` | a strategy's name; `fallback` is `priority` |
| `x-gateway-provider` | `first_provider` | the one provider to ask first, whatever the strategy says |
| `x-gateway-prefer` | `preferred_providers` | ids of providers |
| `x-gateway-exclude` | `exclude_providers` | ids of providers |
| `x-gateway-require` | `required_capabilities` | words of `gateway.catalog.traits`, or their other names below |

A provider is named by its id, or all of a vendor's by its kind. A name that is neither is refused (`gateway.routing.called`); one that may not
serve this request has no effect. Headers hold lists with commas, the body lists of texts. Each header that says something replaces its member of
the body; null says nothing. An object named `routing` is ours when it has one of these members, and then may have no others; anything else of
that name belongs to the provider and is left alone. Messages never repeat what a header or a body said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeGuard, get_args

from gateway.errors import InvalidRequest
from gateway.neutral import redaction
from gateway.neutral.config import Strategy
from gateway.routing.features import Hints

MEMBER: Final = "routing"
NAMES: Final = 20
NAME_CHARACTERS: Final = 128
_HEADER_CHARACTERS: Final = 4_096

Called = Callable[[], Mapping[str, tuple[str, ...]]]
"""What the caller may call providers by, with the ids that are meant."""

_STRATEGIES: Final[Mapping[str, Strategy]] = {**{name: name for name in get_args(Strategy)}, "fallback": "priority"}
CAPABILITIES: Final = frozenset(
    [
        *("reasoning", "vision", "pdf", "audio_input", "audio_output", "video_input", "tools", "parallel_tools"),
        *("json_schema", "prompt_caching", "web_search", "computer_use", "thinking_budget", "thinking_level"),
        *("adaptive_thinking", "mid_system", "effort", "effort_none", "effort_minimal", "effort_xhigh", "effort_max"),
        *("no_sampling", "no_prefill", "no_forced_tools"),
    ]
)
# "" = every model has it, so there is nothing to require.
_OTHER_NAMES: Final[Mapping[str, str]] = {
    "function_calling": "tools",
    "json_mode": "json_schema",
    "structured_output": "json_schema",
    "images": "vision",
    "streaming": "",
}
# Field of Hints → header, member.
_PLACES: Final[Mapping[str, tuple[str, str]]] = {
    "strategy": ("x-gateway-strategy", "strategy"),
    "first": ("x-gateway-provider", "first_provider"),
    "prefer": ("x-gateway-prefer", "preferred_providers"),
    "exclude": ("x-gateway-exclude", "exclude_providers"),
    "require": ("x-gateway-require", "required_capabilities"),
}
_SINGLE: Final = frozenset(["strategy", "first"])
_MEMBERS: Final = frozenset(member for _, member in _PLACES.values())


def is_ours(routing: object) -> TypeGuard[Mapping[str, Any]]:
    """Whether a body's member `routing` is meant for the gateway, so that it is obeyed and not passed on."""
    return isinstance(routing, Mapping) and not _MEMBERS.isdisjoint(routing)


def hints(headers: Mapping[str, str], body: Mapping[str, Any], called: Called | None = None) -> Hints:
    """The wishes of a request; InvalidRequest when one cannot be understood. `headers`: names lower-case. `called` None: names of providers are
    taken as ids that exist."""
    routing = body.get(MEMBER)
    ours = routing if is_ours(routing) else {}
    for name in ours:
        if name not in _MEMBERS:
            param = f"{MEMBER}.{redaction.line(str(name), 64)}"
            raise InvalidRequest(f"'{MEMBER}' may have {_listed(_MEMBERS)}.", param=param)
    strategy, param = _said("strategy", headers, ours)
    return Hints(
        None if strategy is None else _strategy(strategy, param),
        _providers(*_said("prefer", headers, ours), called),
        _providers(*_said("exclude", headers, ours), called),
        _capabilities(*_said("require", headers, ours)),
        _provider(*_said("first", headers, ours), called),
    )


def _said(item: str, headers: Mapping[str, str], routing: Mapping[str, Any]) -> tuple[Any, str]:
    """What was said of an item (None = nothing), and the name of the place that said it."""
    header, member = _PLACES[item]
    written = headers.get(header, "").strip()
    if not written:
        return routing.get(member), f"{MEMBER}.{member}"
    if len(written) > _HEADER_CHARACTERS:
        raise InvalidRequest(f"The header has at most {_HEADER_CHARACTERS:,} characters.", param=header)
    # https://www.rfc-editor.org/rfc/rfc9110#section-5.6.1: empty elements do not count.
    return written if item in _SINGLE else [name for part in written.split(",") if (name := part.strip())], header


def _strategy(said: Any, param: str) -> Strategy:
    known = _STRATEGIES.get(said.strip().lower()) if isinstance(said, str) else None
    if known is None:
        raise InvalidRequest(f"There is no such strategy; there are {_listed(_STRATEGIES)}.", param=param)
    return known


def _provider(said: Any, param: str, called: Called | None) -> tuple[str, ...]:
    if said is None:
        return ()
    if not isinstance(said, str):
        raise InvalidRequest("The name of a provider is needed.", param=param)
    return _providers([said.strip()], param, called)


def _providers(said: Any, param: str, called: Called | None) -> tuple[str, ...]:
    """Ids of providers, in the order in which they were named."""
    names = _names(said, param)
    if not names or called is None:
        return names
    known = called()
    if not known.keys() >= set(names):
        there = [name for name, ids in known.items() if ids]
        raise InvalidRequest(f"There is no such provider; there are {_listed(there[:NAMES]) or 'none'}.", param=param)
    return tuple(dict.fromkeys(identifier for name in names for identifier in known[name]))


def _names(said: Any, param: str) -> tuple[str, ...]:
    if said is None:
        return ()
    if not isinstance(said, list | tuple) or not all(isinstance(name, str) for name in said):
        raise InvalidRequest("A list of texts is needed.", param=param)
    if len(said) > NAMES or not all(0 < len(name) <= NAME_CHARACTERS for name in said):
        raise InvalidRequest(
            f"A list has at most {NAMES} names, each of 1 to {NAME_CHARACTERS} characters.", param=param
        )
    return tuple(dict.fromkeys(said))


def _capabilities(said: Any, param: str) -> tuple[str, ...]:
    words = [_OTHER_NAMES.get(lower, lower) for name in _names(said, param) if (lower := name.strip().lower())]
    if not CAPABILITIES.issuperset(word for word in words if word):
        raise InvalidRequest(
            f"There is no such capability; there are {_listed({*CAPABILITIES, *_OTHER_NAMES})}.", param=param
        )
    return tuple(dict.fromkeys(word for word in words if word))


def _listed(words: Iterable[str]) -> str:
    return ", ".join(sorted(words))

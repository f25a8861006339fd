"""Who may import whom. An import is judged wherever it stands: a late import inside a function joins two rooms just as well."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from tests.laws.source import imports, shipped, within

APPS = ("proxy", "admin", "probe", "identity", "embedder", "rollup", "publisher")
# The story of one request, told by these modules together.
STORY = (
    "gateway.exchange",
    "gateway.idempotency",
    "gateway.allowance",
    "gateway.relay",
    "gateway.cached",
    "gateway.asking",
    "gateway.guarding",
    "gateway.watching",
    "gateway.own_cache",
    "gateway.planning",
    "gateway.serving",
    "gateway.hedging",
    "gateway.records",
    "gateway.calling",
    "gateway.uploading",
    "gateway.delivery",
    "gateway.passage",
    "gateway.translated",
    "gateway.conversing",
    "gateway.turns",
    "gateway.settlement",
    "gateway.parts",
)


@dataclass(frozen=True, slots=True)
class Room:
    """A room that may import of the project only what is listed (and itself), and why."""

    name: str
    may: tuple[str, ...]
    why: str


ROOMS = (
    Room(
        "gateway.errors",
        (),
        "the error tree is the root of everything; whatever it imported could not raise its errors",
    ),
    Room("gateway.clock", (), "injected everywhere, so it may know nothing"),
    Room("gateway.settings", (), "read before anything else exists"),
    Room("gateway.neutral", (), "values that every room shares: if they knew a dialect or a store, all rooms would"),
    Room(
        "gateway.command",
        (),
        "it runs on other people's machines, of any version, and knows the gateway by its API alone",
    ),
    Room(
        "gateway.wire",
        ("gateway.neutral", "gateway.errors"),
        "a codec that saw providers or the network could not be proved with bytes alone",
    ),
    Room(
        "gateway.catalog",
        ("gateway.neutral", "gateway.errors"),
        "facts about models are data, the same for every provider and request",
    ),
    Room(
        "gateway.routing",
        ("gateway.neutral", "gateway.errors"),
        "a plan must be reproducible from its inputs (dry run, replay)",
    ),
    Room(
        "gateway.providers",
        ("gateway.wire", "gateway.neutral", "gateway.errors"),
        "what is special about a vendor is described here and carried out by upstream, so a vendor can be tested without a connection",
    ),
    Room(
        "gateway.upstream",
        (
            "gateway.providers",
            "gateway.transport",
            "gateway.wire",
            "gateway.neutral",
            "gateway.errors",
            "gateway.clock",
        ),
        "the only room that connects to a provider: it may not decide whether or where",
    ),
    Room(
        "gateway.guardrails",
        ("gateway.neutral", "gateway.errors", "gateway.routing.patterns"),
        "what is found in a text may not depend on who serves it, and is proved with texts alone",
    ),
    Room(
        "gateway.dialogs",
        ("gateway.wire", "gateway.catalog", "gateway.neutral", "gateway.errors"),
        "what a dialog makes of a message is proved with values alone: no store, no clock, nobody who answers",
    ),
    Room(
        "gateway.caching",
        ("gateway.neutral", "gateway.errors"),
        "whether two requests are one is decided by their words, not by a store or a dialect's codec",
    ),
    Room(
        "gateway.policies",
        ("gateway.neutral", "gateway.catalog", "gateway.stores.protocols", "gateway.errors", "gateway.clock"),
        "a policy decides by values and stores it is handed; with a codec or a connection in reach it would decide by dialect",
    ),
)


@dataclass(frozen=True, slots=True)
class Ban:
    """Names that modules under `rooms` may not import, except those under `but`, and why."""

    rooms: tuple[str, ...]
    names: tuple[str, ...]
    why: str
    but: tuple[str, ...] = ()


BANS = (
    Ban(("gateway",), APPS, "nothing imports an app: concrete things meet there and nowhere else"),
    Ban(
        ("gateway.admin", "gateway.rollups", "gateway.runtime"),
        (*STORY, "gateway.wire"),
        "the story of a request is not theirs; reaching into it would tie the control plane's start and releases to every dialect",
    ),
    Ban(
        ("gateway", "proxy", "probe", "identity", "embedder", "rollup", "publisher"),
        ("fastapi", "pydantic"),
        "0.9 s of import: the control plane's alone",
        but=("gateway.admin",),
    ),
    Ban(
        ("gateway", *APPS),
        ("pynamodb",),
        "no PynamoDB object leaves the stores, so the schema can change in one room",
        but=(
            "gateway.stores",
            "gateway.admin.answers",
        ),  # answers: names the exception to answer 503, and reads nothing of it
    ),
    Ban((*APPS, "gateway"), ("infra", "tests"), "neither is in a bundle"),
    Ban(("proxy", "probe"), ("gateway.admin", "boto3"), "what opens credentials holds nothing of the control plane"),
    Ban(
        (*STORY, "gateway.stores", "gateway.aws"),
        ("gateway.admin", "gateway.runtime"),
        "the data plane runs without the control plane, and under any server",
    ),
    *(Ban((app,), tuple(other for other in APPS if other != app), "apps do not know one another") for app in APPS),
    Ban(("publisher",), ("gateway",), "a deployment's custom resource must not break with the gateway's code"),
    Ban(("embedder",), ("gateway",), "it knows texts and vectors; whose they are and what for is nothing to it"),
)


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_a_room_imports_only_what_it_may(room: Room) -> None:
    found = [
        f"{module.path}:{line} imports {name}"
        for module in shipped()
        if within(module.name, (room.name,))
        for name, line in imports(module)
        if within(name, ("gateway", *APPS)) and not within(name, (room.name, *room.may))
    ]
    assert not found, "\n".join([room.why, *found])


@pytest.mark.parametrize("ban", BANS, ids=lambda ban: f"{','.join(ban.rooms)} not {','.join(ban.names)}")
def test_nothing_imports_what_is_banned(ban: Ban) -> None:
    found = [
        f"{module.path}:{line} imports {name}"
        for module in shipped()
        if within(module.name, ban.rooms) and not within(module.name, ban.but)
        for name, line in imports(module)
        if within(name, ban.names)
    ]
    assert not found, "\n".join([ban.why, *found])


def test_every_room_of_the_law_that_exists_is_looked_at() -> None:
    """A renamed room would pass every law above by being empty."""
    rooms = {module.name.split(".")[1] for module in shipped() if module.name.startswith("gateway.")}
    known = set(
        "admin allowance asking aws beside cached caching calling catalog clock command delivery errors exchange guarding guardrails hedging "
        "conversing dialogs idempotency ingress neutral own_cache parts passage planning policies providers "
        "purse "
        "records relay rollups routing runtime serving settings settlement stores translated transport turns uploading upstream watching wire".split()
    )
    assert rooms <= known, f"rooms that no law knows: {sorted(rooms - known)}; say in tests/laws what they may import"

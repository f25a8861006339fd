"""Messages of dialogs through the exchange: whose a dialog is, who is let in, what holds for them, who pays."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.exchange.kit import KEY, virtual_key
from tests.exchange.talking import DIALOG, USAGE, USER, Talking, said, token
from tests.upstream.server import Upstream

from gateway.neutral.caching import CacheRule
from gateway.neutral.config import Model
from gateway.neutral.limits import Account, Limits
from gateway.neutral.people import Person


@pytest.fixture
def talk(upstream: Upstream) -> Talking:
    return Talking.begin(upstream)


# -- who may -------------------------------------------------------------------------------------------------------------


def _door_of_two(talk: Talking) -> str:
    """The token of another user, who has a dialog of their own."""
    other = token("usr_2")
    talk.door.people.people[other] = Person("usr_2", "bob", "admin", True)
    talk.door.dialogs.add(replace(DIALOG, id="dlg_2", owner="usr_2"))
    return other


@pytest.mark.parametrize("path", ["messages", "messages/sync", None])
async def test_a_foreign_dialog_is_one_there_is_not(talk: Talking, upstream: Upstream, path: str | None) -> None:
    """Whoever asks: an administrator has no way into others' dialogs here."""
    other = _door_of_two(talk)
    answers = []
    for dialog, bearer in (("dlg_2", talk.bearer), ("dlg_9", talk.bearer), ("dlg_1", other), ("a#b", other)):
        headers = (("authorization", f"Bearer {bearer}"),)
        method = "GET" if path is None else "POST"
        heard = await talk.door.ask(
            method, f"/api/v1/dialogs/{dialog}/{path or 'messages'}", {"content": "Hi"}, headers
        )
        body = heard.json()
        body.pop("request_id")
        answers.append((heard.status, body))
    assert answers == [answers[0]] * 4
    assert answers[0] == (
        404,
        {"code": "NOT_FOUND", "message": "There is no such dialog.", "details": {"reason": "not_found"}},
    )
    assert upstream.journal == []


async def test_a_virtual_key_has_dialogs_of_its_user_or_its_own(talk: Talking, upstream: Upstream) -> None:
    talk.door.dialogs.add(replace(DIALOG, id="dlg_3", owner="key#key_1"))
    key = (("authorization", f"Bearer {KEY}"),)
    assert (await talk.door.ask("GET", "/api/v1/dialogs/dlg_3/messages", b"", key)).json() == []
    assert (await talk.door.ask("GET", "/api/v1/dialogs/dlg_1/messages", b"", key)).status == 404
    named = virtual_key(user_id=USER)
    talk.door.keys.keys = {named.digest: named}
    talk.again()
    upstream.add(said("Hello"))
    heard = await talk.door.ask("POST", "/api/v1/dialogs/dlg_1/messages/sync", {"content": "Hi"}, key)
    assert heard.status == 201
    assert talk.door.logs.rows[-1].caller.key_id == "key_1"


BAD_TOKENS = {
    "unknown": token("usr_9"),
    "past": token(USER, 1_000),
    "no end": token(USER, True),
    "two parts": "eyJhbGciOiJIUzI1NiJ9.e30",
    "none": "eyJhbGciOiJub25lIn0.eyJleHAiOjQwMDAwMDAwMDB9.",
    "not a token": "hello",
    "long": token("x" * 9000),
}


@pytest.mark.parametrize("name", BAD_TOKENS)
async def test_a_bad_token_is_refused_like_a_bad_key(talk: Talking, name: str) -> None:
    heard = await talk.door.ask(
        "POST", "/api/v1/dialogs/dlg_1/messages", {"content": "Hi"}, (("authorization", f"Bearer {BAD_TOKENS[name]}"),)
    )
    assert heard.status == 401
    assert (heard.json()["code"], heard.json()["message"]) == ("UNAUTHORIZED", "Invalid or missing API key.")
    assert len(talk.door.people.asked) == (1 if name == "unknown" else 0)


async def test_a_token_is_taken_at_dialogs_alone(talk: Talking) -> None:
    heard = await talk.door.ask("GET", "/v1/models", b"", talk.headers)
    assert heard.status == 401
    assert talk.door.people.asked == []


@pytest.mark.parametrize("where", ["x-api-key", "x-goog-api-key", "authorization", "query"])
async def test_a_token_counts_as_a_bearer_alone(talk: Talking, where: str) -> None:
    query = f"?key={talk.bearer}" if where == "query" else ""
    headers = () if where == "query" else ((where, talk.bearer),)
    assert (await talk.door.ask("GET", f"/api/v1/dialogs/dlg_1/messages{query}", b"", headers)).status == 401
    assert talk.door.people.asked == []


async def test_a_token_beside_a_key_is_neither(talk: Talking) -> None:
    headers = (*talk.headers, ("x-api-key", KEY))
    assert (await talk.door.ask("GET", "/api/v1/dialogs/dlg_1/messages", b"", headers)).status == 401


async def test_a_deactivated_user_is_out_within_the_trust(talk: Talking) -> None:
    assert (await talk.listed()).status == 200
    talk.door.people.people[talk.bearer] = Person(USER, "ada", "user", False)
    assert (await talk.listed()).status == 200, "the answer is trusted for a moment"
    people = talk.door.exchange._conversing._people
    people._known = {name: (person, replace(at, wall=at.wall - 16)) for name, (person, at) in people._known.items()}
    assert (await talk.listed()).status == 401


async def test_nobody_can_say_who_it_is(talk: Talking) -> None:
    talk.door.people.down = True
    heard = await talk.listed()
    assert (heard.status, heard.json()["code"]) == (503, "SERVICE_UNAVAILABLE")
    assert "details" not in heard.json()


async def test_the_account_of_the_user_holds(talk: Talking, upstream: Upstream) -> None:
    talk.door.keys.accounts["user", USER] = Account("user", USER, "Ada", allowed_models=("claude-*",))
    assert (await talk.whole("Hi")).status == 403
    talk.door.keys.accounts["user", USER] = Account("user", USER, "Ada", active=False)
    talk.again()
    heard = await talk.whole("Hi")
    assert (heard.status, heard.json()["code"]) == (403, "FORBIDDEN")
    assert upstream.journal == []


# -- what holds for every request ----------------------------------------------------------------------------------------


async def test_a_cache_of_keys_is_each_users_own(talk: Talking, upstream: Upstream) -> None:
    """All users come under one key id: their answers must not meet there."""
    other = _door_of_two(talk)
    talk.again(cache=CacheRule(ttl_seconds=60, scope="key"))
    upstream.add(said("for Ada"), said("for Bob"))
    first = await talk.whole("Hi")
    headers = (("authorization", f"Bearer {other}"),)
    second = await talk.door.ask("POST", "/api/v1/dialogs/dlg_2/messages/sync", {"content": "Hi"}, headers)
    assert (first.json()["content"], second.json()["content"]) == ("for Ada", "for Bob")
    assert len(upstream.journal) == 2
    talk.door.dialogs.add(replace(DIALOG, id="dlg_4"))
    again = await talk.whole("Hi", dialog="dlg_4")
    assert again.json()["content"] == "for Ada"
    assert (again.header(b"x-gateway-cache") or b"").startswith(b"hit")
    assert len(upstream.journal) == 2


async def test_a_limit_of_requests_is_said_in_this_shape(talk: Talking) -> None:
    talk.door.keys.accounts["user", USER] = Account("user", USER, "Ada", limits=Limits(requests_per_minute=0))
    heard = await talk.stream("Hi")
    assert (heard.status, heard.json()["code"]) == (429, "RATE_LIMIT_EXCEEDED")
    assert heard.header(b"retry-after")
    assert talk.stored == []


# -- money ---------------------------------------------------------------------------------------------------------------


async def test_a_balance_that_is_not_enough_is_said_before_the_stream(upstream: Upstream) -> None:
    talk = Talking.begin(upstream, token_grant=10)
    heard = await talk.stream("Hi")
    assert (heard.status, heard.json()["code"]) == (402, "INSUFFICIENT_TOKENS")
    assert talk.stored == []
    assert upstream.journal == []


async def test_the_grant_pays_where_nothing_is_said_of_the_user(upstream: Upstream) -> None:
    talk = Talking.begin(upstream, token_grant=100_000)
    upstream.add(said("Hello"))
    await talk.whole("Hi", message_id="m-1")
    ask = talk.door.limits.asked[0]
    assert (ask.balance_of, ask.grant) == (USER, 100_000)
    assert (ask.message_id or "").startswith("msg_")
    assert talk.door.limits.of("user", USER, "balance").used == USAGE["total_tokens"]


async def test_where_a_balance_pays_an_answer_has_a_limit(upstream: Upstream) -> None:
    """Ten thousand tokens are what people begin with: an answer as long as a model's longest would be refused."""
    talk = Talking.begin(
        upstream, Model("vast", "oai", "up-vast", context_window=200_000, max_output_tokens=64_000), token_grant=10_000
    )
    talk.change(model_name="vast")
    upstream.add(said("one"), said("two"), said("three"))
    assert (await talk.whole("Hi")).status == 201
    assert (await talk.sent())["max_tokens"] == 4096
    assert (await talk.whole("Hi", agent_config={"max_tokens": 9_000})).status == 201
    assert (await talk.sent())["max_tokens"] == 9_000
    talk.door.keys.accounts["user", USER] = Account("user", USER, "Ada")
    talk.again()
    assert (await talk.whole("Hi")).status == 201
    assert "max_tokens" not in await talk.sent()


async def test_an_account_without_a_balance_pays_nothing(upstream: Upstream) -> None:
    talk = Talking.begin(upstream, token_grant=10)
    talk.door.keys.accounts["user", USER] = Account("user", USER, "Ada")
    upstream.add(said("Hello"))
    assert (await talk.whole("Hi")).status == 201
    assert talk.door.limits.asked == []

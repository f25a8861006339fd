"""Guardrails in dialogs: what is asked, what is stored of a question and an answer, what is shown, what is paid."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tests.exchange.talking import DIALOG, USER, Talking, data_of, said, streamed
from tests.upstream.server import Upstream
from tests.upstream.steps import JSON, reply

from gateway.neutral.config import Model
from gateway.neutral.dialogs import Mark, Message
from gateway.neutral.guardrails import Guardrail
from gateway.stores.hot_dialogs import MOST_REFUSED

WORDS = Guardrail("no-secrets", "deny", keywords=("password",), everywhere=True, message="Not that.")
MAIL = Guardrail("no-mail", "pii", ("input",), "mask", pii=("email",), everywhere=True)
REFUSED = Mark("CONTENT_FILTERED", "Not that.")
MANNERS = pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])


@pytest.fixture
def talk(upstream: Upstream) -> Talking:
    """Messages are paid from a balance."""
    return Talking.begin(upstream, token_grant=100_000)


def _earlier(talk: Talking, *texts: str) -> None:
    """Question, answer, question, … from the time before there were guardrails."""
    roles = ("user", "assistant")
    talk.door.dialogs.add(
        DIALOG,
        *(Message(f"m{at}", DIALOG.id, roles[at % 2], text, 100 + at, 100 + at) for at, text in enumerate(texts)),  # type: ignore[arg-type]
    )


@MANNERS
async def test_what_is_blocked_is_kept_without_what_was_found_and_nobody_is_asked_or_charged(
    talk: Talking, upstream: Upstream, stream: bool
) -> None:
    talk.again(guardrails=(WORDS, MAIL))
    asks = talk.stream if stream else talk.whole
    heard = await asks("my password, from ada@example.com", message_id="q-1")
    assert (heard.status, heard.json()["code"], heard.json()["message"]) == (400, "VALIDATION_ERROR", "Not that.")
    assert heard.json()["details"]["reason"] == "guardrail_blocked"
    [question] = talk.stored
    assert (question.id, question.role, question.error) == ("q-1", "user", REFUSED)
    assert question.content == "my [keyword], from [email]"
    [listed] = (await talk.listed()).json()
    assert (listed["content"], listed["error"]) == (
        question.content,
        {"code": REFUSED.code, "message": REFUSED.message},
    )
    assert upstream.journal == []
    assert talk.door.limits.asked == []
    assert talk.dialog.message_count == 1
    assert "ada@" not in repr(talk.door.dialogs)


@MANNERS
async def test_of_what_is_blocked_little_is_kept_between_what_is_not(
    talk: Talking, upstream: Upstream, stream: bool
) -> None:
    """It costs nothing and counts against no limit: whoever repeats it would fill the table."""
    asks = talk.stream if stream else talk.whole
    talk.again(guardrails=(WORDS,))
    for number in range(MOST_REFUSED + 3):
        assert (await asks("my password", message_id=f"q-{number}")).status == 400
    assert [one.id for one in talk.stored] == [f"q-{number}" for number in range(MOST_REFUSED)]
    assert talk.dialog.message_count == MOST_REFUSED
    assert (await asks("my password", message_id="q-0")).status == 400, "in its own place"
    upstream.add(said("Hello"))
    assert (await talk.whole("Hi")).status == 201
    assert (await asks("my password", message_id="q-after")).status == 400
    assert [one.id for one in talk.stored][-1] == "q-after"
    assert talk.dialog.message_count == len(talk.stored) == MOST_REFUSED + 3


async def test_a_dry_run_that_is_blocked_stores_nothing(talk: Talking) -> None:
    talk.again(guardrails=(WORDS,))
    heard = await talk.whole("my password", headers=(("x-gateway-dry-run", "true"),))
    assert (heard.status, heard.json()["details"]["reason"]) == (400, "guardrail_blocked")
    assert talk.stored == []


async def test_what_was_blocked_may_be_tried_again_and_is_no_part_of_the_history(
    talk: Talking, upstream: Upstream
) -> None:
    talk.again(guardrails=(WORDS,))
    await talk.whole("my password", message_id="q-1")
    assert (await talk.whole("my password", message_id="q-1")).status == 400
    assert (await talk.whole("my name", message_id="q-1")).status == 422
    upstream.add(said("Hello"), said("I see"))
    assert (await talk.whole("Hi")).status == 201
    assert [one["content"] for one in (await talk.sent())["messages"]] == ["Hi"]
    assert (await talk.whole("my [keyword]", message_id="q-1")).status == 201, "as it can be read in the dialog"
    assert [(one.content, one.error) for one in talk.stored if one.id == "q-1"] == [("my [keyword]", None)]


@MANNERS
async def test_what_is_masked_in_a_question_is_neither_sent_nor_stored(
    talk: Talking, upstream: Upstream, stream: bool
) -> None:
    talk.again(guardrails=(MAIL,))
    upstream.add(streamed("Done", ".") if stream else said("Done."))
    heard = await (talk.stream if stream else talk.whole)("Write to ada@example.com.", message_id="q-1")
    assert heard.status == (200 if stream else 201)
    assert (await talk.sent())["messages"][-1]["content"] == "Write to [email]."
    assert talk.told == [("user", "Write to [email]."), ("assistant", "Done.")]
    assert [one["content"] for one in (await talk.listed()).json()] == ["Write to [email].", "Done."]
    assert "ada@" not in repr(talk.door.dialogs)
    again = await (talk.stream if stream else talk.whole)("Write to ada@example.com.", message_id="q-1")
    assert again.header(b"x-gateway-replay") == b"true", "the same question, though it is not stored as it was asked"
    read = await (talk.stream if stream else talk.whole)("Write to [email].", message_id="q-1")
    assert read.header(b"x-gateway-replay") == b"true", "and so is what can be read in the dialog"
    assert (await talk.whole("Write to bob@example.com.", message_id="q-1")).status == 422


async def test_the_history_and_the_system_prompt_are_looked_at_too(talk: Talking, upstream: Upstream) -> None:
    _earlier(talk, "I am ada@example.com.", "Your password is x, bob@example.com.")
    talk.change(system_prompt="Mail eve@example.com.")
    talk.again(guardrails=(MAIL,))
    upstream.add(said("Hello"), said("Again"))
    await talk.whole("Hi")
    sent = [one["content"] for one in (await talk.sent())["messages"]]
    assert sent == ["Mail [email].", "I am [email].", "Your password is x, [email].", "Hi"]
    talk.again(guardrails=(WORDS,))
    assert (await talk.whole("And now?")).status == 400
    assert (talk.stored[-1].content, talk.stored[-1].error) == ("And now?", REFUSED)
    talk.again(guardrails=(replace(WORDS, roles=("user",)),))
    assert (await talk.whole("And now?")).status == 201


@MANNERS
async def test_what_a_moderation_blocks_is_marked_and_costs_no_tokens(upstream: Upstream, stream: bool) -> None:
    judge = Model("judge", "oai", "omni-moderation", kind="moderation")
    talk = Talking.begin(upstream, judge, token_grant=100_000)
    rule = Guardrail("kind", "moderation", model="judge", everywhere=True, message="Not that.")
    talk.again(guardrails=(MAIL, rule))
    flagged = {"results": [{"flagged": True, "categories": {"hate": True}, "category_scores": {"hate": 0.9}}]}
    upstream.add(reply(200, json.dumps(flagged).encode(), JSON))
    heard = await (talk.stream if stream else talk.whole)("I hate ada@example.com")
    assert heard.status == 400
    assert (await talk.sent())["input"] == ["I hate [email]"]
    assert [(one.content, one.error) for one in talk.stored] == [("I hate [email]", REFUSED)]
    assert talk.door.limits.of("user", USER, "balance").used == 0


@MANNERS
async def test_of_an_answer_that_is_blocked_is_stored_what_was_told(
    talk: Talking, upstream: Upstream, stream: bool
) -> None:
    talk.again(guardrails=(replace(WORDS, stages=("output",)),))
    first, rest = "Well. " * 100, "Your password is x."
    upstream.add(streamed(first, rest) if stream else said(first + rest))
    heard = await (talk.stream if stream else talk.whole)("Hi")
    assert heard.status == (200 if stream else 201)
    assert b"password" not in heard.body
    told = "".join(event["content"] for event in data_of(heard)) if stream else heard.json()["content"]
    assert "password" not in told
    assert talk.told == [("user", "Hi"), ("assistant", told)]
    listed = (await talk.listed()).json()[1]
    assert (listed["content"], listed["error"]["code"]) == (told, "CONTENT_FILTERED"), "an empty answer says why"
    assert first.startswith(told)


@pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])
async def test_what_is_masked_in_an_answer_is_stored_masked(talk: Talking, upstream: Upstream, stream: bool) -> None:
    rule = Guardrail("pii", "pii", ("output",), "mask", pii=("email",), everywhere=True)
    talk.again(guardrails=(rule,))
    text = "Write to ada@example.com, please."
    upstream.add(streamed(text[:12], text[12:]) if stream else said(text))
    heard = await (talk.stream("Hi") if stream else talk.whole("Hi"))
    assert b"ada@" not in heard.body
    assert b"please." in heard.body
    assert "ada@" not in talk.stored[1].content
    assert talk.stored[1].content.endswith("please.")
    if stream:
        assert "".join(event["content"] for event in data_of(heard)) == talk.stored[1].content
        assert data_of(heard)[-1]["done"] is True

"""What does not fit is told in words of this gateway, alike by the API and by the document."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.admin.conftest import Api
from tests.aws_mock import ENVIRON, World

from admin.app import apply_document
from gateway.admin.document import DocumentError
from gateway.neutral.config import Release

TARGET = {"provider": "openai", "model": "m"}
ROUTE = {"id": "r", "targets": [TARGET]}
SHARE = {**TARGET, "percent": 5}
MODEL = {"id": "m", "provider": "openai"}
PROVIDER = {"id": "p", "kind": "openai"}
PRICE = {"input": "1", "output": "1"}
WORDED: list[tuple[str, dict[str, Any], str]] = [
    ("routes", {**ROUTE, "hedge": 2}, "hedge: there is no such field; there are id, targets, strategy"),
    ("routes", {**ROUTE, "hedge": 2}, "Did you mean hedge_seconds?"),
    ("routes", {**ROUTE, "targets": [{**TARGET, "wieght": 1}]}, "targets[0].wieght: there is no such field"),
    ("routes", {**ROUTE, "targets": [{**TARGET, "wieght": 1}]}, "Did you mean weight?"),
    ("routes", {**ROUTE, "canary": {**SHARE, "percent": 0}}, "canary.percent: must be above 0, at most 100"),
    ("routes", {**ROUTE, "hedge_seconds": 500.0}, "hedge_seconds: must be at least 0.1, at most 120"),
    ("routes", {**ROUTE, "strategy": "best"}, "strategy: must be one of 'priority', 'round_robin'"),
    ("routes", {**ROUTE, "targets": []}, "targets: must have at least 1 element"),
    ("routes", {"id": "r"}, "targets: is needed"),
    ("routes", {**ROUTE, "id": "a b"}, "id: has 1 to 128 letters, digits and _ . : / @ -"),
    ("models", {**MODEL, "price": {**PRICE, "input": "-1"}}, "price.input: a price is 0 or more US dollars"),
    ("models", {**MODEL, "context_window": 0}, "context_window: must be at least 1, at most 1,000,000,000"),
    ("providers", {**PROVIDER, "denied_betas": ["a b"]}, "denied_betas[0]: a flag has letters, digits and . _ -"),
    ("providers", {**PROVIDER, "active": "yes"}, "active: must be true or false"),
    ("providers", {**PROVIDER, "paused_until": 5}, "paused_until: must be Unix milliseconds or a date-time"),
    ("providers", {**PROVIDER, "paused_until": "2026-12-01T00:00"}, "a date-time with its zone, such as 2026-12-01T"),
    ("providers", {"id": "p", "kind": "opnai"}, "There is no provider kind 'opnai'; there are openai, azure_openai,"),
    ("providers", {"id": "p", "kind": "opnai"}, "Did you mean openai?"),
    ("keys", {"name": "k", "log_ttl_days": 0}, "log_ttl_days: must be at least 1, at most 400"),
    (
        "routes",
        {**ROUTE, "targets": [{**TARGET, "rules": {"field": "model", "op": "regex", "value": "a(?!b)"}}]},
        "look-ahead and look-behind are not supported",
    ),
]
JARGON = ("Input should", "String should", "Extra inputs", "Field required", "perl", "valid integer")


@pytest.mark.parametrize(("noun", "body", "words"), WORDED)
def test_both_ways_in_say_it_alike(api: Api, openai: str, noun: str, body: dict[str, Any], words: str) -> None:
    answer = api("POST", noun, body)
    told = answer.json()["error"]["message"]
    with pytest.raises(DocumentError) as caught:
        apply_document(ENVIRON, json.dumps({noun: [body]}), "c.json")
    for text in (told, str(caught.value)):
        assert words in text
        assert not [word for word in JARGON if word in text], text
    assert answer.status_code == 422


def test_the_documents_own_fields_are_told(world: World) -> None:
    for text, words in (
        (
            "provider: []",
            "provider: there is no such field; there are version, providers, models, guardrails, routes, agents, keys, teams, end_users, cache.",
        ),
        ("providers:\n - {id: a, kind: openai, apikey_env: X}", "Did you mean api_key_env?"),
        ("- 1", "must be an object"),
    ):
        with pytest.raises(DocumentError) as caught:
            apply_document(ENVIRON, text, "c.yaml")
        assert words in str(caught.value)


@pytest.mark.parametrize("moment", ['"2026-12-01T01:00:00+01:00"', "2026-12-01T00:00:00Z", "1796083200000"])
def test_a_moment_may_be_written_as_a_date_time(world: World, moment: str) -> None:
    text = f"""
providers: [{{id: a, kind: openai, paused_until: {moment}}}]
keys: [{{name: k, valid_until: {moment}}}]
"""
    apply_document(ENVIRON, text, "c.yaml")
    release: Release = world.services.editors.publisher.current()[1]
    assert release.providers[0].paused_until == 1_796_083_200
    assert world.services.editors.keys.named("k")[0].value.valid_until == 1_796_083_200

"""A provider's default parameters in a body: only what the client did not say, and every byte of the client's as it was."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from gateway.wire import defaults
from gateway.wire.json_body import parse

SAID = [
    (b'{"model":"m"}', {"temperature": 0.2, "store": False}, b'{"model":"m","temperature":0.2,"store":false}'),
    (b'{ "model": "m" , "temperature": 1.0 }', {"temperature": 0.2}, b'{ "model": "m" , "temperature": 1.0 }'),
    (b'{"temperature":null}', {"temperature": 0.2}, b'{"temperature":null}'),
    (b'{"Temperature":1}', {"temperature": 0.2}, b'{"Temperature":1}'),
    (b'{"max_completion_tokens":5}', {"max_tokens": 9}, b'{"max_completion_tokens":5}'),
    (b'{"max_tokens":5}', {"max_completion_tokens": 9}, b'{"max_tokens":5}'),
    (b'{"thinking":{"type":"disabled"}}', {"thinking": {"budget_tokens": 9}}, b'{"thinking":{"type":"disabled"}}'),
    (b'{"a":1}', {"generationConfig": {"topP": 1}}, b'{"a":1,"generationConfig":{"topP":1}}'),
    (
        b'{"generationConfig": { "topK" : 4.0 } ,"a":1}',
        {"generationConfig": {"topK": 1, "topP": 1}, "b": 2},
        b'{"generationConfig": { "topK" : 4.0 ,"topP":1} ,"a":1,"b":2}',
    ),
    (
        b'{"generation_config":{"max_output_tokens":5}}',
        {"generationConfig": {"maxOutputTokens": 9, "topP": 1}},
        b'{"generation_config":{"max_output_tokens":5,"topP":1}}',
    ),
    (b'{"inferenceConfig":{"topP":1}}', {"inferenceConfig": {"maxTokens": 9}}, b'{"inferenceConfig":{"topP":1,"maxTokens":9}}'),
    (b'{"generationConfig":{"topP":1}}', {"inferenceConfig": {"a": 9}}, b'{"generationConfig":{"topP":1},"inferenceConfig":{"a":9}}'),
    (b'{"generationConfig":7}', {"generationConfig": {"topP": 1}}, b'{"generationConfig":7}'),
    (b'{"generationConfig":{}}', {"generationConfig": None}, b'{"generationConfig":{}}'),
    (b'{"a":1}', {"model": "x", "STREAM": True, "system_instruction": {}, "systemInstruction": {}, "tools": []}, b'{"a":1}'),
    (b"{}", {}, b"{}"),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "wanted", "sent"), SAID)
def test_in_a_clients_own_bytes(raw: bytes, wanted: dict[str, Any], sent: bytes) -> None:
    body = parse(raw)
    result = body.replace(defaults.for_raw(body, wanted))
    assert result == sent
    parse(result)


@pytest.mark.parametrize(("raw", "wanted", "sent"), SAID)
def test_in_a_body_that_was_encoded(raw: bytes, wanted: dict[str, Any], sent: bytes) -> None:
    body = orjson.loads(raw)
    assert defaults.for_data(body, wanted, ()) == orjson.loads(sent)
    assert body == orjson.loads(raw), "it is not changed itself"


def test_what_the_client_said_is_not_said_again_where_it_could_not_be_carried() -> None:
    wanted = {"temperature": 1, "top_p": 1, "generationConfig": {"topP": 1, "topK": 1}}
    assert defaults.for_data({}, wanted, ["temperature", "topP"]) == {"generationConfig": {"topK": 1}}
    body = {"generationConfig": {"seed": 1}}
    assert defaults.for_data(body, wanted, ["top_p"]) == {"generationConfig": {"seed": 1, "topK": 1}, "temperature": 1}

"""S11: what the gateway checks is what the upstream gets. Bodies that two parsers could read differently are refused, others arrive as they were."""

from __future__ import annotations

import json
import re

import pytest
from tests.exchange.kit import Door, release_for
from tests.upstream import Upstream, fixtures

TAIL = b'"messages":[{"role":"user","content":"hi"}],"max_tokens":5'

REFUSED = [
    b'{"model":"chat-model","model":"other",' + TAIL + b"}",
    b'{"model":"other",' + TAIL + b',"model":"chat-model"}',
    b'{"model":"chat-model","Model":"other",' + TAIL + b"}",
    b'{"MODEL":"chat-model",' + TAIL + b"}",
    b'{"model":"chat-model","mod\\u0065l":"other",' + TAIL + b"}",
    b'{"model":"chat-model","\\u006dodel":"other",' + TAIL + b"}",
    b'{"model":"chat-model","\\u004dodel":"other",' + TAIL + b"}",
    '{"model":"chat-model","\u017ftream":true,'.encode() + TAIL + b"}",
    b'{"model":"chat-model","stream":false,"STREAM":true,' + TAIL + b"}",
    b'{"model":"chat-model","stream":false,"stream":true,' + TAIL + b"}",
    b'{"model":"chat-model","messages":[],' + TAIL + b"}",
    b'{"model":"chat-model","Messages":[],' + TAIL + b"}",
    b'{"model":"chat-model","x":1,"x":2,' + TAIL + b"}",
    b'{"model":"chat-model","x":1,"X":2,' + TAIL + b"}",
    b'{"model":"chat-model","t":NaN,' + TAIL + b"}",
    b'{"model":"chat-model","t":Infinity,' + TAIL + b"}",
    b'{"model":"chat-model","t":-Infinity,' + TAIL + b"}",
    b'{"model":"chat-model","t":1E400,' + TAIL + b"}",
    b'{"model":"chat-model","t":01,' + TAIL + b"}",
    b'{"model":"chat-model","t":+1,' + TAIL + b"}",
    b'{"model":"chat-model","t":.5,' + TAIL + b"}",
    b'{"model":"chat-model","t":1.,' + TAIL + b"}",
    b'{"model":"chat-model","t":0x10,' + TAIL + b"}",
    b"{'model':'chat'," + TAIL + b"}",
    b'{"model":"chat-model",' + TAIL + b",}",
    b'\xef\xbb\xbf{"model":"chat-model",' + TAIL + b"}",
    b'{"model":"chat-model",' + TAIL + b"}{}",
    b'{"model":"chat-model",' + TAIL + b"}\x00",
    b'{"model":"ch\xc0\xa1t",' + TAIL + b"}",
    b'{"model":"chat\\ud800",' + TAIL + b"}",
    b'{"model":"chat\\x00",' + TAIL + b"}",
    b'{"model":"chat\x00",' + TAIL + b"}",
    b'/**/{"model":"chat-model",' + TAIL + b"}",
    b'{"model":"chat-model"//\n,' + TAIL + b"}",
    b'[{"model":"chat-model",' + TAIL + b"}]",
]

PASSED = [
    b'{"model":"chat-model",' + TAIL + b"}",
    b' \t\r\n{ "model" \n:\t "chat-model" , ' + TAIL + b" }\n\n",
    b"{" + TAIL + b',"model":"chat-model"}',
    b'{"mod\\u0065l":"chat-model",' + TAIL + b"}",
    b'{"model":"\\u0063hat-model",' + TAIL + b"}",
    b'{"model":"chat-model","x":{"model":"other","Model":"third"},' + TAIL + b"}",
    b'{"x":"\\"model\\":\\"other\\"","model":"chat-model",' + TAIL + b"}",
    b'{"x":["model","other",{"model":[]}],"model":"chat-model",' + TAIL + b"}",
    b'{"model":"chat-model","big":123456789012345678901234567890,"neg":-0,"exp":1E40,' + TAIL + b"}",
    b'{"model":"chat-model","t":1.0,"u":10000000000000000000000.5,"v":1e-7,' + TAIL + b"}",
    '{"model":"chat-model","ключ":"\u2028","\u0435":1,"e":2,'.encode() + TAIL + b"}",
    b'{"model":"chat-model","e":"\\ud83d\\ude00\\/\\b",' + TAIL + b"}",
    b'{"model":"chat-model","":{"":[]},' + TAIL + b"}",
    b'{"model":"chat-model","d":' + b"[" * 900 + b"]" * 900 + b"," + TAIL + b"}",
    b'{"model":"chat-model","s":"' + b"\\\\" * 5000 + b'",' + TAIL + b"}",
    b'{"x":"}","model":"chat-model","y":"{",' + TAIL + b"}",
]


@pytest.mark.parametrize("body", REFUSED, ids=range(len(REFUSED)))
async def test_ambiguous_bodies_never_reach_the_upstream(body: bytes) -> None:
    async with Upstream() as upstream:
        door = Door(release_for(upstream.url))
        answer = await door.ask("POST", "/v1/chat/completions", body)
        assert (answer.status, upstream.journal) == (400, [])
        assert json.loads(answer.body)["error"]["type"] == "invalid_request_error"
        assert door.row.status == 400


@pytest.mark.parametrize("body", PASSED, ids=range(len(PASSED)))
async def test_all_others_arrive_as_they_were_but_for_the_model(body: bytes) -> None:
    async with Upstream() as upstream:
        upstream.add(fixtures.by_name("openai_chat/text").steps(False))
        door = Door(release_for(upstream.url))
        answer = await door.ask("POST", "/v1/chat/completions", body)
        assert answer.status == 200, answer.body
        expected = re.sub(rb'"(?:chat-model|\\u0063hat-model)"', b'"up-chat"', body, count=1)
        assert upstream.journal[0].body == expected
        assert door.row.upstream_model == "up-chat"

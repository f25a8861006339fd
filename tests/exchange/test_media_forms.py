"""Hostile forms: what can be read in more than one way is refused, and what is sent on is read there as it was here."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.exchange.kit import KEY, Door
from tests.exchange.test_media import ASK, BOUNDARY, FORM, form
from tests.upstream.server import Upstream
from tests.upstream.steps import JSON, reply

PATH = "/v1/audio/transcriptions"
ANSWER = json.dumps({"text": "Guten Tag", "usage": {"type": "duration", "seconds": 3}}).encode()
MODEL = b'content-disposition: form-data; name="model"'
SMALL = form(("model", None, b"chat-model"), ("file", "a.wav", b"RIFF\r\n--"))
EXPENSIVE = b'\r\n--other\r\ncontent-disposition: form-data; name="model"\r\n\r\nexpensive\r\n--other--\r\n'


def headed(*lines: bytes, content: bytes = b"chat-model") -> bytes:
    """A form whose field has these header lines; the model and the file follow."""
    mark = f"--{BOUNDARY}\r\n".encode()
    return mark + b"\r\n".join(lines) + b"\r\n\r\n" + content + b"\r\n" + SMALL


END = f"--{BOUNDARY}--".encode()
HOSTILE: dict[str, bytes] = {
    "no form": b"RIFF",
    "empty": b"",
    "no boundary line": b"--\r\n" + MODEL,
    "boundary alone": f"--{BOUNDARY}\r\n".encode(),
    "no parts": END + b"\r\n",
    "preamble": b"x\r\n" + SMALL,
    "line feeds only": SMALL.replace(b"\r\n", b"\n"),
    "more behind the end": SMALL + b"--x",
    "a form behind the end": SMALL + SMALL,
    "an end that is none": SMALL.replace(END, END + b"x") + SMALL[: -len(END) - 2] + END,
    "boundary inside the file": form(("model", None, b"m"), ("file", "a", b"x--" + BOUNDARY.encode() + b"y")),
    "boundary after a line feed": form(("model", None, b"m"), ("file", "a", b"x\n--" + BOUNDARY.encode() + b"\ny")),
    "boundary that goes on": SMALL.replace(BOUNDARY.encode() + b"\r\n", BOUNDARY.encode() + b"y\r\n", 2).replace(
        b"y", b"", 1
    ),
    "model twice": form(("model", None, b"a"), ("model", None, b"b"), ("file", "a", b"x")),
    "model spelled otherwise": form(("Model", None, b"a"), ("model", None, b"b"), ("file", "a", b"x")),
    "model as a list": form(("model[]", None, b"a"), ("model", None, b"b"), ("file", "a", b"x")),
    "model as a file": form(("model", "m", b"a"), ("file", "a", b"x")),
    "model that is not UTF-8": form(("model", None, b"chat-\xffmodel"), ("file", "a", b"x")),
    "model missing": form(("file", "a", b"x")),
    "file missing": form(("model", None, b"a")),
    "file twice": form(("model", None, b"a"), ("file", "a", b"x"), ("file", "b", b"x")),
    "file in another field": form(("model", None, b"a"), ("sound", "a", b"x")),
    "name that is not UTF-8": headed(b'content-disposition: form-data; name="mod\xffel"'),
    "name with an escape": headed(b'content-disposition: form-data; name="mod\\el"'),
    "name without quotes": headed(b"content-disposition: form-data; name=model"),
    "name in two forms": headed(b"content-disposition: form-data; name=\"x\"; name*=UTF-8''model"),
    "two names": headed(b'content-disposition: form-data; name="x"; name="model"'),
    "other parameters": headed(b'content-disposition: form-data; x="; name=\\"model\\""; name="y"'),
    "no disposition": headed(b"x: y"),
    "another disposition": headed(b'content-disposition: attachment; name="x"'),
    "two dispositions": headed(MODEL.replace(b"model", b"x"), MODEL.replace(b"model", b"y")),
    "two dispositions on one line": headed(b'content-disposition: form-data; name="x"\n' + MODEL),
    "folded": headed(b'content-disposition: form-data;\r\n name="x"'),
    "space before the colon": headed(b'content-disposition : form-data; name="x"'),
    "no header name": headed(MODEL, b": x"),
    "no headers": headed(b"").replace(b"\r\n\r\n\r\n", b"\r\n\r\n", 1),
    "control characters": headed(b'content-disposition: form-data; name="x"; filename="a\x00b"'),
    "carriage return in a file's name": headed(b'content-disposition: form-data; name="x"; filename="a\rb"'),
    "line break in a file's name": headed(b'content-disposition: form-data; name="x"; filename="a\r\n' + MODEL + b'"'),
    "a field in base64": headed(b'content-disposition: form-data; name="prompt"', b"content-transfer-encoding: base64"),
    "a field in another code": headed(
        b'content-disposition: form-data; name="prompt"', b"content-type: text/plain; charset=utf-7"
    ),
    "fields in another code": form(("_charset_", None, b"utf-7"), ("model", None, b"m"), ("file", "a", b"x")),
    "prompt twice": form(*[("prompt", None, b"x")] * 2, ("model", None, b"m"), ("file", "a", b"x")),
    "giant headers": headed(MODEL.replace(b"model", b"x"), b"x: " + b"y" * 9_000),
    "giant field": form(("x", None, b"y" * 65_537), ("model", None, b"a"), ("file", "a", b"x")),
    "giant model": form(("model", None, b"a" * 257), ("file", "a", b"x")),
    "many parts": form(*[("x", None, b"y")] * 65),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_form_that_can_be_read_in_two_ways_is_refused(door: Door, upstream: Upstream, name: str) -> None:
    heard = await door.ask("POST", PATH, HOSTILE[name], headers=FORM)
    assert heard.status == 400
    assert heard.json()["error"]["type"] == "invalid_request_error"
    assert upstream.journal == []


async def test_a_small_form_cut_anywhere_is_refused(door: Door, upstream: Upstream) -> None:
    for cut in range(len(SMALL) - 2):
        heard = await door.ask("POST", PATH, SMALL[:cut], headers=FORM)
        assert heard.status == 400, SMALL[:cut]
    assert upstream.journal == []


GOOD: dict[str, bytes] = {
    "a field that says it is UTF-8": form(("model", None, b"chat-model"), ("file", "a", b"x")).replace(
        b'name="model"\r\n',
        b'name="model"\r\nContent-Type: text/plain; charset="UTF-8"\r\nContent-Transfer-Encoding: 8bit\r\n',
    ),
    "model behind the file": form(("file", "a.wav", b"RIFF"), ("model", None, b"chat-model")),
    "no last line break": SMALL[:-2],
    "white space behind the end": SMALL + b"\r\n ",
    "spaces behind a boundary": SMALL.replace(BOUNDARY.encode() + b"\r\n", BOUNDARY.encode() + b" \t\r\n"),
    "names in UTF-8 and escaped": SMALL.replace(
        b'filename="a.wav"', 'filename="ä\\"%22.wav"; filename*=UTF-8\'\'%c3%a4.wav'.encode()
    ),
    "a name that is not UTF-8": SMALL.replace(b"a.wav", b"\xff\xfe.wav"),
    "an empty field": form(("prompt", None, b""), ("model", None, b"chat-model"), ("file", "a", b"x")),
    "list items": form(*[("include[]", None, b"logprobs")] * 2, ("model", None, b"chat-model"), ("file", "a", b"x")),
    "what looks like a boundary": form(
        ("model", None, b"chat-model"), ("file", "a", b"\r\n--\r\n--" + BOUNDARY[:-1].encode())
    ),
}


@pytest.mark.parametrize("name", GOOD)
async def test_good_forms_go_on_with_nothing_but_the_model_changed(door: Door, upstream: Upstream, name: str) -> None:
    upstream.add(reply(200, ANSWER, JSON))
    heard = await door.ask("POST", PATH, GOOD[name], headers=FORM)
    assert heard.status == 200, heard.body
    assert (await upstream.seen())[0].body == GOOD[name].replace(b"chat-model", b"up-chat")


@pytest.mark.parametrize(
    "said",
    [
        "multipart/form-data; boundary=other",
        "multipart/form-data",
        "application/json",
        'multipart/form-data; boundary="other"',
        None,
    ],
)
async def test_what_is_sent_on_names_the_boundary_it_was_read_by(
    door: Door, upstream: Upstream, said: str | None
) -> None:
    """Another model, in a form of another boundary inside the file, which a header could name."""
    upstream.add(reply(200, ANSWER, JSON))
    body = ASK.replace(b"\r\n--not the boundary\r\n", EXPENSIVE)
    headers = [FORM[0], *([("content-type", said)] if said is not None else [])]
    assert (await door.ask("POST", PATH, body, headers=headers)).status == 200
    sent = (await upstream.seen())[0]
    assert [value for name, value in sent.headers if name.lower() == "content-type"] == [FORM[1][1]]


EDIT = (
    ("image", "a.png", b"\x89PNG"),
    ("mask", "m.png", b"\x89PNG"),
    ("prompt", None, b"a cat"),
    ("model", None, b"chat-model"),
)
MADE = {
    "created": 1,
    "data": [{"b64_json": "AAAA"}] * 2,
    "usage": {"input_tokens": 9, "output_tokens": 200, "total_tokens": 209},
}


@pytest.mark.parametrize(("path", "parts"), [("edits", EDIT), ("variations", (EDIT[0], EDIT[3]))])
async def test_pictures_are_changed_by_a_form(door: Door, upstream: Upstream, path: str, parts: Any) -> None:
    upstream.add(reply(200, json.dumps(MADE).encode(), JSON))
    body = form(*parts, ("n", None, b"2"))
    heard = await door.ask("POST", f"/v1/images/{path}", body, headers=FORM)
    assert heard.json() == MADE
    sent = (await upstream.seen())[0]
    assert (sent.target, sent.body) == (f"/v1/images/{path}", body.replace(b"chat-model", b"up-chat"))
    assert (door.row.usage.images_out, door.row.usage.image_output, door.row.usage.fresh) == (2, 200, 9)


@pytest.mark.parametrize(
    ("body", "param"),
    [
        (form(*EDIT[2:]), "image"),
        (form(*EDIT[1:]), "image"),
        (form(("image", "a", b""), *EDIT[1:]), "image"),
        (form(("picture", "a", b"x"), *EDIT), "image"),
        (form(*[("image[]", "a", b"x")] * 18, *EDIT[2:]), "image"),
        (form(*EDIT[:2], EDIT[3]), "prompt"),
        (form(*EDIT[:3]), "model"),
        (form(*EDIT, ("n", None, b"11")), "n"),
        (form(*EDIT, ("n", None, b"-1")), "n"),
        (form(*EDIT, ("n", None, "२".encode())), "n"),
    ],
)
async def test_bad_edits_are_told_what_is_wrong(door: Door, upstream: Upstream, body: bytes, param: str) -> None:
    heard = await door.ask("POST", "/v1/images/edits", body, headers=FORM)
    assert (heard.status, heard.json()["error"]["param"]) == (400, param)
    assert upstream.journal == []


async def test_a_form_needs_a_key(door: Door, upstream: Upstream) -> None:
    assert (await door.ask("POST", PATH, ASK, headers=[("authorization", f"Bearer {KEY}x")])).status == 401
    assert upstream.journal == []

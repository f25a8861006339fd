"""Forms that are let through name the same model to other parsers: Python's own for mail, which takes line feeds, preambles and epilogues, and an
HTTP server's. Random tears of a form, in which every tear is one that some parser reads in its own way."""

from __future__ import annotations

from email.parser import BytesParser
from email.policy import HTTP
from io import BytesIO
from random import Random

from werkzeug.formparser import MultiPartParser

from gateway.errors import InvalidRequest
from gateway.wire.openai_media import multipart, transcriptions

BOUNDARY = b"b0undary"
MODEL = b'content-disposition: form-data; name="model"\r\n\r\n'
FORM = (
    b"--b0undary\r\n" + MODEL + b"cheap\r\n"
    b'--b0undary\r\ncontent-disposition: form-data; name="file"; filename="a.wav"\r\ncontent-type: audio/wav\r\n\r\n'
    b"RIFF\r\n\r\n\x00\xff\r\n--b0undary--\r\n"
)
TEARS = [
    *(
        b"\r\n",
        b"\n",
        b"\r",
        b"\r\n\r\n",
        b"\n\n",
        b" ",
        b"\t",
        b'"',
        b"\\",
        b";",
        b":",
        b"=",
        b"-",
        b"--",
        b"\x00",
        b"\xff",
    ),
    *(
        b"--b0undary",
        b"\r\n--b0undary\r\n",
        b"\n--b0undary\n",
        b"--b0undary--",
        b"\r\n--b0undary--\r\n",
        b"--other\r\n",
    ),
    *(
        MODEL + b"dear",
        MODEL.replace(b"\r\n", b"\n") + b"dear\n",
        b'; name="model"',
        b"; name=model",
        b"; name*=utf-8''model",
    ),
    *(
        b"model",
        b'"model"',
        b"content-disposition: form-data;",
        b"\r\n content: x",
        b"content-transfer-encoding: base64\r\n",
    ),
]


def torn(dice: Random) -> bytes:
    found = FORM
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(found) + 1)
        until = min(len(found), at + dice.choice([0, 0, 0, 1, 2, 9]))
        found = found[:at] + dice.choice(TEARS) + found[until:]
    return found


def models_in_mail(raw: bytes) -> list[str]:
    """What Python's parser of mail takes for the model."""
    head = b"content-type: " + multipart.media_type(raw).encode() + b"\r\n\r\n"
    whole = BytesParser(policy=HTTP).parsebytes(head + raw)
    found = []
    for part in whole.iter_parts() if whole.is_multipart() else ():
        if part.get_param("name", header="content-disposition") == "model":
            payload = part.get_payload(decode=True)
            found.append(payload.decode("utf-8", "replace") if isinstance(payload, bytes) else "")
    return found


def models_at_a_server(raw: bytes) -> list[str]:
    """What Werkzeug's parser of forms, which many Python servers use, takes for the model; [] when it refuses the form."""
    boundary = multipart.media_type(raw).partition("boundary=")[2].strip('"').encode()
    try:
        fields, _ = MultiPartParser().parse(BytesIO(raw), boundary, len(raw))
    except ValueError:
        return []
    return list(fields.getlist("model"))


def test_what_is_let_through_names_one_model_everywhere() -> None:
    dice = Random(20261121)
    taken = 0
    for _ in range(6_000):
        raw = torn(dice)
        try:
            peeked = transcriptions.peek(raw)
        except InvalidRequest:
            continue
        taken += 1
        sent = transcriptions.relay_body(peeked, "upstream", ask_usage=False)
        assert models_in_mail(sent) == ["upstream"], raw
        assert models_at_a_server(sent) in (["upstream"], []), raw
    print(f"{taken} of 6000 torn forms were taken, all of them read alike")
    assert taken > 150

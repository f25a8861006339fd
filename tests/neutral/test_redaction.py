"""Secrets out, everything else untouched, in linear time."""

from __future__ import annotations

import base64
import json
import time

import pytest

from gateway.neutral import redaction

SECRETS = [
    "sk-proj-Ab3dEf6hIj9kLmNoPqRs", "sk-ant-api03-abcdefghijklmnop", "sk-gw-" + "k" * 43, "sk-or-v1-0123456789abcdef", "gsk_0123456789abcdef",
    "xai-0123456789abcdef", "hf_abcdefghijklmnopqrst", "ghp_abcdefghijklmnop1234", "github_pat_abcdefghijkl", "xoxb-123456789012-abc",
    "glpat-abcdefghijklmno", "AIzaSyA0123456789abcdefghijklmnopqrstuv", "AKIAIOSFODNN7EXAMPLE", "ASIAIOSFODNN7EXAMPLE",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmN",
]  # fmt: skip
PLACES = [
    "{}", "key={}", '"{}"', "my key is {}.", "({})", "https://x.test/?key={}&a=1", "Authorization: Bearer {}", '{{"api_key":"{}"}}', "a\n{}\nb",
    "x,{},y", "`{}`", "<{}>", '{{\\"token\\":\\"{}\\"}}', "id:{}",
]  # fmt: skip


@pytest.mark.parametrize("secret", SECRETS, ids=range(len(SECRETS)))
@pytest.mark.parametrize("place", PLACES)
def test_no_secret_survives_in_any_place(secret: str, place: str) -> None:
    shown = redaction.text(place.format(secret))
    assert secret not in shown
    assert secret[12:] not in shown
    assert redaction.MARK in shown


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("postgres://user:hunter2@db/x", "hunter2"),
        ('{"password": "hun\\"ter2"}', "ter2"),
        ('{"client_secret":"abc"}', "abc"),
        ('{"arguments":"{\\"password\\": \\"hunter2\\", \\"x\\":1}"}', "hunter2"),
        ("Basic dXNlcjpwYXNzd29yZA==", "dXNlcjpw"),
        ("bearer abcdefgh12345678", "abcdefgh1234"),
        ("?X-Amz-Signature=0123abcd&x=1", "0123abcd"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----", "MIIE"),
        ("-----BEGIN PRIVATE KEY-----\nMIIE cut off", "MIIE"),
    ],
)
def test_other_shapes(text: str, gone: str) -> None:
    assert gone not in redaction.text(text)


ORDINARY = [
    "A basic understanding of the bearer certificates and basic information is what you need.",
    "def risk(task): return task-force  # sk- pk- rk- eyJ AKIA",
    "data:image/png;base64," + base64.b64encode(bytes(range(256)) * 40).decode(),
    json.dumps({"messages": [{"role": "user", "content": "max_tokens token_count secretary password-less"}]}),
    "https://example.com/a?keyboard=1&monkey=2#key", "日本語 עברית العربية 👩‍👩‍👧 naïve\tcol\nline", "mailto:a@b.example 12:30@noon http://[::1]:80/@x",
    "class Basic Foo: pass\nBearer of news", '{"tokens": 12, "secretary": "Ann"}',
]  # fmt: skip


@pytest.mark.parametrize("text", ORDINARY, ids=range(len(ORDINARY)))
def test_ordinary_text_is_not_damaged(text: str) -> None:
    assert redaction.text(text) == text


HOSTILE = [
    "eyJ-", "eyJaaaaaaaa.", "eyJaaaaaaaa.aaaaaaaa", "sk-", "-----BEGIN ", "-----BEGIN PRIVATE KEY", "-----END A", "bearer ", "basic a", "://a", "://a:",
    "a:", '"password":"', '"password" ', '\\"password\\":\\"', "&x-amz-", "?key", "a-", "AKIA", "A", " ", "\\", '"', "\n", "AIza", "xoxb-", "bearerA",
]  # fmt: skip
HEADS = [
    "",
    "bearer ",
    "-----BEGIN PRIVATE KEY-----",
    "-----BEGIN ",
    "eyJ",
    "://",
    "://a:",
    '"password":"',
    '"password"',
    "&x-amz-",
    "basic ",
]


@pytest.mark.parametrize("head", HEADS)
def test_hostile_text_costs_linear_time(head: str) -> None:
    began = time.process_time()
    for unit in HOSTILE:
        redaction.text(head + unit * (60_000 // len(unit)))
    # 27 texts of 60 KB: well below a second; one quadratic pattern takes longer than the limit by itself.
    assert time.process_time() - began < 4


def test_a_megabyte_of_half_tokens() -> None:
    began = time.process_time()
    redaction.text("eyJ-" * 262_144)
    assert time.process_time() - began < 4


@pytest.mark.parametrize("bad", ["\n", "\r", "\x1b[31m", "\x00", "\x9b", "\u2028", "\u202e", "\u2066", "\x85", "\t"])
def test_a_line_is_one_line(bad: str) -> None:
    shown = redaction.line(f"a{bad}b", 50)
    assert bad[0] not in shown
    assert shown.isprintable()


def test_a_line_is_cut_after_the_search() -> None:
    assert redaction.line("x" * 10 + " " + SECRETS[0], 20) == "x" * 10 + " [redacted"
    assert len(redaction.line("y" * 100_000, 256)) == 256


def test_headers_lose_credentials_by_name_and_by_shape() -> None:
    pairs = [
        (b"Authorization", b"Bearer x"),
        (b"x-api-key", b"v"),
        (b"X-Session-Token", b"v"),
        (b"proxy-x", b"v"),
        (b"x-my-secret", b"v"),
        (b"cookie", b"v"),
    ]
    assert set(redaction.headers(pairs).values()) == {redaction.MARK}
    shown = redaction.headers(
        [(b"x-note", SECRETS[0].encode()), (b"a", b"1"), (b"a", b"2\r\nb: 3"), (b"x-claude-code-session-id", b"s")]
    )
    assert shown == {"x-note": redaction.MARK, "a": "1, 2  b: 3", "x-claude-code-session-id": "s"}
    assert len(redaction.headers((b"h%d" % n, b"v") for n in range(100))) == 40


@pytest.mark.parametrize(
    "name",
    [
        *(
            "ocp-apim-subscription-key",
            "x-functions-key",
            "helicone-auth",
            "x-corp-auth",
            "x-access-key",
            "x-license-key",
            "auth",
        ),
        *(
            "x-portkey-virtual-key",
            "x-jwt",
            "x-user-jwt-assertion",
            "x-hub-signature-256",
            "x-client-key",
            "x-private_key",
        ),
    ],
)
def test_more_names_of_headers_that_gateways_take_credentials_in(name: str) -> None:
    assert redaction.headers([(name.encode(), b"3f8a9c0d1e2b")]) == {name: redaction.MARK}
    assert redaction.harmless([(name.encode(), b"3f8a9c0d1e2b")]) == {}


def test_names_that_only_sound_like_it() -> None:
    for name in (
        "idempotency-key",
        "x-cache-key",
        "x-author",
        "authority",
        "sec-websocket-key",
        "x-routing-key",
        "x-keyword",
    ):
        assert redaction.headers([(name.encode(), b"v")]) == {name: "v"}, name

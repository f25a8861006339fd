"""Personal data: what is found, and what only looks like it. Numbers are the standards' own examples or made up by their check digits."""

from __future__ import annotations

import time

import pytest

from gateway.guardrails.pii import find
from gateway.neutral.guardrails import PII_KINDS, PiiKind

FOUND: list[tuple[PiiKind, str, list[str]]] = [
    ("email", "write to jane.doe+x@mail.example.co.uk, or a@b.de.", ["jane.doe+x@mail.example.co.uk", "a@b.de"]),
    ("credit_card", "card 4111 1111 1111 1111 or 5500-0000-0000-0004.", ["4111 1111 1111 1111", "5500-0000-0000-0004"]),
    ("credit_card", "378282246310005", ["378282246310005"]),
    # Digits beside a card, as forms and tables have them: an order's number, the date it ends, its code.
    ("credit_card", "4111 1111 1111 1111 12/27", ["4111 1111 1111 1111"]),
    ("credit_card", "qty 2 4111 1111 1111 1111 123", ["4111 1111 1111 1111"]),
    ("credit_card", "4111111111111111 123 and 3782 822463 10005 0001", ["4111111111111111", "3782 822463 10005"]),
    (
        "credit_card",
        "4111-1111-1111-1111- or 4111\u00a01111\u00a01111\u00a01111",
        ["4111-1111-1111-1111", "4111\u00a01111\u00a01111\u00a01111"],
    ),
    # Scripts that set no words apart: a letter before or behind is no part of it.
    ("credit_card", "卡号4111111111111111谢谢", ["4111111111111111"]),
    ("email", "联系john@example.com谢谢", ["john@example.com"]),
    (
        "email",
        "john@example.com- jörg@exämple.de, почта@пример.рф",
        ["john@example.com", "jörg@exämple.de", "почта@пример.рф"],
    ),
    ("phone", "电话+8613800138000谢谢", ["+8613800138000"]),
    ("ip_address", "地址203.0.113.9的", ["203.0.113.9"]),
    ("secret", "密钥AKIAABCDEFGHIJKLMNOP吗", ["AKIAABCDEFGHIJKLMNOP"]),
    ("us_ssn", "号219-09-9999吗", ["219-09-9999"]),
    ("iban", "pay DE89 3704 0044 0532 0130 00 now", ["DE89 3704 0044 0532 0130 00"]),
    ("iban", "GB82WEST12345698765432", ["GB82WEST12345698765432"]),
    ("us_ssn", "SSN 219-09-9999.", ["219-09-9999"]),
    (
        "phone",
        "call +49 30 901820, (555) 123-4567 or 555-123-4567",
        ["+49 30 901820", "(555) 123-4567", "555-123-4567"],
    ),
    ("phone", "0041 44 668 18 00", ["0041 44 668 18 00"]),
    ("ip_address", "from 203.0.113.9 and 2001:db8::1", ["203.0.113.9", "2001:db8::1"]),
    ("secret", "key sk-" + "a1" * 20 + " and AKIA" + "A" * 16, ["sk-" + "a1" * 20, "AKIA" + "A" * 16]),
    ("secret", "-----BEGIN RSA PRIVATE KEY-----", ["-----BEGIN RSA PRIVATE KEY-----"]),
]
NOT_FOUND: list[tuple[PiiKind, str]] = [
    ("email", "a @ b.de, user@host, @name, x@y."),
    ("credit_card", "4111 1111 1111 1112, 0000 0000 0000 0000, 1234567890123456, id 9411111111111111"),
    ("credit_card", "x4111111111111111, 0.4111111111111111, 2024 11 21 18 15 30 2025, 41111111111111111111111"),
    ("iban", "DE89 3704 0044 0532 0130 01, ABCD1234, GB00WEST12345698765432"),
    ("us_ssn", "000-12-3456, 219-00-9999, 666-12-1234, 2190-09-9999, 219-09-99990"),
    ("phone", "in 2026, 1.234.567, 12-34, v1.2.3, 2026-11-21, 10:30"),
    ("ip_address", "std::vector, 1.2.3, 999.1.1.1, 12:30:45 Uhr is no address, ::"),
    ("secret", "sk-short, the AKIA prefix, ghp_x"),
]


@pytest.mark.parametrize(("kind", "text", "expected"), FOUND)
def test_it_is_found(kind: PiiKind, text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in find(kind, text)] == expected


@pytest.mark.parametrize(("kind", "text"), NOT_FOUND)
def test_it_is_not_found(kind: PiiKind, text: str) -> None:
    assert [text[start:end] for start, end in find(kind, text)] == []


@pytest.mark.parametrize("kind", PII_KINDS)
@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1 ",
        "a.",
        "a@a.",
        "1:",
        "(1",
        "DE1",
        "-",
        "+1 ",
        "eyJa",
        "A",
        "\uff11",
        "1\u00a0",
        "字@a.bc",
        "字1",
        "4111 ",
    ],
)
def test_no_text_takes_long(kind: PiiKind, piece: str) -> None:
    text = piece * (60_000 // len(piece))
    began = time.process_time()
    list(find(kind, text))
    assert time.process_time() - began < 2.0

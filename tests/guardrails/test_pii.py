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
@pytest.mark.parametrize("piece", ["1", "1 ", "a.", "a@a.", "1:", "(1", "DE1", "-", "+1 ", "eyJa", "A"])
def test_no_text_takes_long(kind: PiiKind, piece: str) -> None:
    text = piece * (60_000 // len(piece))
    began = time.process_time()
    list(find(kind, text))
    assert time.process_time() - began < 2.0

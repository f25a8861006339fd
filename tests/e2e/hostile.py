"""Hostile values for a credential: what attacked other gateways' key checks, and what breaks parsers. Made the same way in every run."""

from __future__ import annotations

import random

_SQL = [
    "' OR '1'='1",
    "' OR 1=1 --",
    '" OR ""="',
    "'; DROP TABLE keys; --",
    "' UNION SELECT NULL,NULL,NULL--",
    "1' AND SLEEP(5)--",
    "admin'--",
    "') OR ('a'='a",
    "\\' OR 1=1 #",
    "%' OR '1'='1' LIMIT 1--",
    "' || (SELECT 1) || '",
    "'; EXEC xp_cmdshell('id'); --",
    "%27%20OR%201%3D1",
]
_NOSQL = [
    ":pk",
    "#pk",
    "#pk = :pk",
    "attribute_exists(pk)",
    "attribute_not_exists(#a) OR #a = :b",
    "pk = :v OR begins_with(sk, :x)",
    '{"S":"x"}',
    '{"$ne":null}',
    '{"$gt":""}',
    "key#",
    "key#" + "0" * 64,
    "user#admin",
    "pointer",
    "release#",
    "SET #a = :v REMOVE b",
    "contains(data, sk)",
    "size(pk) > 0",
    "NULL",
    "[0]",
    '{"AttributeValueList":[{"S":"*"}],"ComparisonOperator":"NE"}',
    "*",
    "%",
    "_",
    "../../etc/passwd",
    "..\\..\\windows",
    "/dev/null",
]
_TEMPLATES = [
    "{{7*7}}",
    "${7*7}",
    "#{7*7}",
    "<%= 7*7 %>",
    "{7*7}",
    "%(message)s",
    "%s%s%s%n",
    "{0.__class__}",
    "${jndi:ldap://127.0.0.1/a}",
    "$(id)",
    "`id`",
    "; id",
    "| id",
    "&& id",
    "<script>alert(1)</script>",
    "<!--",
    "]]>",
    "cos\nsystem\n(S'id'\ntR.",
    "__import__('os').system('id')",
    "\x1b[31mred\x1b[0m",
]
_TOKENS = [
    "eyJhbGciOiJub25lIn0.eyJyb2xlIjoiYWRtaW4ifQ.",
    "eyJhbGciOiJIUzI1NiJ9.e30.",
    "null",
    "undefined",
    "true",
    "false",
    "0",
    "-1",
    "NaN",
    "None",
    "[]",
    "{}",
    "Bearer",
    "Bearer Bearer",
    "sk-",
    "sk-gw-",
    "sk-gw-" + "A" * 42,
    "sk-gw-" + "A" * 44,
    "SK-GW-" + "A" * 43,
    "sk-gw-" + "=" * 43,
    "sk-gw-" + "\u0430" * 43,
    "anonymous",
    "master",
    "default",
    "test",
    "changeme",
    "sk-1234",
    "admin:admin",
]
_UNICODE = [
    "\u00e4\u00f6\u00fc",
    "\u65e5\u672c\u8a9e",
    "\U0001f511",
    "\u202e\u0645",
    "\ufeff",
    "\u200b",
    "\u0000",
    "\u00a0",
    "e\u0301",
    "\u2028",
    "\ud7ff",
    "\uffff",
    "\u0130",
    "\u017f\u212a",
]
_BYTES = [
    b"\x00",
    b"\xff\xfe",
    b"\x80" * 40,
    b"\xc0\xaf",
    b"\xed\xa0\x80",
    b"\x7f",
    b"\t",
    b"\x0b\x0c",
    b"a\x00b",
    b"\xf0\x9f",
    b"\xfe" * 8,
    b"key\x00sk-gw-x",
    b"a\nX-Injected: 1",
    b"a\r\nX-Injected: 1",
    b"a\r\n\r\nGET / HTTP/1.1\r\nhost: x",
    b"\r",
    b"\n",
    b"a\rb",
]
_SIZES = [1, 2, 100, 255, 256, 257, 1000, 4096, 8000, 8192, 16384, 40_000, 65_535, 65_536, 100_000, 1_000_000]


def values(good: str, count: int = 520) -> list[bytes]:
    """At least `count` distinct header values, none of which is `good`; many are near it."""
    texts = [*_SQL, *_NOSQL, *_TEMPLATES, *_TOKENS, *_UNICODE, *_near(good)]
    found = [text.encode("utf-8", "surrogatepass") for text in texts]
    found += _BYTES
    found += [b"A" * size for size in _SIZES]
    found += [b"sk-gw-" + b"\xc3\xbc" * (size // 2) for size in _SIZES[:12]]
    dice = random.Random(20261121)
    while len(set(found)) < count:
        kind = dice.randrange(3)
        size = dice.choice((8, 43, 49, 200))
        if kind == 0:
            found.append(bytes(dice.randrange(0x20, 0x7F) for _ in range(size)))
        elif kind == 1:
            found.append(bytes(dice.randrange(0x80, 0x100) for _ in range(size)))
        else:
            found.append(dice.choice(_SQL + _NOSQL).encode() + good[: dice.randrange(6, 40)].encode())
    return [value for value in dict.fromkeys(found) if value.strip() != good.encode()]


def _near(good: str) -> list[str]:
    swapped = [good[:at] + ("A" if good[at] != "A" else "B") + good[at + 1 :] for at in range(0, len(good), 3)]
    return [
        *swapped,
        good[:-1],
        good + "x",
        good.upper(),
        good.lower(),
        good[::-1],
        good + "\x00",
        good + "' --",
        good + good,
        f'"{good}"',
        f"{good},{good}",
    ]

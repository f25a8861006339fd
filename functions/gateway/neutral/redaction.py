"""Secrets out of everything that is stored or logged, before it gets there.

Headers are removed by name; texts are searched for the shapes that vendors give their credentials, for credentials in URLs and for JSON members
whose name says what they are. What is found is replaced by `[redacted]`; nothing of the value remains.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

MARK: Final = "[redacted]"

_SECRET_HEADERS: Final = frozenset(
    [
        "authorization",
        "x-api-key",
        "api-key",
        "x-goog-api-key",
        "cookie",
        "set-cookie",
        "x-amz-security-token",
        "x-auth-token",
        "x-admin-token",
        "x-openai-api-key",
        "x-amz-content-sha256",
        "x-amz-date",
        "www-authenticate",
        "authentication",
    ]
)
_SECRET_NAME: Final = re.compile(
    r"proxy-|secret|token|passw|credential|authorization|signature|(?:^|[-_])(?:auth|jwt)(?:[-_]|$)"
    r"|(?:api|session|subscription|functions?|access|license|virtual|client|private|service|account|auth|master)[-_]?key",
    re.IGNORECASE,
)
_HARMLESS: Final = frozenset(
    {"x-claude-code-session-id", "x-stainless-retry-count", "anthropic-ratelimit-tokens-remaining"}
)

_PATTERNS: Final = (
    # Vendors' shapes: OpenAI/Anthropic/OpenRouter/DeepSeek and ours, Groq, xAI, Google, AWS, GitHub, Slack, Hugging Face, JWT, PEM.
    (re.compile(r"\b(?:sk|pk|rk)-[A-Za-z0-9_\-]{12,}"), MARK),
    (re.compile(r"\b(?:gsk_|xai-|hf_|ghp_|gho_|ghs_|github_pat_|xox[abprs]-|glpat-)[A-Za-z0-9_\-]{12,}"), MARK),
    (re.compile(r"\bAIza[A-Za-z0-9_\-]{20,}"), MARK),
    (re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{12,}"), MARK),
    # Only at the beginning of a run: starting anywhere in it would look at a long run again and again.
    (re.compile(r"(?<![A-Za-z0-9_\-])eyJ[A-Za-z0-9_\-]{8,}+\.[A-Za-z0-9_\-]{8,}+\.[A-Za-z0-9_\-]*+"), MARK),
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)", re.DOTALL), MARK),
    # A digit, `=` or an inner capital tells a credential from "basic understanding".
    (
        re.compile(r"\b((?i:bearer|basic))\s++(?=[A-Za-z._~+/\-]*(?:[0-9=]|[a-z][A-Z]))[A-Za-z0-9._~+/=\-]{8,}+"),
        rf"\1 {MARK}",
    ),
    (
        re.compile(r"(?i)([?&](?:key|api[-_]?key|access_token|token|sig|signature|x-amz-[a-z-]+)=)[^&\s\"'#]+"),
        rf"\1{MARK}",
    ),
    (re.compile(r"(?i)(://)[^/\s:@\"']+:[^/\s@\"']+@"), rf"\1{MARK}@"),
    (
        re.compile(
            r'(?i)("(?:password|passwd|secret|client_secret|api[-_]?key|access[-_]?key|secret[-_]?access[-_]?key|access_token'
            r'|refresh_token|private[-_]?key|authorization)"\s*:\s*")(?:[^"\\]|\\.)*'
        ),
        rf"\1{MARK}",
    ),
    # The same inside a JSON text that is itself a string, as tool arguments are.
    (
        re.compile(
            r'(?i)(\\"(?:password|passwd|secret|client_secret|api[-_]?key|access[-_]?key|secret[-_]?access[-_]?key|access_token'
            r'|refresh_token|private[-_]?key|authorization)\\"\s*+:\s*+\\")[^"\\]*+'
        ),
        rf"\1{MARK}",
    ),
)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
# What moves a cursor or turns the direction of writing, in a fact that is shown as one line.
_LINE_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


def text(value: str) -> str:
    """A text without secrets and without control characters; line breaks and tabs stay."""
    for pattern, replacement in _PATTERNS:
        value = pattern.sub(replacement, value)
    return _CONTROL.sub(" ", value)


def line(value: str, limit: int) -> str:
    """A fact of at most `limit` characters that is shown as one line: without secrets, line breaks and marks of direction."""
    # Cut before the search as well, far beyond the limit: what a stranger sends must not cost what its length says.
    return _LINE_CONTROL.sub(" ", text(value[: limit + 4096]))[:limit]


def _secret(name: str) -> bool:
    return name in _SECRET_HEADERS or (name not in _HARMLESS and _SECRET_NAME.search(name) is not None)


def harmless(pairs: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers as they are, those that hold credentials left out; repeated ones joined by a comma (RFC 9110 §5.3)."""
    found: dict[str, str] = {}
    for raw_name, raw_value in pairs:
        name = raw_name.decode("latin-1").lower()
        if not _secret(name):
            value = raw_value.decode("latin-1")
            found[name] = f"{found[name]}, {value}" if name in found else value
    return found


def headers(pairs: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers fit to be stored: credentials replaced, values searched, at most 40 of at most 300 characters."""
    found: dict[str, str] = {}
    for raw_name, raw_value in pairs:
        name = raw_name.decode("latin-1").lower()[:100]
        value = MARK if _secret(name) else line(raw_value.decode("utf-8", "replace"), 300)
        found[name] = f"{found[name]}, {value}"[:300] if name in found else value
        if len(found) >= 40:
            break
    return found

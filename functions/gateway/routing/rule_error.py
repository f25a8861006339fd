"""What is wrong with a rule, and where."""

from __future__ import annotations


class RuleError(ValueError):
    """A rule that must not be saved. `path` leads to the fault ("all[1].not.op"; "" = the whole rule), `message` says what it is."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}" if path else message)
        self.path = path
        self.message = message


def check_text(text: str, limit: int, path: str) -> None:
    """A text of a rule must be storable: not longer than `limit` characters, and Unicode that UTF-8 can hold."""
    if len(text) > limit:
        raise RuleError(path, f"a text has at most {limit:,} characters")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise RuleError(path, "half a surrogate pair is no character") from None

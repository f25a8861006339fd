"""What the command says, and asks. Nothing of a document or an answer can steer the terminal."""

from __future__ import annotations

import getpass
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TextIO

_COLOURS: Final[Mapping[str, str]] = {"+": "32", "-": "31", "~": "33", "!": "33", "bold": "1", "dim": "2"}


def printable(text: str) -> str:
    """Text in which everything that is no plain character is an escape."""
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)


@dataclass(frozen=True, slots=True)
class Screen:
    """`out` for what was asked for, `err` for everything else, `keyboard` to ask at."""

    out: TextIO
    err: TextIO
    keyboard: TextIO
    colour: bool = False

    def say(self, text: str = "", *, style: str = "") -> None:
        """One line of the answer."""
        self.out.write(self.painted(printable(text), style) + "\n")

    def tell(self, text: str) -> None:
        """One line beside it."""
        self.err.write(printable(text) + "\n")

    def painted(self, text: str, style: str) -> str:
        """In colour, where there is one."""
        return f"\x1b[{_COLOURS[style]}m{text}\x1b[0m" if self.colour and style else text

    @property
    def asks(self) -> bool:
        """Whether somebody is there to be asked."""
        return self.keyboard.isatty()

    def ask(self, question: str) -> str:
        """A line from the keyboard; empty at its end."""
        self.err.write(question)
        self.err.flush()
        return self.keyboard.readline().strip()

    def ask_secretly(self, question: str) -> str:
        """The same without showing it."""
        return getpass.getpass(question, stream=self.err)


def screen_of(out: TextIO, err: TextIO, keyboard: TextIO, environ: Mapping[str, str]) -> Screen:
    """With colours on a terminal, unless NO_COLOR (https://no-color.org) is set."""
    return Screen(out, err, keyboard, out.isatty() and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb")

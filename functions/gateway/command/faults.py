"""What ends the command."""

from __future__ import annotations


class CommandFault(Exception):
    """Why the command cannot go on, in one line without a secret."""

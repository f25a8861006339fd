"""Keys of the dashboard's playground: each lives for an hour, so there are many; whoever adds up or looks for requests takes them as one."""

from __future__ import annotations

from typing import Final

PREFIX: Final = "play_"
"""Of the ids of such keys, and of no others."""
ID: Final = "playground"
"""What stands for all of them, in figures and in filters of the log."""
NAME: Final = "Playground"

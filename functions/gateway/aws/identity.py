"""Whose an access token is, as the identity function says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gateway.aws.faults import AwsFault
from gateway.aws.functions import Functions
from gateway.errors import Unavailable
from gateway.neutral.people import Person

# A cold start of the function, and the keys of an identity provider.
_SECONDS: Final = 8.0


class IdentityFunction:
    """`PeopleReader` over Lambda's Invoke. `function` None: the deployment has none, and takes no tokens."""

    def __init__(self, functions: Functions, function: str | None) -> None:
        self._functions = functions
        self._function = function

    async def whose(self, token: str) -> Person | None:
        """See `PeopleReader.whose`."""
        if self._function is None:
            return None
        try:
            answer = await self._functions.invoke(self._function, {"token": token}, _SECONDS)
            user = answer["user"]
            return None if user is None else _person(user)
        except (AwsFault, KeyError, TypeError, ValueError):
            raise Unavailable("Who you are could not be checked just now; try again.") from None


def _person(user: Mapping[str, Any]) -> Person:
    if not isinstance(user["active"], bool):
        raise TypeError("active")
    return Person(str(user["id"]), str(user["username"]), str(user["role"]), user["active"])

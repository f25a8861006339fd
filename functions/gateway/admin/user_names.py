"""What users of the deployment are called, for rows that hold their ids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Final

from gateway.stores.users import Users

_PREFIXES: Final = ("usr_", "ext_")
MOST: Final = 100


def user_names(users: Users, identifiers: Iterable[str | None]) -> Mapping[str, str]:
    """Id → name of those that are users here, of at most a hundred: each is a read of its own. Ids that clients made up have no name."""
    wanted = dict.fromkeys(one for one in identifiers if one is not None and one.startswith(_PREFIXES))
    found = ((one, users.get(one)) for one in islice(wanted, MOST))
    return {one: account.user.username for one, account in found if account is not None}

"""How an encoder says what it could not carry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, NoReturn

from gateway.errors import CannotCarry
from gateway.neutral.blocks import Extras
from gateway.neutral.losses import Loss
from gateway.neutral.request import Request

# Values by which a knob says the same as if it were absent, at every vendor.
_NOTHING: Final[Mapping[str, Any]] = {
    "frequency_penalty": 0,
    "presence_penalty": 0,
    "logit_bias": {},
    "metadata": {},
    "logprobs": False,
    "top_logprobs": 0,
}


class Carrying:
    """Collects the losses of one translation. Tuning knobs are noted; a feature without a form in the target refuses the request.

    `field` is the name of a member of `neutral.request.Request` (the relay puts the client's own name in its place), or the `at` of a block.
    """

    def __init__(self) -> None:
        self._losses: dict[Loss, None] = {}

    @property
    def losses(self) -> tuple[Loss, ...]:
        """What was noted, each once, in order."""
        return tuple(self._losses)

    def drop(self, field: str, reason: str) -> None:
        """The field is not sent."""
        self._losses[Loss(field, "dropped", reason)] = None

    def approximate(self, field: str, reason: str) -> None:
        """The field is sent in the nearest form there is."""
        self._losses[Loss(field, "approximated", reason)] = None

    def default(self, field: str, reason: str) -> None:
        """The target demands a value; the client gave none."""
        self._losses[Loss(field, "defaulted", reason)] = None

    def refuse(self, field: str, reason: str) -> NoReturn:
        """The request cannot be served by this upstream: CannotCarry."""
        raise CannotCarry(f"'{field}' cannot be carried to this model's provider: {reason}.", param=field)

    def drop_set(self, request: Request, names: Iterable[str], reason: str) -> None:
        """Note those of the named knobs that the client did set to something: many always send what changes nothing."""
        for name in names:
            value = getattr(request, name)
            if value is not None and value != _NOTHING.get(name):
                self.drop(name, reason)

    def leave_extras(self, extras: Extras, dialect: str, at: str = "", whose: str = "client's") -> None:
        """Note every extra that belongs to another dialect: the client's in a request, the provider's in an answer."""
        for owner, members in extras.items():
            if owner != dialect:
                for name in members:
                    self.drop(f"{at}.{name}" if at else name, f"known to the {whose} dialect alone")

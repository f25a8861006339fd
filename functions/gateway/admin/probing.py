"""Asking a provider for its models, without opening its credential: a function of its own does both (`probe/app.py`)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from gateway.admin.errors import Unavailable
from gateway.neutral.config import Provider, to_json
from gateway.neutral.probe import Heard, heard_from_json

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

_UNREACHED = "The function that asks providers is out of reach; try again."


class Prober(Protocol):
    """Asks a provider for its models."""

    def ask(self, provider: Provider) -> Heard:
        """What it said. `provider` with its keys as a release holds them: sealed or by reference. Unavailable when nobody could be asked."""


class NoProber:
    """A deployment without the function."""

    def ask(self, provider: Provider) -> Heard:  # noqa: ARG002 - the protocol's shape
        """Nobody can be asked."""
        raise Unavailable("This deployment has no function that asks providers (PROBE_FUNCTION).")


class LambdaProber:
    """Invokes the function and waits. Its answer is read as carefully as any other: it repeats a provider's words."""

    def __init__(self, client: Callable[[], LambdaClient], function: str) -> None:
        self._client = client
        self._function = function

    def ask(self, provider: Provider) -> Heard:
        """See `Prober.ask`."""
        event = json.dumps({"provider": to_json(provider)}).encode()
        try:
            answer = self._client().invoke(FunctionName=self._function, Payload=event)
            payload = answer["Payload"].read()
        except (BotoCoreError, ClientError):
            raise Unavailable(_UNREACHED) from None
        if answer.get("FunctionError"):
            raise Unavailable("The function that asks providers failed; its log says why.")
        try:
            return heard_from_json(json.loads(payload))
        except (KeyError, TypeError, ValueError, AttributeError):
            raise Unavailable(_UNREACHED) from None

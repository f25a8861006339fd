"""The signed client over moto: the same JSON that would be sent to DynamoDB, carried out in this process, with faults on demand.

Every call yields to the event loop first, so that tasks interleave between their calls as environments do.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from typing import Any, cast

import orjson
from botocore.exceptions import ClientError

from gateway.aws.dynamodb import DynamoDB
from gateway.aws.faults import OutcomeUnknown, Unreachable
from gateway.aws.session import Answer, AwsSession, Call
from gateway.aws.skew import Skew
from gateway.clock import Clock

_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


class MotoSession:
    """As much of `AwsSession` as `DynamoDB` uses.

    `down`: nothing is carried out. `hanging`: there is never an answer. `silent`: the next so many calls are carried out, and the caller
    never learns it. `repeating`: every call is carried out twice, as when its first answer was lost and the session sent it again.
    `refused` names operations AWS denies; a call that holds `poison` is rejected as malformed.
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        self.calls: Counter[str] = Counter()
        self.skew = Skew(Clock())
        self.down = False
        self.hanging = False
        self.silent = 0
        self.repeating = False
        self.refused: set[str] = set()
        self.poison: bytes | None = None

    def database(self) -> DynamoDB:
        """The client under test."""
        return DynamoDB(cast("AwsSession", self))

    def pause(self, _retry: int) -> float:
        """No waiting."""
        return 0.0

    async def call(self, call: Call, _transient: object = None) -> Answer:
        """See `AwsSession.call`."""
        self.calls[call.operation] += 1
        await asyncio.sleep(0)
        if self.hanging:
            await asyncio.Event().wait()
        if self.down:
            raise Unreachable(call.name, "down")
        if call.operation in self.refused:
            return Answer(400, "AccessDeniedException", {}, b"", "", False)
        if self.poison is not None and self.poison in call.body:
            return Answer(400, "ValidationException", {}, b"", "", False)
        answer = self._carry_out(call, repeated=False)
        if self.silent:
            self.silent -= 1
            raise OutcomeUnknown(call.name, "timeout")
        return self._carry_out(call, repeated=True) if self.repeating and call.repeatable else answer

    def _carry_out(self, call: Call, *, repeated: bool) -> Answer:
        method = getattr(self._client, _CAPITAL.sub("_", call.operation).lower())
        try:
            data = method(**orjson.loads(call.body))
        except ClientError as refused:
            code = refused.response["Error"]["Code"]
            return Answer(400, code, cast("dict[str, Any]", refused.response), b"", "", repeated)
        return Answer(200, "", data, b"", "", repeated)

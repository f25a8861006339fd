"""Lambda: one function asks another and waits. https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson

from gateway.aws.faults import Rejected
from gateway.aws.session import AwsSession, Call, refusal
from gateway.aws.sigv4 import encode_path

_API: Final = "2015-03-31"
_FAILED: Final = "x-amz-function-error"


class Functions:
    """Faults: StoreUnavailable's tree, AccessDenied, NotFound, Rejected (also of a function that raised something)."""

    def __init__(self, session: AwsSession) -> None:
        self._session = session

    async def invoke(self, name: str, event: Mapping[str, Any], seconds: float = 5.0) -> Mapping[str, Any]:
        """What the function answers, a JSON object. `name`: its name or ARN, with a qualifier if there is one. For functions that may as well
        run twice: a call whose answer was lost is made again."""
        path = encode_path([_API, "functions", name, "invocations"])
        call = Call("lambda", "Invoke", orjson.dumps(event), path=path, seconds=seconds)
        answer = await self._session.call(call)
        if answer.code:
            raise refusal(call, answer)
        if _FAILED in answer.headers:
            raise Rejected(call.name, "FunctionFailed", request_id=answer.request_id)
        return answer.data

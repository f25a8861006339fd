"""The answer to CloudFormation: one PUT to the event's ResponseURL.

Without it the stack waits until its ServiceTimeout, so every way out of the handler sends one.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
"""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any, Literal

_ATTEMPTS = 4
_TIMEOUT_SECONDS = 10
# CloudFormation takes an answer of at most 4 KB.
_REASON_CHARACTERS = 1000


def send(event: Mapping[str, Any], status: Literal["SUCCESS", "FAILED"], physical_id: str, reason: str = "") -> None:
    """Tell CloudFormation how it went; OSError when it cannot be reached in four attempts."""
    answer = {
        "Status": status,
        "PhysicalResourceId": physical_id,
        "StackId": event["StackId"],
        "RequestId": event["RequestId"],
        "LogicalResourceId": event["LogicalResourceId"],
    }
    if reason:
        answer["Reason"] = reason[:_REASON_CHARACTERS]
    # The URL is signed for an empty content type; any other is refused.
    request = urllib.request.Request(  # noqa: S310 - the address comes from CloudFormation
        event["ResponseURL"], data=json.dumps(answer).encode(), method="PUT", headers={"Content-Type": ""}
    )
    for attempt in range(_ATTEMPTS):
        try:
            with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS):  # noqa: S310
                return
        except urllib.error.HTTPError as error:
            if error.code < 500 or attempt == _ATTEMPTS - 1:
                raise
        except OSError:
            if attempt == _ATTEMPTS - 1:
                raise
        time.sleep(2**attempt / 4)

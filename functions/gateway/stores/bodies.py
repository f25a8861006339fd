"""Bodies too large for a log row: one JSON document `{"request_body", "response_body"}` per request, in the bodies bucket."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# A Lambda answer holds 6 MB, and JSON may double a text.
SHOWN_CHARACTERS = 1_000_000


@dataclass(frozen=True, slots=True)
class Bodies:
    """What a client asked and was answered, redacted before it was stored."""

    request: str
    response: str


class BodyReader:
    """Reads what `HotLogs.put_body` wrote."""

    def __init__(self, objects: S3Client, bucket: str) -> None:
        self._objects = objects
        self._bucket = bucket

    def get(self, reference: str) -> Bodies | None:
        """The bodies under a row's reference, each cut at a million characters; None when they expired or cannot be read now."""
        try:
            answer = self._objects.get_object(Bucket=self._bucket, Key=reference)
            document = json.loads(answer["Body"].read())
        except (ClientError, BotoCoreError, ValueError):
            return None
        return Bodies(_shown(document.get("request_body")), _shown(document.get("response_body")))


def _shown(text: object) -> str:
    value = text if isinstance(text, str) else ""
    left = len(value) - SHOWN_CHARACTERS
    return value if left <= 0 else f"{value[:SHOWN_CHARACTERS]}\n[{left} more characters in the bucket]"

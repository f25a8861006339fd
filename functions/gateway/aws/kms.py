"""KMS: the two calls of envelope encryption. https://docs.aws.amazon.com/kms/latest/APIReference/Welcome.html"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from gateway.aws.faults import Rejected, SealBroken
from gateway.aws.session import AwsSession, Call, refusal

# What KMS says when a blob was tampered with or comes with another context or key: one answer for all, on purpose.
_DOES_NOT_OPEN = frozenset({"InvalidCiphertextException", "IncorrectKeyException"})


@dataclass(frozen=True, slots=True)
class DataKey:
    """A fresh 256-bit key: `plaintext` to use and forget, `blob` (encrypted by KMS) to keep."""

    plaintext: bytes = field(repr=False)
    blob: bytes


class Kms:
    """Faults: SealBroken, StoreUnavailable's tree, AccessDenied, NotFound, Rejected."""

    def __init__(self, session: AwsSession) -> None:
        self._session = session

    async def decrypt(self, blob: bytes, *, context: Mapping[str, str], key_id: str | None = None) -> bytes:
        """The plaintext of a blob; SealBroken when blob, context and key do not belong together."""
        payload: dict[str, Any] = {"CiphertextBlob": b64encode(blob).decode(), "EncryptionContext": dict(context)}
        if key_id is not None:
            payload["KeyId"] = key_id
        data = await self._run("Decrypt", payload)
        return _bytes(data, "Plaintext", "kms.Decrypt")

    async def generate_data_key(self, key_id: str, *, context: Mapping[str, str]) -> DataKey:
        """A new AES-256 key under the KMS key `key_id` (id, ARN or `alias/…`)."""
        payload = {"KeyId": key_id, "KeySpec": "AES_256", "EncryptionContext": dict(context)}
        data = await self._run("GenerateDataKey", payload)
        operation = "kms.GenerateDataKey"
        return DataKey(_bytes(data, "Plaintext", operation), _bytes(data, "CiphertextBlob", operation))

    async def _run(self, operation: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        headers = (("content-type", "application/x-amz-json-1.1"), ("x-amz-target", f"TrentService.{operation}"))
        call = Call("kms", operation, orjson.dumps(payload), headers=headers)
        answer = await self._session.call(call)
        if answer.code in _DOES_NOT_OPEN:
            raise SealBroken(call.name, answer.code, request_id=answer.request_id)
        if answer.code:
            raise refusal(call, answer)
        return answer.data


def _bytes(data: Mapping[str, Any], name: str, operation: str) -> bytes:
    try:
        return b64decode(data[name], validate=True)
    except (KeyError, TypeError, ValueError):
        raise Rejected(operation, "UnreadableAnswer") from None

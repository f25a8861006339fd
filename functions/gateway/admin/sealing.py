"""Upstream secrets on their way into the store: encrypted under a KMS data key, shown as a hint."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from gateway.aws.envelope import seal
from gateway.clock import Clock
from gateway.neutral.config import Sealed

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

SealSecret = Callable[[str, str], Sealed]

_PREFIX = re.compile(r"[A-Za-z]{2,4}[-_]")
_SHORT = 12


def hint(secret: str) -> str:
    """`sk-****1234`: a short vendor prefix and the last four characters; nothing at all of a secret under 12 characters."""
    if len(secret) < _SHORT:
        return "****"
    prefix = _PREFIX.match(secret)
    return f"{prefix[0] if prefix else ''}****{secret[-4:]}"


def kms_sealer(client: KMSClient, kms_key_id: str, clock: Clock) -> SealSecret:
    """A function `(upstream key id, secret) -> Sealed`. Each secret has a data key of its own, bound to the upstream key's id."""

    def seal_secret(key_id: str, secret: str) -> Sealed:
        context = {"purpose": "upstream-key", "key_id": key_id}
        made = client.generate_data_key(KeyId=kms_key_id, KeySpec="AES_256", EncryptionContext=context)
        return seal(
            secret.encode(),
            data_key=made["Plaintext"],
            data_key_blob=made["CiphertextBlob"],
            context=context,
            nonce=clock.entropy(12),
        )

    return seal_secret

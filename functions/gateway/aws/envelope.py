"""Envelope encryption of upstream keys: AES-256-GCM under a KMS data key. Pure; KMS itself is `gateway.aws.kms`.

The associated data is the canonical JSON of the context (sorted names, no spaces, UTF-8), the same mapping KMS gets as its encryption
context: a ciphertext that is moved to another record opens neither there nor here. A nonce must never be used twice with one data key;
every secret gets a data key of its own. https://csrc.nist.gov/pubs/sp/800/38/d/final
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping

import orjson

from gateway.aws.faults import SealBroken
from gateway.neutral.config import Sealed

KEY_BYTES = 32
NONCE_BYTES = 12


def _associated_data(context: Mapping[str, str]) -> bytes:
    return orjson.dumps(dict(context), option=orjson.OPT_SORT_KEYS)


def seal(
    plaintext: bytes, *, data_key: bytes, data_key_blob: bytes, context: Mapping[str, str], nonce: bytes
) -> Sealed:
    """Encrypt under `data_key` (32 bytes) with `nonce` (12 fresh random bytes); `data_key_blob` is KMS's encrypted form of the key."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    if len(data_key) != KEY_BYTES or len(nonce) != NONCE_BYTES:
        raise ValueError(f"a data key has {KEY_BYTES} bytes and a nonce {NONCE_BYTES}")
    ciphertext = AESGCM(data_key).encrypt(nonce, plaintext, _associated_data(context))
    return Sealed(*(b64encode(part).decode("ascii") for part in (data_key_blob, nonce, ciphertext)))


def unseal(sealed: Sealed, *, data_key: bytes, context: Mapping[str, str]) -> bytes:
    """The plaintext; SealBroken when key, context and ciphertext do not belong together or something is not what it should be."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce, ciphertext = _decoded(sealed.nonce), _decoded(sealed.ciphertext)
    if len(data_key) != KEY_BYTES or len(nonce) != NONCE_BYTES:
        raise SealBroken("envelope.unseal", "WrongLength")
    try:
        return AESGCM(data_key).decrypt(nonce, ciphertext, _associated_data(context))
    except InvalidTag:
        raise SealBroken("envelope.unseal", "DoesNotOpen") from None


def data_key_blob(sealed: Sealed) -> bytes:
    """The encrypted data key, for KMS Decrypt; SealBroken when it is not base64."""
    return _decoded(sealed.data_key)


def _decoded(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except ValueError:
        raise SealBroken("envelope.unseal", "NotBase64") from None

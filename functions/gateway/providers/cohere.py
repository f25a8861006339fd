"""Cohere: embeddings in OpenAI's dialect and reranking, which live under different versions of its API.

https://docs.cohere.com/docs/compatibility-api, https://docs.cohere.com/reference/rerank. Administrators paste any of its addresses.
"""

from __future__ import annotations

import re
from typing import Final

from gateway.providers.vendor import Vendor

_OWN: Final = re.compile(r"(?:/compatibility)?(?:/v\d+)?/?$")


def address(base: str, path: str, model: str) -> str:
    """The URL of an operation: `path` is OpenAI's (`/v1/embeddings`), or `/v1/rerank`."""
    del model
    root = _OWN.sub("", base)
    return f"{root}/v2/rerank" if path == "/v1/rerank" else f"{root}/compatibility{path}"


COHERE: Final = Vendor("cohere", "Cohere", ("openai_embeddings", "rerank"), "https://api.cohere.com", address=address)

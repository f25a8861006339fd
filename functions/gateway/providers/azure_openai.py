"""Azure OpenAI: OpenAI's dialects under addresses of its own. The model name of a route is the name of the deployment.

Two forms, both documented at https://learn.microsoft.com/azure/foundry/openai/api-version-lifecycle and …/openai/reference:

- v1: `https://{resource}.openai.azure.com/openai/v1/chat/completions`, the model in the body;
- classic, when the base URL carries `?api-version=2024-10-21`: `/openai/deployments/{deployment}/chat/completions?api-version=…`, except for
  Responses, which never had deployments in the path.

Administrators paste the resource's address, `…/openai`, `…/openai/v1`, or the whole target URI of a deployment; all are understood.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qsl, quote, urlsplit

from gateway.providers.vendor import Vendor
from gateway.wire.openai_chat.traits import OPENAI

_VERSION: Final = "/v1"
# Everything from the service's own segment on is rebuilt.
_OWN: Final = re.compile(r"/openai(?:/(?:v1|deployments|responses)(?:/.*)?)?/?$")
# Values of `api-version` that belong to the v1 form.
_UNDATED: Final = frozenset(["", "v1", "latest", "preview"])
_UNDEPLOYED: Final = frozenset(["/responses", "/models"])


def address(base: str, path: str, model: str) -> str:
    """The URL of an operation: `path` is OpenAI's (`/v1/chat/completions`), `model` the deployment."""
    parts = urlsplit(base)
    version = dict(parse_qsl(parts.query)).get("api-version", "")
    root = f"{parts.scheme}://{parts.netloc}" + _OWN.sub("", parts.path.rstrip("/"))
    query = f"?{parts.query}" if parts.query else ""
    rest = path.removeprefix(_VERSION)
    if version in _UNDATED or "/openai/v1" in parts.path:
        return f"{root}/openai/v1{rest}{query}"
    if rest in _UNDEPLOYED or not model:
        return f"{root}/openai{rest}{query}"
    return f"{root}/openai/deployments/{quote(model, safe='')}{rest}{query}"


AZURE_OPENAI: Final = Vendor(
    "azure_openai",
    "Azure OpenAI",
    (
        "openai_chat",
        "openai_responses",
        "openai_completions",
        "openai_embeddings",
        "openai_images",
        "openai_speech",
        "openai_transcriptions",
    ),
    None,
    auth="api-key",
    traits=OPENAI,
    address=address,
    base_query=True,
)

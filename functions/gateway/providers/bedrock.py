"""Amazon Bedrock: every vendor's models behind Converse, paid for and allowed by the AWS account.

Without a key calls are signed with the gateway's own role; a Bedrock API key goes as a bearer token:
https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html. `{region}` in the base URL is the gateway's own Region.

Models differ in what they take beyond Converse's common members. A model's id begins with its maker and family (`anthropic.claude-…`; an
inference profile's with a geography before them, `eu.anthropic.claude-…`), https://docs.aws.amazon.com/bedrock/latest/userguide/models-supported.html,
and the table below says what a family takes. The ARN of an application's own profile names nobody: those models get the common members.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Final
from urllib.parse import urlsplit

from gateway.providers.vendor import Vendor

# Explained in gateway.wire.bedrock_converse.request.
_FAMILIES: Final[Mapping[str, frozenset[str]]] = {
    "amazon.nova-": frozenset({"nova", "cache_points"}),
    "anthropic.claude-": frozenset({"claude", "cache_points", "cache_1h"}),
    "openai.gpt-": frozenset({"reasoning_effort"}),
}
# https://docs.aws.amazon.com/general/latest/gr/bedrock.html
_REGION: Final = re.compile(r"[a-z]{2}(?:-[a-z]+)+-\d{1,2}")
_NONE: Final[frozenset[str]] = frozenset()


def model_traits(model: str) -> frozenset[str]:
    """What the models of this one's family take; `model` is an id or an ARN."""
    name = model.rpartition("/")[2]
    placed = name.partition(".")[2]
    return next(
        (traits for family, traits in _FAMILIES.items() if name.startswith(family) or placed.startswith(family)), _NONE
    )


def aws_region(url: str) -> str | None:
    """The Region that an AWS endpoint's host names (`bedrock-runtime.eu-west-1.amazonaws.com`, also inside a VPC endpoint's name); None
    for other hosts."""
    labels = (urlsplit(url).hostname or "").split(".")
    for label, following in pairwise(labels):
        if label.startswith("bedrock-runtime") and _REGION.fullmatch(following):
            return following
    return None


BEDROCK: Final = Vendor(
    "bedrock",
    "Amazon Bedrock",
    ("bedrock_converse",),
    "https://bedrock-runtime.{region}.amazonaws.com",
    auth="aws",
    version_path="/model",
    needs_key=False,
    model_traits=model_traits,
)

"""Upstream vendors: what each one speaks, where it lives and how it wants its credential.

A vendor that speaks a known dialect and nothing else is one row of `compatible.py`. A vendor with behaviour of its own gets a file. No other
room asks which vendor it is dealing with.
"""

from __future__ import annotations

from gateway.providers.bedrock import aws_region
from gateway.providers.compatible import VENDORS
from gateway.providers.operations import operation
from gateway.providers.vendor import Vendor, join_url

__all__ = ["Vendor", "aws_region", "join_url", "kinds", "operation", "vendor"]


def kinds() -> tuple[Vendor, ...]:
    """Every vendor an administrator may choose, in the order to show them."""
    return tuple(VENDORS.values())


def vendor(kind: str) -> Vendor:
    """The row of a provider's kind; KeyError when there is none."""
    return VENDORS[kind]

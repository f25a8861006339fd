"""The tier at which Google says it served a request, which has prices of its own."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.wire.gemini.response import usage


@pytest.mark.parametrize(
    ("more", "service"),
    [
        ({}, ""),
        ({"trafficType": "ON_DEMAND"}, ""),
        ({"trafficType": "PROVISIONED_THROUGHPUT"}, ""),
        ({"trafficType": "ON_DEMAND_PRIORITY"}, "priority"),
        ({"trafficType": "ON_DEMAND_FLEX"}, "flex"),
        ({"serviceTier": "priority", "trafficType": "ON_DEMAND"}, "priority"),
        ({"serviceTier": "standard"}, ""),
        ({"serviceTier": 7}, ""),
    ],
)
def test_it_is_read(more: dict[str, Any], service: str) -> None:
    found = usage({"usageMetadata": {"promptTokenCount": 1, "candidatesTokenCount": 2, **more}})
    assert found is not None
    assert found.service == service

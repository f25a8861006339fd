"""The page about the document: its example can be applied, and it names every field, kind and word there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import BaseModel
from tests.aws_mock import ENVIRON, World

from admin.app import apply_document
from gateway.admin.document import KeyEntry, ModelEntry, ProviderEntry, UpstreamKeyEntry
from gateway.admin.document_limits import BudgetEntry, EndUserEntry, LimitsEntry, TeamEntry
from gateway.admin.price_schemas import PriceIO, PriceOverrideIO
from gateway.admin.route_schemas import RetryIO, RouteIn, ShareIO, TargetIO
from gateway.admin.schemas import TimeoutsIO
from gateway.providers import kinds
from gateway.routing.hints import CAPABILITIES
from gateway.routing.operators import OPERATORS

PAGE = (Path(__file__).parents[2] / "infra" / "docs" / "configuration.md").read_text(encoding="utf-8")
SECRETS = {**ENVIRON, "OPENAI_API_KEY": "sk-1", "HOUSE_KEY": "sk-2", "TEAM_A_KEY": "sk-gw-team-a-team-a"}


def test_the_example_is_applied(world: World) -> None:
    [example] = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert apply_document(SECRETS, example, "configuration.md").number == 1
    assert apply_document(SECRETS, example, "configuration.md").number == 1


@pytest.mark.parametrize(
    "part",
    [
        *(
            ProviderEntry,
            UpstreamKeyEntry,
            TimeoutsIO,
            ModelEntry,
            PriceIO,
            PriceOverrideIO,
            RouteIn,
            TargetIO,
            RetryIO,
            ShareIO,
        ),
        *(KeyEntry, LimitsEntry, BudgetEntry, TeamEntry, EndUserEntry),
    ],
)
def test_every_field_is_there(part: type[BaseModel]) -> None:
    assert [name for name in part.model_fields if f"`{name}`" not in PAGE and f".{name}`" not in PAGE] == []


def test_every_word_is_there() -> None:
    words = set(re.findall(r"[a-z_0-9]+", PAGE.split("## Complete example")[0]))
    assert {row.kind for row in kinds()} | CAPABILITIES | set(OPERATORS) <= words

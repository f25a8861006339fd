"""The two tables as the template declares them, and reading them whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def create(client: DynamoDBClient, name: str, *, stream: bool = False) -> None:
    """A table with string keys pk and sk; the stream shows new images."""
    extra: dict[str, Any] = (
        {"StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}} if stream else {}
    )
    client.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[
            {"AttributeName": "pk", "AttributeType": "S"},
            {"AttributeName": "sk", "AttributeType": "S"},
        ],
        BillingMode="PAY_PER_REQUEST",
        **extra,
    )


def contents(client: DynamoDBClient, name: str) -> dict[tuple[str, str], dict[str, Any]]:
    """Every item by its key."""
    pages = client.get_paginator("scan").paginate(TableName=name, ConsistentRead=True)
    return {(item["pk"]["S"], item["sk"]["S"]): dict(item) for page in pages for item in page["Items"]}


def marks(items: dict[tuple[str, str], dict[str, Any]]) -> set[str]:
    """The request ids that are marked as counted."""
    return {pk.removeprefix("mark#") for pk, _ in items if pk.startswith("mark#")}


def buckets(items: dict[tuple[str, str], dict[str, Any]]) -> dict[tuple[str, str], dict[str, Any]]:
    """The items that are not marks."""
    return {key: item for key, item in items.items() if not key[0].startswith("mark#")}


def counted(
    items: dict[tuple[str, str], dict[str, Any]], size: str, dimension: str, names: list[str]
) -> dict[str, int]:
    """Counters summed over all buckets of a size and dimension, straight from the items."""
    chosen = [item for (pk, _), item in items.items() if pk.startswith(f"{size}#{dimension}#")]
    return {name: sum(int(item.get(name, {"N": "0"})["N"]) for item in chosen) for name in names}

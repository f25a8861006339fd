"""The models, bound to tables."""

from __future__ import annotations

from dataclasses import fields, replace

from tests.aws_mock import ENVIRON

from gateway.settings import from_environ
from gateway.stores.tables import KeyItem, Tables, bind, schema


def test_two_deployments_live_side_by_side() -> None:
    one = bind(from_environ(ENVIRON))
    other = bind(replace(from_environ(ENVIRON), keys_table="other-keys"))
    assert (one.key.Meta.table_name, other.key.Meta.table_name) == ("keys", "other-keys")
    assert one.key.by_kind._model is one.key
    assert other.key.by_kind._model is other.key
    assert not hasattr(KeyItem, "Meta")


def test_every_model_has_the_keys_of_its_table() -> None:
    tables = bind(from_environ(ENVIRON))
    known = {ENVIRON[name]: shape for name, shape in schema().items()}
    for field in fields(Tables):
        model = getattr(tables, field.name)
        shape = known[model.Meta.table_name]
        keys = [part["AttributeName"] for part in shape["KeySchema"]]
        assert [model._hash_keyname, model._range_keyname] == keys == ["pk", "sk"]

    index = schema()["KEYS_TABLE"]["GlobalSecondaryIndexes"]
    assert index == [
        {
            "IndexName": "by_kind",
            "KeySchema": [{"AttributeName": "kind", "KeyType": "HASH"}, {"AttributeName": "id", "KeyType": "RANGE"}],
            "Projection": {"ProjectionType": "ALL"},
        }
    ]

"""The dashboard's types are generated from a committed document; it must be the present one."""

from __future__ import annotations

import json

from infra.scripts import export_openapi


def test_the_committed_document_is_fresh() -> None:
    committed = export_openapi.TARGET.read_text(encoding="utf-8")
    assert committed == export_openapi.document(), "run: python -m infra.scripts.export_openapi"


def test_the_export_is_stable_and_names_every_operation_once() -> None:
    document = json.loads(export_openapi.document())
    operations = [item["operationId"] for path in document["paths"].values() for item in path.values()]
    assert len(operations) == len(set(operations)) > 20
    assert export_openapi.document() == export_openapi.document()


def test_every_error_has_the_documented_shape() -> None:
    document = json.loads(export_openapi.document())
    assert "HTTPValidationError" not in document["components"]["schemas"]
    for path in document["paths"].values():
        for item in path.values():
            for status in ("401", "403", "422", "default"):
                schema = item["responses"][status]["content"]["application/json"]["schema"]
                assert schema == {"$ref": "#/components/schemas/ErrorReply"}

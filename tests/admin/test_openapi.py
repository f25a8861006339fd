"""The dashboard's types are generated from a committed document; it must be the present one."""

from __future__ import annotations

import json

from infra.openapi.describe import FORMS, form_of
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
    parts = document["components"]
    assert "HTTPValidationError" not in parts["schemas"]
    schemas = {form.prefix: form.schema for form in FORMS}
    for name, answer in parts["responses"].items():
        assert answer["content"]["application/json"]["schema"] == {
            "$ref": f"#/components/schemas/{schemas[name.rstrip('0123456789')]}"
        }
    for path, items in document["paths"].items():
        prefix = form_of(path).prefix
        for item in items.values():
            errors = {status: answer for status, answer in item["responses"].items() if not status.startswith("2")}
            assert {"500", "503"} <= set(errors)
            assert errors == {status: {"$ref": f"#/components/responses/{prefix}{status}"} for status in errors}

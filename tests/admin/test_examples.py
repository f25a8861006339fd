"""The OpenAPI document is whole: every operation has words, errors and examples; the examples fit their schemas and the real API takes them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from infra.openapi.describe import ERRORS, operations
from infra.scripts.export_openapi import EXAMPLES, data
from tests.admin.story import STORY, Teller, prepared, stable
from tests.aws_mock import World

from gateway.admin.error_shapes import shape_of


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return data()


def _named(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for _path, _method, operation in operations(document):
        yield operation["operationId"], operation


def _good(operation: dict[str, Any]) -> dict[str, Any]:
    (answer,) = (answer for status, answer in operation["responses"].items() if status.startswith("2"))
    return dict(answer)


def test_every_operation_and_parameter_says_what_it_is(document: dict[str, Any]) -> None:
    for name, operation in _named(document):
        assert min(len(operation.get(words, "")) for words in ("summary", "description")) > 1, name
        silent = [one["name"] for one in operation.get("parameters", ()) if len(one.get("description", "")) < 5]
        assert not silent, f"{name}: say what they are, in the router or in infra/openapi/describe.py: {silent}"


def test_every_operation_has_examples(document: dict[str, Any]) -> None:
    for name, operation in _named(document):
        hint = f"{name}: add a step to tests/admin/story.py and run it"
        for content in operation.get("requestBody", {"content": {}})["content"].values():
            assert "example" in content, hint
        content = _good(operation).get("content", {}).get("application/json")
        assert content is None or "example" in content, hint


def test_examples_fit_their_schemas(document: dict[str, Any]) -> None:
    for name, operation in _named(document):
        places = [operation.get("requestBody", {}), _good(operation)]
        places += [
            document["components"]["responses"][answer["$ref"].rpartition("/")[2]]
            for answer in operation["responses"].values()
            if "$ref" in answer
        ]
        for place in places:
            content = place.get("content", {}).get("application/json")
            if content is not None:
                schema = {**content.get("schema", {}), "components": document["components"]}
                faults = [
                    str(fault)[:300] for fault in jsonschema_rs.validator_for(schema).iter_errors(content["example"])
                ]
                assert not faults, f"{name}: {faults[:3]}"


def test_the_errors_of_every_operation_are_listed(document: dict[str, Any]) -> None:
    for path, method, operation in operations(document):
        listed = {status for status in operation["responses"] if not status.startswith("2")}
        assert listed <= set(ERRORS)
        assert {"500", "503"} <= listed
        assert ("404" in listed) == ("{" in path)
        assert ("409" in listed) == (method != "get")
        assert "requestBody" not in operation or {"400", "413", str(shape_of(path).statuses.get(422, 422))} <= listed


def test_the_api_takes_every_example(world: World, document: dict[str, Any]) -> None:
    """The examples are the story's requests and answers, and the story succeeds on an empty deployment."""
    examples = json.loads(EXAMPLES.read_text(encoding="utf-8"))
    assert {step.operation for step in STORY} == {name for name, _ in _named(document)} == set(examples)
    told: set[str] = set()
    with prepared(world):
        teller = Teller(world, document)
        for step in STORY:
            answer = teller.tell(step)
            assert answer.status_code < 300, f"{step.operation}: {answer.text}"
            if step.body is not None and step.operation not in told:
                example = examples[step.operation]["request"]
                assert example == stable(json.loads(teller.filled(json.dumps(step.body)))), step.operation
            told.add(step.operation)

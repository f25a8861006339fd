"""Records are read strictly: counted truthfully or refused, never guessed."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rollups.samples import PATIENT, image, record, row

from gateway.neutral.logrow import Caller, Cost, LogRow
from gateway.neutral.usage import Usage
from gateway.rollups.cells import parts
from gateway.rollups.rows import BadRecord, read_record
from gateway.stores.log_items import to_item


def test_a_finished_row_counts_with_everything_it_has() -> None:
    finished = read_record(record(row(1), 1))
    assert finished is not None
    assert finished.adds == {
        "requests": 1,
        "status_2xx": 1,
        "fresh_tokens": 10,
        "cache_read_tokens": 5,
        "cache_write_5m_tokens": 3,
        "cache_write_1h_tokens": 2,
        "input_tokens": 20,
        "output_tokens": 7,
        "reasoning_tokens": 4,
        "cost_nano": 1234,
        "f51": 1,
        "t72": 1,
    }
    assert dict(finished.dimensions) == {
        "key": "key_1",
        "user": "user_1",
        "team": "team_1",
        "model": "gpt-x",
        "provider": "openai",
        "route": "fast",
        "cell": "key_1|user_1|team_1||gpt-x|openai|fast",
    }
    assert finished.key_name == "Team One"


def test_a_row_as_the_gateway_writes_it_counts() -> None:
    identifier = "req_0199" + "a" * 28
    usage = Usage(fresh=10, cache_read=5, output=7, reasoning=2, source="upstream")
    written = LogRow(
        id=identifier, time_ms=row(1)["time_ms"], method="POST", path="/v1/messages", dialect="anthropic", status=200, ttl=2_000_000_000,
        caller=Caller(key_id="key_1", key_name="One"), model="m", provider="p", usage=usage, cost=Cost(77, "priced"),
        first_byte_ms=12.34, total_ms=99.9,
    )  # fmt: skip
    finished = read_record(record(to_item(written), 1))
    assert finished is not None
    counters = {name: amount for name, amount in finished.adds.items() if name[1:].isdigit() is False}
    assert counters == {
        "requests": 1,
        "status_2xx": 1,
        "fresh_tokens": 10,
        "cache_read_tokens": 5,
        "output_tokens": 7,
        "reasoning_tokens": 2,
        "input_tokens": 15,
        "cost_nano": 77,
    }
    assert len(finished.adds) == len(counters) + 2
    assert (finished.id, finished.key_name) == (identifier, "One")
    assert [pair for pair in finished.dimensions if pair[1]] == [
        ("key", "key_1"), ("model", "m"), ("provider", "p"), ("cell", "key_1||||m|p|"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"status": 399}, 0),
        ({"status": 400}, 1),
        ({"status": 200, "error": "upstream_cut"}, 1),
        ({"status": 500, "error": "x"}, 1),
        ({"status": 200, "error": ""}, 0),
    ],
)
def test_what_is_an_error(changes: dict[str, Any], errors: int) -> None:
    finished = read_record(record(row(1, **changes), 1))
    assert finished is not None
    assert finished.adds.get("errors", 0) == errors


def test_a_refused_request_with_nothing_but_a_status_counts() -> None:
    bare = {"id": "req_x", "time_ms": row(1)["time_ms"], "status": 401, "state": "done"}
    finished = read_record(record(bare, 1))
    assert finished is not None
    assert finished.adds == {"requests": 1, "errors": 1, "status_4xx": 1}
    assert {value for name, value in finished.dimensions if name != "cell"} == {""}


def test_what_was_asked_for_counts_only_where_it_led_to_a_model() -> None:
    known, unknown = (read_record(record(row(1, requested_model="smart", model=model), 1)) for model in ("m", None))
    assert known is not None
    assert unknown is not None
    assert parts(dict(known.dimensions)["cell"])["requested_model"] == "smart"
    assert parts(dict(unknown.dimensions)["cell"])["requested_model"] == ""


@pytest.mark.parametrize("attempts", ["{", "5", '["x"]', '[{"cost_nano": -1}]', '[{"cost_nano": 1.5}]', "[" * 100_000])
def test_attempts_that_cannot_be_read_are_refused(attempts: str) -> None:
    with pytest.raises(BadRecord):
        read_record(record(row(1, attempts=attempts), 1))


def test_the_input_is_summed_where_the_row_does_not_say_it() -> None:
    finished = read_record(record(row(1, input_tokens=None), 1))
    assert finished is not None
    assert finished.adds["input_tokens"] == 20


def test_unpriced_is_counted_and_costs_nothing() -> None:
    finished = read_record(record(row(1, cost_nano=None, cost_state="unpriced"), 1))
    assert finished is not None
    assert (finished.adds["unpriced"], finished.adds.get("cost_nano")) == (1, None)


@pytest.mark.parametrize(
    "silent",
    [
        record(row(1, state="running"), 1),
        {"eventName": "REMOVE", "dynamodb": {"SequenceNumber": "1", "Keys": {}}},
    ],
)
def test_records_of_no_finished_request_are_passed_over(silent: dict[str, Any]) -> None:
    assert read_record(silent) is None


def _with(**attributes: Any) -> dict[str, Any]:
    return {"eventName": "INSERT", "dynamodb": {"SequenceNumber": "1", "NewImage": {**image(row(1)), **attributes}}}


POISON = [
    None,
    "text",
    {},
    {"eventName": "INSERT"},
    {"eventName": "INSERT", "dynamodb": None},
    {"eventName": "MODIFY", "dynamodb": {"SequenceNumber": "1"}},
    {"eventName": "INSERT", "dynamodb": {"NewImage": "garbage"}},
    {"eventName": "INSERT", "dynamodb": {"NewImage": {}}},
    record(row(1, id=None), 1),
    record(row(1, id="x" * 257), 1),
    record(row(1, state=None), 1),
    record(row(1, time_ms=None), 1),
    record(row(1, time_ms=0), 1),
    record(row(1, time_ms=9_999_999_999_999), 1),
    record(row(1, time_ms=row(1)["time_ms"] + 0.5), 1),
    record(row(1, status=None), 1),
    record(row(1, status=-1), 1),
    record(row(1, output_tokens=-1), 1),
    record(row(1, output_tokens=1.5), 1),
    record(row(1, cost_nano=10**18 + 1), 1),
    _with(id={"N": "1"}),
    _with(id={"S": 7}),
    _with(id={"S": "\ud800"}),
    _with(id="plain"),
    _with(id={"S": "a", "N": "1"}),
    _with(time_ms={"S": "now"}),
    _with(status={"N": "abc"}),
    _with(status={"N": "NaN"}),
    _with(status={"N": 200}),
    _with(total_ms={"N": "Infinity"}),
    _with(total_ms={"N": "1e400"}),
    _with(total_ms={"N": "9" * 100}),
    _with(first_byte_ms={"N": "-0.1"}),
    _with(model={"L": []}),
    _with(key_id={"X": "?"}),
]


@pytest.mark.parametrize("poison", POISON)
def test_what_cannot_be_counted_is_refused(poison: Any) -> None:
    with pytest.raises(BadRecord):
        read_record(poison)


def test_the_refusal_does_not_show_the_value() -> None:
    with pytest.raises(BadRecord) as caught:
        read_record(_with(status={"N": "secret-looking"}))
    assert "secret" not in str(caught.value)


def test_attributes_the_fold_does_not_need_may_be_anything() -> None:
    assert read_record(_with(losses={"B": "AAAA"}, novelty={"M": {}}, team_id={"NULL": True})) is not None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from([*row(1), "error", "x"])


@PATIENT
@given(
    st.dictionaries(
        NAMES, st.dictionaries(st.sampled_from(["S", "N", "BOOL", "NULL", "B", "?"]), JSON, max_size=2) | JSON
    )
)
def test_no_image_raises_anything_else(attributes: dict[str, Any]) -> None:
    with contextlib.suppress(BadRecord):
        read_record(_with(**attributes))


def test_keys_of_the_playground_are_one() -> None:
    """Each lives for an hour: among others they would fill every list."""
    found = [read_record(record(row(n, key_id=f"play_{n}", key_name=f"Playground of {n}"), n)) for n in range(2)]
    for one in found:
        assert one is not None
        assert dict(one.dimensions)["key"] == "playground"
        assert parts(dict(one.dimensions)["cell"])["key"] == "playground"
        assert (dict(one.dimensions)["user"], one.key_name) == ("user_1", "Playground")

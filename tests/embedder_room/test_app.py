"""The offline embedder: real vectors of real texts, and events that are none."""

from __future__ import annotations

import json
import math
import struct
from pathlib import Path
from typing import Any

import pytest
from infra.scripts.build_embedder import MEMBERS, missing

from embedder.app import DATA, Table, Unreadable, embed, handler


def vector(text: str) -> list[float]:
    found: list[float] = embed({"texts": [text]})["vectors"][0]
    return found


def like(one: str, other: str) -> float:
    return math.fsum(a * b for a, b in zip(vector(one), vector(other), strict=True))


def test_what_means_the_same_lies_closer_than_what_does_not() -> None:
    asked = "how do i reset my password"
    assert like(asked, "how can i reset the password") > 0.9
    assert like(asked, "what is the best recipe for bread") < 0.3


def test_a_vector_has_length_one_whatever_the_text() -> None:
    texts = ["a", " ", "你好", "\x00", "😀", "word " * 700, "é" * 4_000]
    answer = embed({"texts": texts})
    assert answer["dimensions"] == 256
    assert [len(one) for one in answer["vectors"]] == [256] * len(texts)
    assert [math.hypot(*one) for one in answer["vectors"]] == pytest.approx([1.0] * len(texts))


def test_it_answers_in_json_and_the_same_each_time() -> None:
    event = {"texts": ["one", "two"]}
    assert json.loads(json.dumps(handler(event, None))) == handler(event, None)
    assert handler(event, None)["vectors"][0] == vector("one")


@pytest.mark.parametrize(
    "texts",
    [None, "one", [], ["a"] * 17, [""], [1], ["fine", "x" * 4_001]],
)
def test_a_strange_event_is_refused_and_not_repeated(texts: Any) -> None:
    with pytest.raises(Unreadable) as caught:
        embed({"texts": texts})
    assert "xxx" not in str(caught.value)


def test_only_sixteen_bit_floats_are_read(tmp_path: Path) -> None:
    header = json.dumps({"one": {"dtype": "F32", "shape": [1, 1], "data_offsets": [0, 4]}}).encode()
    file = tmp_path / "vectors.safetensors"
    file.write_bytes(struct.pack("<Q", len(header)) + header + struct.pack("<f", 1.0))
    with pytest.raises(ValueError, match="F32"):
        Table(file)


def test_opposite_tokens_have_no_direction(tmp_path: Path) -> None:
    header = json.dumps({"one": {"dtype": "F16", "shape": [2, 2], "data_offsets": [0, 8]}}).encode()
    file = tmp_path / "vectors.safetensors"
    file.write_bytes(struct.pack("<Q", len(header)) + header + struct.pack("<4e", 3, 4, -3, -4))
    table = Table(file)
    assert table.mean([0]) == [0.6, 0.8]
    assert table.mean([0, 1]) is None
    assert table.mean([]) is None


def test_the_files_are_those_whose_hashes_are_written_down() -> None:
    assert missing() == []
    about = json.loads((DATA / "PROVENANCE.json").read_text("utf-8"))
    assert about["licence"].startswith("MIT")
    assert {name: digest for name, (_, digest) in about["members"].items()} == {
        name: digest for name, (_, digest) in MEMBERS.items()
    }

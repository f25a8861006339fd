"""The table for people says what the ledger says."""

from __future__ import annotations

from tests.wire.matrix import ledger, table


def test_the_table_is_current() -> None:
    """If not: `python -m tests.wire.matrix.ledger`."""
    assert ledger.TABLE.read_text("utf-8") == table.render(ledger.kept())


def test_a_loss_and_a_refusal_stand_in_their_cells() -> None:
    entry = {"losses": ["n: dropped: why", "stop[0]: approximated: because"]}
    refused = {"refused": "unsupported_by_provider n: 'n' cannot be carried to this model's provider: it is one."}
    found = table.render(
        {"requests": {"a > b": {"case": entry}, "a > c": {"case": refused}}, "answers": {}, "streams": {}}
    )
    assert "| case | dropped `n`; approximated `stop[0]` | **refused**: it is one |" in found

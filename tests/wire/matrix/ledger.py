"""What is expected to be lost between two dialects, case by case. Rewrite it for review with `python -m tests.wire.matrix.ledger`.

`ledger.json` holds `{"requests" | "answers" | "streams": {"<from> > <to>": {"<case>": entry}}}`; a case without an entry passes whole. Of an
entry, `losses` is what the encoder reported, `changes` how the meaning differs when the target's own reader reads the result (see
`statements`), `silent` those changes that no loss speaks of, and `refused` the error instead. The same command rewrites
`functions/gateway/wire/LOSSES.md`, the table for people.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

FILE: Final = Path(__file__).with_name("ledger.json")
TABLE: Final = Path(__file__).parents[3] / "functions" / "gateway" / "wire" / "LOSSES.md"
Ledger = dict[str, dict[str, dict[str, dict[str, Any]]]]


def entries(judge: Callable[[str, str, str], Any], first: str, second: str, cases: Iterable[str]) -> dict[str, Any]:
    """The cases of one pair that do not pass whole."""
    found = {case: judge(first, second, case).entry() for case in cases}
    return {case: entry for case, entry in found.items() if entry}


def requests(client: str, upstream: str) -> dict[str, Any]:
    from tests.wire.matrix import pairs

    return entries(pairs.ask, client, upstream, pairs.QUESTIONS[client])


def answers(dialect: str, client: str) -> dict[str, Any]:
    from tests.wire.matrix import pairs

    return entries(pairs.answer, dialect, client, pairs.answers(dialect))


def streams(dialect: str, client: str) -> dict[str, Any]:
    from tests.wire.matrix import pairs

    return entries(pairs.answer_stream, dialect, client, pairs.answers(dialect))


def name(first: str, second: str) -> str:
    return f"{first} > {second}"


def now() -> Ledger:
    """What the codecs do today."""
    from tests.wire.matrix import pairs

    return {
        "requests": {name(*pair): requests(*pair) for pair in pairs.ASKING},
        "answers": {name(*pair): answers(*pair) for pair in pairs.ANSWERING},
        "streams": {name(*pair): streams(*pair) for pair in pairs.ANSWERING},
    }


def kept() -> Ledger:
    """What was reviewed."""
    found: Ledger = json.loads(FILE.read_text("utf-8"))
    return found


def written(ledger: Ledger) -> str:
    """As JSON with one line for each case, so that a diff is read case by case."""
    lines = ["{"]
    for kind, pairs in ledger.items():
        lines.append(f" {json.dumps(kind)}: {{")
        for pair, cases in pairs.items():
            lines.append(f"  {json.dumps(pair)}: {{")
            rows = [f"   {json.dumps(case)}: {json.dumps(entry, ensure_ascii=False)}" for case, entry in cases.items()]
            lines += [",\n".join(rows)] if rows else []
            lines.append("  }," if pair != list(pairs)[-1] else "  }")
        lines.append(" }," if kind != list(ledger)[-1] else " }")
    return "\n".join([*lines, "}", ""])


if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parents[3] / "functions")]
    from tests.wire.matrix import table

    FILE.write_text(written(now()), "utf-8")
    TABLE.write_text(table.render(kept()), "utf-8")

"""The ledger of requests as a table for people."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

HEAD: Final = """# What translation loses

Generated from `tests/wire/matrix/ledger.json` by `python -m tests.wire.matrix.ledger`; do not edit. A test fails when it is not current.

Each table shows one dialect of clients; its columns are the dialects of upstreams. A cell says what becomes of a field that the client sent:
**dropped** (not sent), **approximated** (sent in the nearest form), **defaulted** (the upstream demands a value; the client gave none), **refused**
(400, the request is not sent). An empty cell: it arrives as it was. What happens depends on the model, too: each column stands for a typical one.
Requests learn their losses from the header `x-gateway-losses`.
"""
ANSWERS: Final = """
## Answers

What a client's dialect has no form for in an answer, by the upstream's dialect. Unknown members of an answer are dropped in every pair.
"""


def render(ledger: dict[str, dict[str, dict[str, dict[str, Any]]]]) -> str:
    """The whole document."""
    clients: dict[str, dict[str, dict[str, dict[str, Any]]]] = {}
    for pair, cases in ledger["requests"].items():
        client, _, upstream = pair.partition(" > ")
        clients.setdefault(client, {})[upstream] = cases
    return HEAD + "".join(_table(client, found) for client, found in clients.items()) + _answers(ledger)


def _table(client: str, found: dict[str, dict[str, dict[str, Any]]]) -> str:
    always = {upstream: _always(cases) for upstream, cases in found.items()}
    cells = {
        case: [_cell(found[one].get(case, {}), always[one]) for one in found]
        for case in sorted({case for cases in found.values() for case in cases})
    }
    lines = [f"\n## Clients of {client}\n"]
    lines += [
        f"For {one}, whatever is asked: {'; '.join(_words(loss) for loss in losses)}.\n"
        for one, losses in always.items()
        if losses
    ]
    lines += [_row("case", *found), _row(*["---"] * (len(found) + 1))]
    lines += [_row(case.replace("_", " "), *row) for case, row in cells.items() if any(row)]
    return "\n".join([*lines, ""])


def _always(cases: dict[str, dict[str, Any]]) -> list[str]:
    """Values that the upstream demands in most cases: said once, above the table."""
    counts = Counter(loss for entry in cases.values() for loss in entry.get("losses", []) if ": defaulted: " in loss)
    return [loss for loss, count in counts.items() if count > len(cases) / 2]


def _row(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"


def _cell(entry: dict[str, Any], always: list[str]) -> str:
    if "refused" in entry:
        return f"**refused**: {_plain(entry['refused'].partition(': ')[2])}"
    return "; ".join(dict.fromkeys(_words(one) for one in entry.get("losses", []) if one not in always))


def _words(loss: str) -> str:
    field, action, _ = loss.split(": ", 2)
    return f"{action} `{field}`"


def _plain(text: str) -> str:
    reason = text.partition("model's provider: ")[2] or text
    return reason.rstrip(".").replace("|", "\\|").replace("`", "'")


def _answers(ledger: dict[str, dict[str, dict[str, dict[str, Any]]]]) -> str:
    lines = [ANSWERS, _row("from", "to", "lost or approximated"), _row("---", "---", "---")]
    for pair, cases in ledger["answers"].items():
        dialect, _, client = pair.partition(" > ")
        both = [*cases.values(), *ledger["streams"].get(pair, {}).values()]
        losses = dict.fromkeys(one for entry in both for one in entry.get("losses", []) if "dialect alone" not in one)
        found = dict.fromkeys(
            f"{action} `{field}`: {reason}" for field, action, reason in (one.split(": ", 2) for one in losses)
        )
        lines.append(_row(dialect, client, "; ".join(found).replace("|", "\\|")))
    return "\n".join([*lines, ""])

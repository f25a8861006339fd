"""Write the admin API's OpenAPI document, from which the dashboard's types are generated.

python -m infra.scripts.export_openapi            writes admin_ui/openapi.json
python -m infra.scripts.export_openapi --check    exit 1 when that file is stale
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from infra.openapi.describe import described

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "admin_ui" / "openapi.json"
EXAMPLES = ROOT / "infra" / "openapi" / "examples.json"


def data() -> dict[str, Any]:
    """The document, anew."""
    sys.path.insert(0, str(ROOT / "functions"))
    from gateway.admin.api import assemble

    examples = json.loads(EXAMPLES.read_text(encoding="utf-8")) if EXAMPLES.exists() else {}
    return described(assemble().openapi(), examples)


def document() -> str:
    """The document as text: sorted keys, two spaces, a final newline."""
    return json.dumps(data(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    """Write or check; returns the exit status."""
    text = document()
    if "--check" in arguments:
        fresh = TARGET.exists() and TARGET.read_text(encoding="utf-8") == text
        if not fresh:
            print(f"{TARGET.relative_to(ROOT)} is stale: run python -m infra.scripts.export_openapi", file=sys.stderr)
        return 0 if fresh else 1
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

"""Prints, as JSON, the CloudFormation that the SAM template on standard input (JSON) becomes. Runs in .venv-sam, with sam's own translator.

Parameters are left as references: what is printed is what CloudFormation would get, before it fills them in.
"""

from __future__ import annotations

import json
import os
import sys
from types import SimpleNamespace


def main() -> None:
    """Standard input to standard output; a template that SAM refuses ends with its errors and exit 1."""
    os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
    from samtranslator.model.exceptions import InvalidDocumentException  # type: ignore[import-not-found]
    from samtranslator.translator.transform import transform  # type: ignore[import-not-found]

    try:
        # No managed policies are named in the template, so none are looked up.
        result = transform(json.load(sys.stdin), {}, SimpleNamespace(load=dict))
    except InvalidDocumentException as error:
        sys.exit("\n".join(cause.message for cause in error.causes))
    json.dump(result, sys.stdout, sort_keys=True)


if __name__ == "__main__":
    main()

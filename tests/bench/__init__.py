"""`python -m tests.bench`; makes the functions importable, as pytest's settings do for tests."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "functions"))

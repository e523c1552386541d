"""Where things lie: the checkout, the samples in it, and what lies beside it and may be absent."""

from pathlib import Path

TESTS = Path(__file__).resolve().parent
SAMPLES = TESTS / "samples"
ROOT = TESTS.parent
SHARED = ROOT.parent / "shared"
REAL = SHARED / "data" / "real"

"""Brings an existing function app under the template: what `make adopt` does step by step."""

import sys
from pathlib import Path

# The validator reads the app. Its package is not installed in the environment of the template.
sys.path.append(str(Path(__file__).resolve().parents[2] / "src"))

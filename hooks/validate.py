"""Check any Azure Functions app of the v2 programming model: python hooks/validate.py PROJECT

Runs functions_validator from src/. The libraries that it needs are those in validate.pyz, unless they are installed.
"""

import sys

if sys.version_info < (3, 10):
    message = "The validator needs Python 3.10 or above, and this is Python %d.%d.\n"
    sys.stderr.write(message % sys.version_info[:2])
    sys.exit(2)

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
sys.path.append(str(ROOT / "template" / "project" / "tools" / "validate.pyz"))

from functions_validator.__main__ import run

if __name__ == "__main__":
    run()

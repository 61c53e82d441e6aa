"""Judge any Azure Functions app of the v2 programming model: python hooks/validate.py PROJECT

Runs the validator that generated apps have in tools/validate.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "template" / "project"))

from tools.validate.__main__ import main

if __name__ == "__main__":
    sys.exit(main())

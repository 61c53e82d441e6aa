"""python -m functions_validator [PROJECT]"""

import sys

from .cli import main

if __name__ == "__main__":
    sys.exit(main())

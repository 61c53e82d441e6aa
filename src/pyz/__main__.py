"""Start functions-validator from validate.pyz. Any Python can read this file, to say if it is too old."""

import sys

if sys.version_info < (3, 10):
    message = "validate.pyz needs Python 3.10 or above, and this is Python %d.%d.\n"
    sys.stderr.write(message % sys.version_info[:2])
    sys.exit(2)

from launcher import main

main()

"""Entry point of `python -m edirect`."""

import sys

from edirect.cli import main

sys.exit(main())

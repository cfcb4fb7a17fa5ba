"""python -m rivals"""

import sys

from rivals.cli import main

sys.exit(main())

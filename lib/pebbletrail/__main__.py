"""``python -m pebbletrail`` is the ``pebbletrail`` command."""

import sys

from pebbletrail.cli import main

sys.exit(main())

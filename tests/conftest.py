"""One thread for every test and for the processes that tests start: tests time nothing, and bits stay the same."""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

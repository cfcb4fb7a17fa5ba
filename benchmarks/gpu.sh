#!/usr/bin/env bash
# The checks that want a GPU: the tests that wait for one, speed, and what tables measure there alone.
# Run from a checkout: RIVALS_DATA=... benchmarks/gpu.sh [tests|speed|tables]...  (all of them by default; some hours)
# PYTHON names the interpreter (.venv/bin/python). Each table keeps a part as it is finished, and goes on from there.
set -uo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-.venv/bin/python}
export OMP_NUM_THREADS=${OMP_NUM_THREADS:-1}

tests() { "$python" -m pytest -q -W default tests/gpu; }

speed() { "$python" -m rivals bench step --device cuda; }

tables() {
  "$python" -m rivals bench likelihood --one pixelcnn-on-a-gpu-0
  "$python" -m rivals bench likelihood --one iwae-1-layer-k-50-on-a-gpu-0
  "$python" -m rivals bench losses --device cuda --jobs 8
  "$python" -m rivals bench robustness --device cuda --jobs 8
  "$python" -m rivals bench inversion --device cuda --jobs 3
  "$python" -m rivals bench infogan --device cuda --jobs 2
  "$python" -m rivals bench anime --full --seeds 1 --device cuda --jobs 2
}

failed=0
[ $# -gt 0 ] || set -- tests speed tables
for check in "$@"; do
  "$check" || failed=1
done
exit "$failed"

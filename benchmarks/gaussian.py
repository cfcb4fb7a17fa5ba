"""Precision, recall, density and coverage of two samples of one Gaussian, beside the figures of prdc's authors.

Run: python benchmarks/gaussian.py --seeds 4
"""

import argparse
import time

import numpy as np
import torch
from table import Row, write_table

from rivals.metrics import density_coverage, precision_recall

SOURCE = "2002.09797, clovaai/prdc"
TAKES = "2 minutes of a core"
SIZE, WIDTH, K = 10_000, 1000, 5
PAPER = {"precision": 0.4772, "recall": 0.4705, "density": 1.0555, "coverage": 0.9735}
PROTOCOL = (
    "10,000 real against 10,000 generated samples, both of N(0, I) in 1000 dimensions, k = 5, in float32. The published"
    " figures are of one draw whose seed is unknown. In so many dimensions density depends on which of the two samples "
    "happens to lie nearer to the centre, so those figures are to lie among ours. {core:.0f} s of a core a seed."
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=4)
    given = parser.parse_args()
    torch.set_num_threads(1)
    begun, core = time.monotonic(), time.process_time()
    found = [measured(seed) for seed in range(given.seeds)]
    rows = [Row("N(0, I)", name, [each[name] for each in found], paper=paper) for name, paper in PAPER.items()]
    protocol = PROTOCOL.format(core=(time.process_time() - core) / given.seeds)
    write_table("gaussian", rows, source=SOURCE, protocol=protocol, seconds=time.monotonic() - begun)


def measured(seed: int) -> dict[str, float]:
    """The four scores of a fresh pair of samples."""
    real, fake = np.random.default_rng(seed).standard_normal((2, SIZE, WIDTH), dtype=np.float32)
    return vars(precision_recall(real, fake, K)) | vars(density_coverage(real, fake, K))


if __name__ == "__main__":
    main()

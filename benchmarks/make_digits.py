"""Makes rivals/data/digits.npz from the handwritten digits that scikit-learn bundles.

The digits are those of the UCI repository ("Optical Recognition of Handwritten Digits", E. Alpaydin and
C. Kaynak, 1998), which gives them under CC BY 4.0; scikit-learn, which carries the copy, is under the
BSD 3-clause licence.

Run: python benchmarks/make_digits.py
"""

from pathlib import Path
from typing import Any

import numpy as np
from sklearn.datasets import load_digits

LICENCE = (
    "Optical Recognition of Handwritten Digits, E. Alpaydin and C. Kaynak, UCI Machine Learning Repository, "
    "1998, doi 10.24432/C50P49, CC BY 4.0; taken from scikit-learn (BSD 3-clause), 0..16 scaled to 0..255."
)


def main() -> None:
    digits: Any = load_digits()
    images = np.rint(digits.images * (255 / 16)).astype(np.uint8)  # (1797, 8, 8)
    target = Path(__file__).parent.parent / "rivals" / "data" / "digits.npz"
    np.savez_compressed(target, images=images, labels=digits.target.astype(np.uint8), licence=np.array(LICENCE))
    print(f"{target}: {len(images)} pictures, {target.stat().st_size} bytes")


if __name__ == "__main__":
    main()

"""How badly a condition is recognised from what a network says of a sample: pure functions of logits (n, k)."""

from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy


def wrong_label(logits: Tensor, label: Tensor) -> Tensor:
    """-E log P(class = label), of one class among k; label (n,)."""
    return cross_entropy(logits, label)


def wrong_tags(logits: Tensor, tags: Tensor) -> Tensor:
    """-E log P(tags), of k tags that apply or not, each for itself; tags (n, k), 0 or 1."""
    return binary_cross_entropy_with_logits(logits, tags, reduction="none").sum(1).mean()

"""Noise on the labels real and fake."""

import torch
from torch import Tensor


def mislabelled(real: Tensor, share: float) -> Tensor:
    """Which of the real samples (n, ...) are passed off as fake, about `share` of them: (n,) bool.

    Draws from torch's global generator. Raises ValueError if the share lies outside [0, 1].
    """
    if not 0 <= share <= 1:
        raise ValueError(f"the share of swapped labels must lie in [0, 1], got {share}")
    return torch.rand(len(real), device=real.device) < share


def swap_labels(real: Tensor, fake: Tensor, swapped: Tensor) -> tuple[Tensor, Tensor]:
    """Passes some logits (n,) of real samples off as those of fakes, and those of the fakes beside them as real.

    Occasional flipped labels keep the discriminator from certainty (github.com/soumith/ganhacks, no. 6). Of `swapped`
    (n or more,) the first count: a discriminator of packs says less than there are samples.

    Raises ValueError if the two batches differ in shape.
    """
    if real.shape != fake.shape:
        raise ValueError(f"swapping needs equal batches, got {tuple(real.shape)} real and {tuple(fake.shape)} fake")
    some = swapped[: len(real)]
    return torch.where(some, fake, real), torch.where(some, real, fake)

"""Noise on the labels real and fake."""

import torch
from torch import Tensor


def swap_labels(real: Tensor, fake: Tensor, share: float) -> tuple[Tensor, Tensor]:
    """Passes about `share` of the real samples (n, ...) off as fake and the fakes beside them as real.

    Occasional flipped labels keep the discriminator from certainty (github.com/soumith/ganhacks, no. 6).
    Samples or logits, before the discriminator's loss; draws from torch's global generator.

    Raises ValueError if the two batches differ in shape or the share lies outside [0, 1].
    """
    if real.shape != fake.shape:
        raise ValueError(f"swapping needs equal batches, got {tuple(real.shape)} real and {tuple(fake.shape)} fake")
    if not 0 <= share <= 1:
        raise ValueError(f"the share of swapped labels must lie in [0, 1], got {share}")
    swapped = (torch.rand(len(real), device=real.device) < share).view(-1, *[1] * (real.dim() - 1))
    return torch.where(swapped, fake, real), torch.where(swapped, real, fake)

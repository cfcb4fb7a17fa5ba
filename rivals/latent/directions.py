"""Directions in a latent space along which pictures change in one way: told by labels, or found without."""

import torch
from torch import Tensor


def attribute(codes: Tensor, has: Tensor) -> Tensor:
    """The mean code with an attribute minus the mean code without: (n, latent) and (n,) bool -> (latent,).

    Once along it leads from the middle of those without to the middle of those with (1511.06434, sec. 6.3.2;
    1512.09300, sec. 4.2). Raises ValueError where nobody has it, or everybody.
    """
    if not 0 < int(has.sum()) < len(has):
        raise ValueError(f"an attribute needs pictures with it and without; {int(has.sum())} of {len(has)} have it")
    return codes[has].mean(0) - codes[~has].mean(0)


def closed_form(weight: Tensor) -> Tensor:
    """SeFa (2007.06600, eq. 5): the eigenvectors of A^T A, A (outputs, latent) the first layer's weight.

    (k, latent), of length 1, those first that the layer stretches most.
    """
    return signed(torch.linalg.svd(weight, full_matrices=False).Vh)


def principal(codes: Tensor, activations: Tensor, count: int) -> Tensor:
    """GANSpace (2004.02546, eq. 2): where the first layer's activations vary most, led back to codes by regression.

    Codes (n, latent) and their activations (n, d) -> (count, latent) of length 1, the largest variance first.
    Raises ValueError for too few codes.
    """
    if len(codes) <= count:
        raise ValueError(f"{count} components need more than {len(codes)} codes")
    left = torch.linalg.svd(activations - activations.mean(0), full_matrices=False).U[:, :count]
    led_back = left.T @ (codes - codes.mean(0))  # least squares: the coordinates of components are orthogonal
    return signed(torch.nn.functional.normalize(led_back, dim=1))


def signed(directions: Tensor) -> Tensor:
    """Each (k, latent) turned so that its largest number is positive: a decomposition leaves the sign open."""
    largest = directions.gather(1, directions.abs().argmax(1, keepdim=True))
    return directions * largest.sign()

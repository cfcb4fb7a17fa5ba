"""Distances between a sample and what came back of it."""

from torch import Tensor


def absolute_error(sample: Tensor, returned: Tensor) -> Tensor:
    """Mean absolute difference over all elements, of any shape."""
    return (returned - sample).abs().mean()


def squared_error(sample: Tensor, returned: Tensor) -> Tensor:
    """Mean squared difference over all elements, of any shape."""
    return (returned - sample).square().mean()


def cycle_consistency(*, x: Tensor, cycled_x: Tensor, y: Tensor, cycled_y: Tensor) -> Tensor:
    """|F(G(x)) - x| + |G(F(y)) - y| (Zhu et al. 2017, 1703.10593, eq. 2).

    Differs from the paper's norm: mean over elements rather than sum, so that the weight does not depend on size.
    """
    return absolute_error(x, cycled_x) + absolute_error(y, cycled_y)


def identity_mapping(*, x: Tensor, kept_x: Tensor, y: Tensor, kept_y: Tensor) -> Tensor:
    """|F(x) - x| + |G(y) - y|: a translator leaves alone what is already in its own set (1703.10593, sec. 5.2)."""
    return absolute_error(x, kept_x) + absolute_error(y, kept_y)

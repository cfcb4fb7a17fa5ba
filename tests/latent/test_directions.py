"""Directions, against closed forms."""

import pytest
import torch

from rivals.latent import walks
from rivals.latent.directions import attribute, closed_form, principal, signed


def test_an_attribute_of_shifted_codes_is_the_shift() -> None:
    base, shift = walks.random(20_000, 4, 0), torch.tensor([2.0, 0.0, -1.0, 0.5])
    has = torch.arange(20_000) % 4 == 0
    assert torch.allclose(attribute(base + has[:, None] * shift, has), shift, atol=0.06)


def test_an_attribute_by_hand() -> None:
    codes = torch.tensor([[1.0, 0.0], [3.0, 2.0], [0.0, 4.0]])
    assert attribute(codes, torch.tensor([True, True, False])).tolist() == [2, -3]


@pytest.mark.parametrize("who", [True, False])
def test_an_attribute_needs_both_kinds(who: bool) -> None:
    with pytest.raises(ValueError, match="with it and without; [02] of 2 have it"):
        attribute(torch.zeros(2, 3), torch.full((2,), who))


def test_sefa_is_the_svd_of_the_first_weight() -> None:
    stretched = torch.diag(torch.tensor([1.0, 5.0, 3.0])) @ torch.linalg.qr(walks.random(3, 3, 1)).Q
    directions = closed_form(torch.cat([stretched, torch.zeros(4, 3)]))
    values, vectors = torch.linalg.eigh(stretched.T @ stretched)
    assert torch.allclose(values.flip(0), torch.tensor([25.0, 9.0, 1.0]), atol=1e-4)
    assert torch.allclose(directions, signed(vectors.T.flip(0)), atol=1e-5)
    assert torch.allclose((stretched @ directions.T).norm(dim=0), torch.tensor([5.0, 3.0, 1.0]), atol=1e-4)


def test_components_of_a_linear_layer_are_its_singular_vectors() -> None:
    """With Gaussian codes the covariance of A z is A A^T, and regression leads its axes back to A's right vectors."""
    a = torch.diag(torch.tensor([4.0, 2.0, 1.0])) @ torch.linalg.qr(walks.random(3, 3, 2)).Q
    codes = walks.random(20_000, 3, 3)
    found = principal(codes, codes @ a.T + 7, 3)
    assert (found * closed_form(a)).sum(1).min() > 0.99
    with pytest.raises(ValueError, match="3 components need more than 3 codes"):
        principal(codes[:3], codes[:3], 3)


def test_the_largest_number_of_a_direction_is_positive() -> None:
    assert signed(torch.tensor([[1.0, -3.0], [-1.0, 2.0]])).tolist() == [[-1, 3], [-1, 2]]


def test_one_with_an_attribute_is_enough_and_a_layer_has_no_more_directions_than_outputs() -> None:
    codes = torch.tensor([[5.0, 1.0], [1.0, 3.0], [3.0, 3.0]])
    assert attribute(codes, torch.tensor([True, False, False])).tolist() == [3, -2]
    assert closed_form(torch.tensor([[0.0, -3.0, 4.0]])).tolist() == [pytest.approx([0, -0.6, 0.8])]

"""Inversion of generators whose codes are known."""

import pytest
import torch
from torch import Tensor

from rivals.latent import walks
from rivals.latent.descent import Descent
from rivals.latent.invert import by_descent, featured, pixel_error, timed, within

LATENT, SHAPE = 4, (1, 4, 4)
WEIGHT = walks.random(16, LATENT, 0)
DESCENT = Descent(400, 0.3)


def linear(codes: Tensor) -> Tensor:
    """G(z) = W z as pictures (n, 1, 4, 4)."""
    return (codes @ WEIGHT.T).unflatten(1, SHAPE)


def curved(codes: Tensor) -> Tensor:
    return torch.tanh(linear(codes))


def starts(restarts: int, n: int, seed: int = 2) -> Tensor:
    return walks.random(restarts * n, LATENT, seed).view(restarts, n, LATENT)


def test_a_linear_generator_is_inverted_as_least_squares_has_it() -> None:
    pictures = walks.random(3, 16, 1).unflatten(1, SHAPE)
    codes = by_descent(linear, pictures, starts(1, 3), DESCENT)
    exact = torch.linalg.lstsq(WEIGHT, pictures.flatten(1).T).solution.T
    assert torch.allclose(codes, exact, atol=1e-3)


def test_a_pull_gives_ridge_regression() -> None:
    pictures, pull = walks.random(3, 16, 1).unflatten(1, SHAPE), 0.5
    codes = by_descent(linear, pictures, starts(1, 3), DESCENT, pull=pull)
    normal = WEIGHT.T @ WEIGHT / 16 + pull / LATENT * torch.eye(LATENT)
    exact = torch.linalg.solve(normal, WEIGHT.T @ pictures.flatten(1).T / 16).T
    assert torch.allclose(codes, exact, atol=1e-3)


def test_a_sample_is_found_again() -> None:
    z = walks.random(5, LATENT, 3)
    found = timed(lambda: by_descent(curved, curved(z), starts(4, 5), DESCENT), curved, curved(z))
    assert found.error.max() < 1e-4
    assert torch.equal(found.made, curved(found.codes)) and found.seconds > 0


def test_of_several_starts_the_best_is_kept_picture_by_picture() -> None:
    pictures = curved(walks.random(6, LATENT, 3))
    short = Descent(10, 0.1)
    every = torch.stack([by_descent(curved, pictures, start[None], short) for start in starts(3, 6)])
    errors = torch.stack([pixel_error(curved(codes), pictures) for codes in every])
    best = by_descent(curved, pictures, starts(3, 6), short)
    assert torch.equal(pixel_error(curved(best), pictures), errors.amin(0))
    assert len(set(errors.argmin(0).tolist())) > 1


def test_more_pictures_than_descend_at_once_give_the_same() -> None:
    pictures = curved(walks.random(150, LATENT, 3))
    codes = by_descent(curved, pictures, starts(2, 150), Descent(5, 0.1))
    some = by_descent(curved, pictures[140:], starts(2, 150)[:, 140:], Descent(5, 0.1))
    assert torch.allclose(codes[140:], some, atol=1e-5)


def test_the_mean_square_of_pixels() -> None:
    made, pictures = torch.ones(2, 1, 2, 2), torch.tensor([1.0, -1.0]).view(2, 1, 1, 1).expand(2, 1, 2, 2)
    assert pixel_error(made, pictures).tolist() == [0, 4]


def test_only_what_is_known_counts() -> None:
    where = torch.tensor([[[1.0, 1.0], [0.0, 0.0]]])
    made = torch.tensor([[[[3.0, 1.0], [9.0, 9.0]]]])
    assert within(where)(made, torch.zeros(1, 1, 2, 2)).item() == pytest.approx((9 + 1) / 2)


def test_features_count_as_a_share_of_the_pictures_own() -> None:
    made, pictures = torch.full((1, 1, 1, 2), 3.0), torch.full((1, 1, 1, 2), 2.0)
    distance = featured(lambda x: 10 * x.flatten(1), weight=0.5)
    assert distance(made, pictures).item() == pytest.approx(1 + 0.5 * (1 / 4))

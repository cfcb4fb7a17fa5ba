"""Codes of walks, by exact values."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from rivals.latent import walks


def test_random_is_a_function_of_the_seed() -> None:
    assert torch.equal(walks.random(5, 3, 1), walks.random(5, 3, 1))
    assert not torch.equal(walks.random(5, 3, 1), walks.random(5, 3, 2))
    assert walks.random(4000, 4, 0).std().item() == pytest.approx(1, abs=0.03)


def test_lerp_is_a_straight_line() -> None:
    codes = walks.lerp(torch.tensor([0.0, 2.0]), torch.tensor([4.0, 0.0]), 5)
    assert codes.tolist() == [[0, 2], [1, 1.5], [2, 1], [3, 0.5], [4, 0]]


def test_slerp_of_a_right_angle() -> None:
    codes = walks.slerp(torch.tensor([1.0, 0.0]), torch.tensor([0.0, 1.0]), 4)
    angles = [0, math.pi / 6, math.pi / 3, math.pi / 2]
    torch.testing.assert_close(codes, torch.tensor([[math.cos(a), math.sin(a)] for a in angles]))


@given(st.integers(0, 10_000), st.integers(2, 64), st.integers(2, 12))
def test_slerp_keeps_norms_and_ends(seed: int, latent: int, steps: int) -> None:
    a, b = walks.random(2, latent, seed)
    b = b / b.norm() * a.norm()
    codes = walks.slerp(a, b, steps)
    torch.testing.assert_close(codes[0], a, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(codes[-1], b, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(codes.norm(dim=1), a.norm().expand(steps), atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("b", [[2.0, 4.0], [-1.0, -2.0], [0.0, 0.0]])
def test_slerp_without_a_circle_is_lerp(b: list[float]) -> None:
    a, b = torch.tensor([1.0, 2.0]), torch.tensor(b)
    assert torch.equal(walks.slerp(a, b, 3), walks.lerp(a, b, 3))


def test_sweep_moves_one_dimension() -> None:
    codes = walks.sweep(torch.tensor([1.0, 2.0, 3.0]), 1, -4, 4, 3)
    assert codes.tolist() == [[1, -4, 3], [1, 0, 3], [1, 4, 3]]


def test_constant_and_spike() -> None:
    assert walks.constant(0.3, 2).tolist() == [[pytest.approx(0.3)] * 2]
    assert walks.spike(3, 2, -50).tolist() == [[0, 0, -50]]


@pytest.mark.parametrize("dimension", [-1, 3])
def test_a_dimension_that_is_not_there_is_named(dimension: int) -> None:
    with pytest.raises(ValueError, match="dimensions 0 to 2"):
        walks.spike(3, dimension)
    with pytest.raises(ValueError, match="dimensions 0 to 2"):
        walks.sweep(torch.zeros(3), dimension, 0, 1, 2)

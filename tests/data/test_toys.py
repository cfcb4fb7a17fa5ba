from pathlib import Path

import numpy as np
import pytest
import torch

from rivals.data.bad import DataError
from rivals.data.load import load
from rivals.data.toys import MAKERS, Points, line, toy


def whole(points: Points) -> np.ndarray:
    index = torch.arange(len(points))
    return points.restore(points.batch(index, index)["point"])


@pytest.mark.parametrize("name", MAKERS)
def test_toys_are_standardised_and_a_function_of_the_seed(name: str) -> None:
    first, again, other = (toy(name, size=5000, seed=seed) for seed in (0, 0, 1))
    index = torch.arange(5000)
    points = first.batch(index, index)["point"]
    assert points.mean(0).abs().max() < 1e-5
    assert points.square().mean().sqrt().item() == pytest.approx(1.0, abs=1e-5)
    assert torch.equal(points, again.points) and first.index_sha256 == again.index_sha256
    assert first.index_sha256 != other.index_sha256
    assert first.spec["point"].shape == points.shape[1:]


@pytest.mark.parametrize(
    ("name", "modes", "sd"), [("ring", 8, 0.01), ("grid", 25, 0.05), ("two-gaussians", 2, 0.3), ("mixture", 3, 0.3)]
)
def test_mixtures_have_their_modes_width_and_weights(name: str, modes: int, sd: float) -> None:
    source = toy(name, size=20_000)
    points, centres = whole(source), source.centres
    assert centres is not None and source.sd == sd and len(centres) == modes
    nearest = np.linalg.norm(points[:, None] - centres[None], axis=2).argmin(1)
    assert np.abs(np.bincount(nearest) / 20_000 - 1 / modes).max() < 0.02
    assert (points - centres[nearest]).std() == pytest.approx(sd, rel=0.02)


def test_ring_is_of_radius_one_and_the_grid_two_apart() -> None:
    assert np.allclose(np.linalg.norm(toy("ring", size=10).centres, axis=1), 1)
    assert sorted(set(toy("grid", size=10).centres.ravel())) == [-4, -2, 0, 2, 4]


def test_uneven_weights() -> None:
    points = whole(toy("uneven", size=20_000))[:, 0]
    shares = [np.mean(np.abs(points - centre) < 2) for centre in (-4, 0, 4)]
    assert shares == pytest.approx([0.7, 0.2, 0.1], abs=0.01)


def test_two_lines_have_no_point_in_common() -> None:
    real = whole(toy("two-lines", size=1000))
    fake = line(3.0, 1000, np.random.default_rng(0))
    assert np.abs(real[:, 0]).max() < 1e-6 and (fake[:, 0] == 3).all()
    assert fake[:, 1].min() >= 0 and fake[:, 1].max() <= 1 and real[:, 1].std() == pytest.approx(12**-0.5, rel=0.05)


def test_the_test_split_is_another_sample_on_the_same_scale() -> None:
    train, test = toy("moons", size=1000), toy("moons", size=1000, split="test")
    assert train.scale == test.scale and np.array_equal(train.mean, test.mean)
    assert not torch.equal(train.points, test.points)


def test_points_from_an_npz(tmp_path: Path) -> None:
    points = np.random.default_rng(0).normal(3, 2, (50, 4)).astype(np.float32)
    np.savez(tmp_path / "mine.npz", points=points)
    assert np.allclose(whole(load(tmp_path / "mine.npz")), points, atol=1e-5)  # type: ignore[arg-type]


def test_points_must_be_finite() -> None:
    with pytest.raises(DataError, match="finite"):
        Points(np.array([[1.0, np.nan]]))
    with pytest.raises(DataError, match=r"found \(3,\)"):
        Points(np.zeros(3))


def test_equal_points_have_scale_one() -> None:
    assert Points(np.full((4, 2), 7.0)).scale == 1.0


def test_unknown_toy() -> None:
    with pytest.raises(DataError, match="no toy is called 'rnig'"):
        toy("rnig")

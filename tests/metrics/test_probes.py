"""Probes against scikit-learn's, and matching by hand."""

import numpy as np
import pytest
import torch

from rivals.metrics import linear_class, matched, nearest_class
from rivals.metrics.probes import Probe


def clouds(n: int, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Three overlapping clouds in five dimensions of unlike scale."""
    draw = torch.Generator().manual_seed(seed)
    labels = torch.randint(0, 3, (n,), generator=draw)
    centres = torch.tensor([[0.0, 0, 0, 0, 0], [2, 0, 0, 0, 0], [0, 2, 0, 0, 0]])
    return (centres[labels] + torch.randn(n, 5, generator=draw)) * torch.tensor([1.0, 10, 1, 1, 100]), labels


def test_the_nearest_decides_as_scikit_learn_has_it() -> None:
    from sklearn.neighbors import KNeighborsClassifier

    (x, y), (other, _) = clouds(1200, 0), clouds(700, 1)  # more than one block
    theirs = KNeighborsClassifier(1).fit(x, y).predict(other)
    assert np.array_equal(nearest_class(x, y, other), theirs)


def test_the_linear_probe_agrees_with_scikit_learn() -> None:
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    (x, y), (other, truth) = clouds(1200, 0), clouds(700, 1)
    scaler = StandardScaler().fit(x)
    model = LogisticRegression(C=1 / (2 * 1e-4 * len(x)), max_iter=1000).fit(scaler.transform(x), y)
    ours = linear_class(x, y, other)
    assert (ours.numpy() == model.predict(scaler.transform(other))).mean() > 0.995
    assert (ours == truth).float().mean() > 0.75  # which scales from 1 to 100 do not hinder


def test_a_feature_that_never_changes_harms_no_probe() -> None:
    (x, y), (other, truth) = clouds(300, 0), clouds(300, 1)
    x, other = (torch.cat([each, torch.ones(300, 1)], 1) for each in (x, other))
    assert (linear_class(x, y, other) == truth).float().mean() > 0.75


def test_codes_are_matched_to_classes_once_each() -> None:
    codes = np.array([2, 2, 2, 0, 0, 1, 1, 1, 1, 1])
    labels = np.array([0, 0, 0, 1, 1, 1, 1, 1, 2, 2])  # code 1 is mostly class 1, but code 0 has nothing else
    of, share = matched(codes, labels)
    assert of == {2: 0, 0: 1, 1: 2}
    assert share == pytest.approx((3 + 2 + 2) / 10)


def test_codes_by_any_other_name_match_wholly() -> None:
    labels = np.arange(100) % 10
    assert matched((labels + 3) % 10, labels)[1] == 1
    assert matched(np.zeros(100, np.int64), labels)[1] == pytest.approx(0.1)


def test_a_linear_probe_reads_features_of_any_scale() -> None:
    draws = torch.Generator().manual_seed(0)
    x = torch.randn(400, 2, generator=draws) * torch.tensor([1e-4, 1e4])
    y = (x[:, 0] > 0).long()
    assert (linear_class(x[:300], y[:300], x[300:]) == y[300:]).float().mean() > 0.95


def test_arrays_do_as_well_as_tensors() -> None:
    (x, y), (other, _) = clouds(200, 0), clouds(50, 1)
    for probe in (nearest_class, linear_class):
        assert torch.equal(probe(x.numpy(), y.int().numpy(), other.double().numpy()), probe(x, y, other))


@pytest.mark.parametrize("probe", [nearest_class, linear_class])
def test_what_a_probe_cannot_learn_from_is_named(probe: Probe) -> None:
    (x, y), (other, _) = clouds(20, 0), clouds(5, 1)
    with pytest.raises(ValueError, match="labels must be 20 whole numbers from 0, one a sample; found"):
        probe(x, y[:-1], other)
    with pytest.raises(ValueError, match="labels must be 20 whole numbers"):
        probe(x, y - 1, other)
    with pytest.raises(ValueError, match="features has 5, others 4"):
        probe(x, y, other[:, 1:])
    with pytest.raises(ValueError, match="others: features must be finite"):
        probe(x, y, other / 0)
    with pytest.raises(ValueError, match="one sample teaches nothing"):
        probe(x[:1], y[:1], other)


def test_codes_below_zero_match_nothing() -> None:
    with pytest.raises(ValueError, match="whole numbers from 0"):
        matched(np.array([-1, 0]), np.array([0, 1]))


@pytest.mark.parametrize(("before", "after"), [(0.1, 0.2), (123.4, 124.0), (0.0, 1.0)])
def test_a_constant_that_changes_later_harms_no_probe(before: float, after: float) -> None:
    x = torch.randn(300, 3, generator=torch.Generator().manual_seed(0))
    y = (x[:, 0] > 0).long()
    known, asked = (torch.cat([x, torch.full((300, 1), value)], 1) for value in (before, after))
    assert (linear_class(known, y, asked) == y).float().mean() > 0.97


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_neighbours_are_right_far_from_the_origin(dtype: torch.dtype) -> None:
    draws = torch.Generator().manual_seed(0)
    x = torch.randn(200, 5, generator=draws, dtype=dtype)
    near = x + 0.01 * torch.randn(200, 5, generator=draws, dtype=dtype)
    assert torch.equal(nearest_class(x + 1000, torch.arange(200), near + 1000), torch.arange(200))

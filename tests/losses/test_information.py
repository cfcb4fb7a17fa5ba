import math

import pytest
import torch

from rivals.losses.information import category_information, paired_information, uniform_information

JOINT = torch.tensor([[0.20, 0.05], [0.10, 0.15], [0.05, 0.45]], dtype=torch.float64)
"""P(x, c) of three samples x and two codes c; not uniform in c."""
CHANNEL = JOINT / JOINT.sum(0)
"""P(x | c): what a generator does to a code."""


def mutual_information(joint: torch.Tensor) -> float:
    return float((joint * (joint / (joint.sum(0) * joint.sum(1, keepdim=True))).log()).sum())


def bound_of(q: torch.Tensor) -> float:
    """The loss on a batch that holds every pair (x, c) as often as it occurs when c is uniform: in twentieths."""
    joint = CHANNEL / 2
    pairs = [(x, c) for x in range(3) for c in range(2) for _ in range(round(float(joint[x, c]) * 9100))]
    logits = torch.stack([q[x].log() for x, _ in pairs])
    category = torch.nn.functional.one_hot(torch.tensor([c for _, c in pairs]), 2)
    return category_information(logits=logits, category=category).item()


def test_the_bound_of_the_posterior_is_the_mutual_information() -> None:
    joint = CHANNEL / 2
    posterior = joint / joint.sum(1, keepdim=True)
    assert bound_of(posterior) == pytest.approx(mutual_information(joint), abs=1e-4)


@pytest.mark.parametrize("shift", [0.02, -0.1, 0.1])
def test_every_other_reading_is_below(shift: float) -> None:
    joint = CHANNEL / 2
    q = joint / joint.sum(1, keepdim=True)
    q = q + torch.tensor([shift, -shift])
    q = q / q.sum(1, keepdim=True)
    assert bound_of(q) < mutual_information(joint)


def test_category_information_by_hand() -> None:
    logits = torch.tensor([[math.log(3.0), 0.0], [0.0, 0.0]])
    category = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    by_hand = (math.log(3 / 4) + math.log(1 / 2)) / 2 + math.log(2)
    assert category_information(logits=logits, category=category).item() == pytest.approx(by_hand)


def test_a_category_that_is_told_surely_is_known_wholly_and_nothing_overflows() -> None:
    category = torch.eye(4)
    assert category_information(logits=50 * category, category=category).item() == pytest.approx(math.log(4))
    assert category_information(logits=-50 * category, category=category).item() == pytest.approx(
        -50 - math.log(3) + math.log(4), rel=1e-4
    )


def test_uniform_information_by_hand() -> None:
    mean, log_sd = (torch.tensor([row], dtype=torch.float64) for row in ([0.5, 0.0], [0.0, math.log(0.5)]))
    code = torch.tensor([[1.0, 0.25]], dtype=torch.float64)
    constant = 0.5 * math.log(2 * math.pi)
    by_hand = (-0.5 * 0.25 - constant) + (-0.5 * 0.25 + math.log(2) - constant) + 2 * math.log(2)
    assert uniform_information(mean=mean, log_sd=log_sd, code=code).item() == pytest.approx(by_hand)


def test_uniform_information_stays_below_that_of_the_channel() -> None:
    """x = c + noise uniform in [-h, h], read as N(x, sd^2): below I(c; x), which is 1/2 for h = 1 in nats."""
    draw = torch.Generator().manual_seed(0)
    c, noise = (torch.rand(200_000, 1, generator=draw, dtype=torch.float64) * 2 - 1 for _ in range(2))
    exact = 0.5  # h(x) - h(noise): a triangle on [-2, 2] has 1/2 + log 2, the noise log 2
    bounds = [
        uniform_information(mean=w * (c + noise), log_sd=torch.full_like(c, math.log(sd)), code=c).item()
        for w in (0.3, 0.5, 0.8)
        for sd in (0.3, 0.41, 0.6, 1.0)
    ]
    assert 0 < max(bounds) < exact


def test_a_better_reading_is_worth_more() -> None:
    mean = torch.tensor([[0.0]], requires_grad=True)
    told = uniform_information(mean=mean, log_sd=torch.zeros(1, 1), code=torch.tensor([[0.7]]))
    (slope,) = torch.autograd.grad(told, mean)
    assert slope.item() == pytest.approx(0.7)  # that of half the squared error


def test_paired_information_is_that_of_the_joint_distribution() -> None:
    """Samples in twentieths, each sure of its category and its copy's: P(c, c') is `joint`, made even."""
    joint = torch.tensor([[0.4, 0.1], [0.2, 0.3]], dtype=torch.float64)
    pairs = [(a, b) for a in range(2) for b in range(2) for _ in range(round(float(joint[a, b]) * 20))]
    first, second = (
        1e3 * torch.nn.functional.one_hot(torch.tensor(each), 2).double() for each in zip(*pairs, strict=True)
    )
    found = paired_information(logits=first, others=second).item()
    assert found == pytest.approx(mutual_information((joint + joint.T) / 2))
    assert found == pytest.approx(paired_information(logits=second, others=first).item())


def test_paired_information_is_log_k_for_sure_and_even_categories_and_none_where_all_are_one() -> None:
    even = 50 * torch.eye(5).repeat(3, 1)
    assert paired_information(logits=even, others=even).item() == pytest.approx(math.log(5), rel=1e-5)
    one = even * 0 + torch.tensor([50.0, 0, 0, 0, 0])
    assert paired_information(logits=one, others=one).item() == pytest.approx(0, abs=1e-6)
    unsure = torch.zeros(15, 5, requires_grad=True)
    told = paired_information(logits=unsure, others=even)
    assert told.item() == pytest.approx(0, abs=1e-6)
    (slope,) = torch.autograd.grad(told, unsure)
    assert slope.isfinite().all()

"""Priors, instance noise, label noise, LeCam's averages, BEGAN's equilibrium."""

import pytest
import torch
from torch import nn
from torch.optim import SGD

from rivals.parts.equilibrium import Equilibrium
from rivals.parts.instance_noise import InstanceNoise
from rivals.parts.labels import mislabelled, swap_labels
from rivals.parts.lecam import LeCam
from rivals.parts.priors import gaussian, uniform
from rivals.play import Player


def test_priors_have_their_moments_and_follow_the_global_seed():
    torch.manual_seed(0)
    normal, flat = gaussian(64)(1000), uniform(64)(1000)
    assert normal.shape == flat.shape == (1000, 64)
    assert abs(normal.std() - 1) < 0.02
    assert abs(flat.std() - 3**-0.5) < 0.01
    assert flat.abs().max() <= 1
    torch.manual_seed(0)
    assert torch.equal(gaussian(64)(1000), normal)
    assert gaussian(64) == gaussian(64)


def test_instance_noise_falls_linearly_to_nothing():
    torch.manual_seed(0)
    noise, x = InstanceNoise(sigma=2.0, steps=4), torch.zeros(100, 1000)
    network = nn.Sequential(noise, nn.Linear(1000, 1))
    player = Player(network, SGD(network.parameters(), 0.01))
    deviations: list[float] = []
    for _ in range(6):
        deviations.append(noise(x).std().item())
        player.descend(lambda: (player(x).square().mean() + player(x).mean(), {}))  # two passes, one step
    assert deviations == pytest.approx([2.0, 1.5, 1.0, 0.5, 0.0, 0.0], abs=0.02)


def test_instance_noise_rests_in_evaluation_and_resumes():
    noise, x = InstanceNoise(steps=4), torch.ones(3, 2)
    noise.grow_older()
    assert torch.equal(noise.eval()(x), x)
    twin = InstanceNoise(steps=4)
    twin.load_state_dict(noise.state_dict())
    torch.manual_seed(1)
    y = noise.train()(x)
    torch.manual_seed(1)
    assert torch.equal(twin(x), y)
    with pytest.raises(ValueError, match="steps at least 1, got 0.1 and 0"):
        InstanceNoise(steps=0)


def test_a_share_of_labels_is_swapped_in_pairs():
    torch.manual_seed(0)
    swapped = mislabelled(torch.ones(10_000, 2), 0.1)
    real, fake = swap_labels(torch.ones(10_000), torch.zeros(10_000), swapped)
    assert torch.equal(real + fake, torch.ones(10_000)) and torch.equal(fake, swapped.float())
    assert abs(real.mean() - 0.9) < 0.01
    real, fake = swap_labels(torch.ones(4), torch.zeros(4), mislabelled(torch.ones(8), 1.0))  # of packs of two
    assert (real.sum(), fake.sum()) == (0, 4)
    with pytest.raises(ValueError, match="equal batches"):
        swap_labels(torch.ones(4), torch.ones(3), swapped)
    with pytest.raises(ValueError, match="got 2"):
        mislabelled(torch.ones(4), 2)


def test_lecam_by_hand():
    lecam = LeCam(decay=0.5)
    lecam.update(real=torch.tensor([1.0, 3.0]), fake=torch.tensor([-2.0]))
    assert (lecam.real.item(), lecam.fake.item()) == (1.0, -1.0)
    penalty = lecam.penalty(real=torch.tensor([1.0, 0.0]), fake=torch.tensor([3.0]))
    assert penalty.item() == (4 + 1) / 2 + 4
    twin = LeCam(decay=0.5)
    twin.load_state_dict(lecam.state_dict())
    for part in (lecam, twin):
        part.update(real=torch.tensor([2.0]), fake=torch.tensor([0.0]))
    assert twin.real.item() == lecam.real.item() == 1.5


def test_averages_of_bf16_logits_are_taken_in_full_precision():
    logits, twice = (torch.tensor([1.0, 2.0, 4.0]) * scale for scale in (1, 2))
    lecam, equilibrium = LeCam(decay=0.5), Equilibrium(balance=0.5)
    lecam.update(real=logits.bfloat16(), fake=twice.bfloat16())
    assert (lecam.real.item(), lecam.fake.item()) == pytest.approx((7 / 6, 7 / 3), rel=1e-6)
    measure = equilibrium.update(real=logits.bfloat16(), fake=twice.bfloat16())
    assert measure.item() == pytest.approx(7 / 3 + abs(7 / 6 - 14 / 3), rel=1e-6)


def test_lecam_remembers_no_graph():
    lecam, logits = LeCam(), torch.ones(4, requires_grad=True)
    lecam.update(real=logits, fake=logits * 2)
    assert not lecam.real.requires_grad
    lecam.penalty(real=logits, fake=logits).backward()
    expected = 2 * (1 - 0.02) / 4 + 2 * (1 - 0.01) / 4
    assert logits.grad[0].item() == pytest.approx(expected, abs=1e-6)


def test_equilibrium_by_hand():
    equilibrium = Equilibrium(balance=0.5, rate=0.1)
    measure = equilibrium.update(real=torch.tensor([3.0, 5.0]), fake=torch.tensor([1.0]))
    assert equilibrium.k.item() == pytest.approx(0.1 * (0.5 * 4 - 1))
    assert measure.item() == 4 + 1
    equilibrium.update(real=torch.tensor(100.0), fake=torch.tensor(0.0))
    assert equilibrium.k.item() == 1.0
    assert equilibrium.update(real=torch.tensor(0.0), fake=torch.tensor(40.0)).item() == 40.0
    assert equilibrium.k.item() == 0.0
    with pytest.raises(ValueError, match="got 1.5"):
        Equilibrium(balance=1.5)

from copy import deepcopy

import pytest
import torch
from torch import nn

from rivals.networks.spectral import spectral
from rivals.parts.average import MovingAverage


def test_the_average_follows_the_closed_form_after_warming_up():
    network = nn.Linear(1, 1, bias=False)
    nn.init.zeros_(network.weight)
    average = MovingAverage(network, half_life=2.0, warmup=100.0)
    nn.init.ones_(network.weight)
    for step in range(1, 7):
        average.update()
        assert average.network.weight.item() == pytest.approx(1 - 0.5 ** (step / 2), abs=1e-6)


def test_early_on_the_half_life_is_a_share_of_the_steps():
    network = nn.Linear(1, 1, bias=False)
    nn.init.zeros_(network.weight)
    average, expected = MovingAverage(network, half_life=10.0, warmup=0.5), 0.0
    for step in range(1, 40):
        nn.init.constant_(network.weight, float(step))
        average.update()
        kept = 0.5 ** (1 / min(10.0, 0.5 * step))
        expected = kept * expected + (1 - kept) * step
        assert average.network.weight.item() == pytest.approx(expected, rel=1e-5)


def test_buffers_follow_too_and_counters_are_copied():
    network = nn.BatchNorm1d(1)
    average = MovingAverage(network, half_life=1.0, warmup=1.0)
    network.running_mean.fill_(4.0)
    network.num_batches_tracked.fill_(9)
    average.update()
    assert average.network.running_mean.item() == 2.0
    assert average.network.num_batches_tracked.item() == 9


def test_the_average_needs_no_gradient_and_leaves_the_network_alone():
    network = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))
    before = deepcopy(network.state_dict())
    average = MovingAverage(network)
    average.update()
    assert not any(p.requires_grad for p in average.network.parameters())
    assert not average.network.training
    assert network.training
    assert all(p.requires_grad for p in network.parameters())
    assert all(torch.equal(before[key], value) for key, value in network.state_dict().items())


def test_it_resumes_bit_by_bit():
    torch.manual_seed(0)
    network = nn.Linear(3, 3)
    whole = MovingAverage(network, half_life=5.0)
    for _ in range(4):
        nn.init.normal_(network.weight)
        whole.update()
    resumed = MovingAverage(network, half_life=5.0)
    resumed.load_state_dict(whole.state_dict())
    for _ in range(4):
        nn.init.normal_(network.weight)
        whole.update()
        resumed.update()
    assert torch.equal(whole.network.weight, resumed.network.weight)


def test_a_half_life_of_zero_is_refused():
    with pytest.raises(ValueError, match="above zero, got 0 and"):
        MovingAverage(nn.Linear(1, 1), half_life=0)


def test_spectral_normalisation_of_averaged_weights_is_that_of_the_average():
    torch.manual_seed(0)
    network = spectral(nn.Sequential(nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 8)))
    average = MovingAverage(network, half_life=50.0)
    optimizer = torch.optim.Adam(network.parameters(), 1e-2)
    for _ in range(300):
        x = torch.randn(32, 8)
        (network(x) - x.roll(1, 1)).square().mean().backward()
        optimizer.step()
        optimizer.zero_grad()
        average.update()
    for layer in (average.network[0], average.network[2]):
        assert torch.linalg.matrix_norm(layer.weight, 2).item() == pytest.approx(1, abs=0.1)  # as the network itself

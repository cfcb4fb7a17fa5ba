"""Packing, ensembles, minibatch statistics, spectral normalisation, views, precision."""

from copy import deepcopy

import pytest
import torch
from torch import nn

from rivals.networks.dcgan import DCGANDiscriminator, DCGANGenerator
from rivals.networks.ensemble import Ensemble
from rivals.networks.minibatch import MinibatchStd
from rivals.networks.mlp import MLPDiscriminator, MLPGenerator
from rivals.networks.packing import Packed
from rivals.networks.precision import autocast
from rivals.networks.spectral import spectral
from rivals.networks.view import Seen
from rivals.parts.average import MovingAverage


class Negative(nn.Module):
    def forward(self, x):
        return -x


def largest(weight):
    return torch.linalg.matrix_norm(weight.detach().flatten(1), 2)


def test_packing_joins_consecutive_points():
    inner = MLPDiscriminator((6,))
    x = torch.randn(12, 2)
    torch.testing.assert_close(Packed(inner, 3)(x), inner(x.reshape(4, 6)))


def test_packing_joins_consecutive_pictures_along_channels():
    inner = DCGANDiscriminator((6, 8, 8), 4, norm="none")
    x = torch.randn(4, 3, 8, 8)
    by_hand = inner(torch.stack([torch.cat([x[0], x[1]]), torch.cat([x[2], x[3]])]))
    torch.testing.assert_close(Packed(inner, 2)(x), by_hand)


def test_packing_refuses_a_batch_that_it_cannot_cut():
    with pytest.raises(ValueError, match="a batch of 10 cannot be cut into packs of 4"):
        Packed(MLPDiscriminator((8,)), 4)(torch.randn(10, 2))


def test_an_ensemble_gives_each_member_its_share_in_turn():
    members = [MLPGenerator(3, (2,)) for _ in range(3)]
    z = torch.randn(8, 3)
    samples = Ensemble(members)(z)
    for i in range(8):
        torch.testing.assert_close(samples[i : i + 1], members[i % 3](z[i : i + 1]))
    assert Ensemble(members)(z[:2]).shape == (2, 2)


def test_the_halves_of_a_batch_meet_the_same_members_as_the_whole():
    ensemble, z = Ensemble([MLPGenerator(3, (2,)) for _ in range(2)]), torch.randn(8, 3)
    torch.testing.assert_close(torch.cat([ensemble(z[:4]), ensemble(z[4:])]), ensemble(z))
    with pytest.raises(ValueError, match="at least one"):
        Ensemble([])


def test_minibatch_deviation_in_closed_form():
    x = torch.tensor([[0.0, 1.0], [2.0, 5.0], [7.0, 7.0], [7.0, 7.0]])
    y = MinibatchStd(group=2)(x)
    assert torch.equal(y[:, :2], x)
    # mean of sd 1 and 2; sqrt of epsilon
    torch.testing.assert_close(y[:, 2], torch.tensor([1.5, 1.5, 1e-4, 1e-4]))


def test_minibatch_deviation_of_pictures_is_one_flat_channel_and_knows_only_its_group():
    x = torch.randn(8, 3, 4, 4)
    y = MinibatchStd(group=4)(x)
    expected = x[:4].std(0, correction=0).mean()
    assert y.shape == (8, 4, 4, 4)
    torch.testing.assert_close(y[:4, 3], expected.expand(4, 4, 4), rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(torch.cat([MinibatchStd()(x[:4]), MinibatchStd()(x[4:])]), y)
    torch.testing.assert_close(MinibatchStd(group=4)(x[:6]), MinibatchStd(group=3)(x[:6]))


def test_spectral_normalisation_brings_the_largest_singular_value_to_one():
    torch.manual_seed(0)
    network = spectral(nn.Sequential(nn.Conv2d(3, 8, 3), nn.ConvTranspose2d(8, 5, 4), nn.Flatten(), nn.Linear(80, 7)))
    x = torch.randn(2, 3, 3, 3)
    for _ in range(50):
        network(x)
    network.eval()
    assert abs(largest(network[0].weight) - 1) < 1e-3
    assert abs(largest(network[1].weight.transpose(0, 1)) - 1) < 1e-3
    assert abs(largest(network[3].weight) - 1) < 1e-3


def test_spectral_normalisation_iterates_in_training_only_and_resumes():
    torch.manual_seed(0)
    network = spectral(MLPDiscriminator((2,), 8))
    x = torch.randn(4, 2)
    twin = deepcopy(network)
    twin.load_state_dict(network.state_dict())
    assert torch.equal(network(x), twin(x))
    network.eval()
    before = deepcopy(network.state_dict())
    network(x)
    assert all(torch.equal(before[key], value) for key, value in network.state_dict().items())


def test_a_view_changes_what_is_seen_in_training_only():
    inner = MLPDiscriminator((2,))
    seen, x = Seen(inner, Negative()), torch.randn(4, 2)
    assert torch.equal(seen(x), inner(-x))
    assert torch.equal(seen.eval()(x), inner(x))


@pytest.mark.parametrize("precision", [torch.bfloat16, torch.float32])
def test_precision_keeps_names_and_returns_float32(precision):
    torch.manual_seed(0)
    plain, z = DCGANGenerator(8, (3, 16, 16), 8).eval(), torch.randn(4, 8)
    expected, names = plain(z), list(plain.state_dict())
    network = autocast(plain, precision)
    samples = network(z)
    assert samples.dtype == torch.float32
    assert list(network.state_dict()) == names
    assert torch.equal(samples, expected) == (precision == torch.float32)
    torch.testing.assert_close(samples, expected, rtol=0.1, atol=0.05)


def test_a_copy_of_a_network_in_bf16_runs_its_own_weights():
    network = autocast(MLPGenerator(3, (2,)))
    average = MovingAverage(network)
    with torch.no_grad():
        for p in average.network.parameters():
            p.zero_()
    z = torch.randn(4, 3)
    assert average.network(z).abs().sum() == 0
    assert network(z).abs().sum() > 0


def test_a_penalty_passes_through_bf16():
    torch.manual_seed(0)
    network, x = spectral(DCGANDiscriminator((1, 16, 16), 8, norm="none")), torch.randn(4, 1, 16, 16)

    def penalty():
        slope = torch.func.grad(lambda x: network(x).sum())(x)
        return slope.square().sum((1, 2, 3)).mean()

    network.eval()
    exact = penalty()
    autocast(network)
    rough = penalty()
    rough.backward()
    assert rough.dtype == torch.float32
    torch.testing.assert_close(rough, exact, rtol=0.1, atol=0)
    assert all(p.grad.abs().sum() > 0 for name, p in network.named_parameters() if "original" in name)

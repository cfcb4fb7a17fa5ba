import pytest
import torch
from torch import nn

from rivals.networks.joint import flat_joint
from rivals.networks.mlp import Maxout, MLPDiscriminator, MLPGenerator, mlp


def test_maxout_takes_the_largest_of_its_pieces():
    layer = Maxout(2, 1, pieces=3)
    with torch.no_grad():
        layer.linear.weight.copy_(torch.tensor([[1.0, 0.0], [-1.0, 0.0], [0.0, 2.0]]))
        layer.linear.bias.copy_(torch.tensor([0.0, 0.0, -1.0]))
    assert layer(torch.tensor([[3.0, 0.0], [-2.0, 0.0], [0.0, 5.0]])).tolist() == [[3.0], [2.0], [9.0]]


def test_pacgan_networks_have_their_published_sizes():
    discriminator = MLPDiscriminator((4,), 200, 3, "maxout")
    shapes = [tuple(p.shape) for p in discriminator.parameters() if p.dim() == 2]
    assert shapes == [(1000, 4), (1000, 200), (1000, 200), (1, 200)]
    generator = MLPGenerator(2, (2,), width=400, norm="batch")
    assert [tuple(p.shape) for p in generator.parameters() if p.dim() == 2] == [
        (400, 2),
        (400, 400),
        (2, 400),
    ]


@pytest.mark.parametrize("norm", ["none", "batch", "layer"])
@pytest.mark.parametrize("activation", ["relu", "leaky", "tanh", "elu", "maxout"])
def test_points_go_through_every_activation_and_norm_with_variance_near_one(activation, norm):
    torch.manual_seed(0)
    network = mlp([32, 256, 256, 256, 16], activation, norm)
    assert 0.3 < network(torch.randn(256, 32)).std() < 3


@pytest.mark.parametrize("shape", [(2,), (1,), (1, 8, 8), (3, 5, 7)], ids=str)
def test_points_and_pictures_of_any_shape(shape):
    torch.manual_seed(0)
    samples = MLPGenerator(5, shape)(torch.randn(16, 5))
    assert samples.shape == (16, *shape)
    if len(shape) > 1:
        assert samples.abs().max() <= 1
    assert MLPDiscriminator(shape)(samples).shape == (16,)


def test_dropout_follows_every_hidden_layer():
    network = MLPDiscriminator((2,), 8, depth=3, dropout=0.5)
    assert sum(isinstance(layer, nn.Dropout) for layer in network.modules()) == 3


def test_gradients_reach_every_parameter():
    network = MLPDiscriminator((2,), 8, 3, "maxout")
    network(torch.randn(64, 2)).sum().backward()
    assert all(p.grad.abs().sum() > 0 for p in network.parameters())


@pytest.mark.parametrize("norm", ["none", "batch", "layer"])
def test_a_discriminator_sees_what_all_samples_of_a_batch_have_in_common(norm):
    torch.manual_seed(0)
    x, code = torch.randn(64, 6), torch.randn(64, 3)
    shifted = x + torch.tensor([0.0, 2.0, 0.0, 0.0, 0.0, 0.0])
    alone, joint = MLPDiscriminator((6,), 32, 2, norm=norm), flat_joint((6,), 3, 32, 2, norm)
    assert (alone(x) - alone(shifted)).abs().mean() > 0.05
    assert (joint(x, code) - joint(shifted, code)).abs().mean() > 0.05

import pytest
import torch
from torch import nn

from rivals.networks.dcgan import DCGANDiscriminator
from rivals.networks.tapped import Tapped


@pytest.mark.parametrize(("hidden", "features"), [(1, 8 * 16 * 16), (2, 16 * 8 * 8), (0, 32 * 4 * 4), (3, 32 * 4 * 4)])
def test_a_tap_gives_a_hidden_layer_and_leaves_the_logits_alone(hidden: int, features: int) -> None:
    torch.manual_seed(0)
    network, x = DCGANDiscriminator((3, 32, 32), 8, "none"), torch.randn(4, 3, 32, 32)
    seen, logits = Tapped(network.layers, hidden)(x)
    assert seen.shape == (4, features)
    torch.testing.assert_close(logits, network(x))
    torch.testing.assert_close(seen.mean(1), torch.zeros(4), atol=1e-5, rtol=0)
    torch.testing.assert_close(seen.var(1, correction=0), torch.ones(4), atol=1e-2, rtol=0)


def test_a_layer_that_shrinks_is_seen_the_same() -> None:
    torch.manual_seed(0)
    layers, x = nn.Sequential(nn.Linear(3, 16), nn.LeakyReLU(0.2), nn.Linear(16, 1)), torch.randn(5, 3)
    before = Tapped(layers, 1)(x)[0]
    for p in layers[0].parameters():
        p.data *= 0.1
    torch.testing.assert_close(Tapped(layers, 1)(x)[0], before, atol=0.02, rtol=0.02)


def test_there_is_no_fourth_layer() -> None:
    with pytest.raises(ValueError, match="this discriminator has hidden layers 1 to 3; found 4"):
        Tapped(DCGANDiscriminator((3, 32, 32), 8).layers, 4)

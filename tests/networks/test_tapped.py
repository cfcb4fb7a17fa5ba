import pytest
import torch

from rivals.networks.dcgan import DCGANDiscriminator
from rivals.networks.tapped import Tapped


@pytest.mark.parametrize(("hidden", "features"), [(1, 8 * 16 * 16), (2, 16 * 8 * 8), (0, 32 * 4 * 4), (3, 32 * 4 * 4)])
def test_a_tap_gives_a_hidden_layer_and_leaves_the_logits_alone(hidden: int, features: int) -> None:
    torch.manual_seed(0)
    network, x = DCGANDiscriminator((3, 32, 32), 8, "none"), torch.randn(4, 3, 32, 32)
    seen, logits = Tapped(network.layers, hidden)(x)
    assert seen.shape == (4, features)
    torch.testing.assert_close(logits, network(x))
    torch.testing.assert_close(seen, network.layers[: 2 * (hidden or 3)](x).flatten(1))


def test_there_is_no_fourth_layer() -> None:
    with pytest.raises(ValueError, match="this discriminator has hidden layers 1 to 3; found 4"):
        Tapped(DCGANDiscriminator((3, 32, 32), 8).layers, 4)

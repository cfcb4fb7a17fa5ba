import pytest
import torch

from rivals.networks.autoencoder import PictureAutoencoder, PointAutoencoder


@pytest.mark.parametrize("shape", [(1, 8, 8), (3, 32, 32), (4, 64, 64), (1, 256, 256)], ids=str)
def test_pictures_come_back_in_range_through_a_code(shape):
    torch.manual_seed(0)
    network, x = PictureAutoencoder(shape, width=8, code=12), torch.randn(4, *shape).clamp(-1, 1)
    code = network.encode(x)
    assert code.shape == (4, 12)
    assert 0.1 < code.std() < 5
    assert network(x).shape == x.shape
    assert network(x).abs().max() <= 1
    assert torch.equal(network.decode(code), network(x))
    free = PictureAutoencoder(shape, width=8, code=12, bounded=False)
    free.load_state_dict(network.state_dict())
    torch.testing.assert_close(free(3 * x).tanh(), network(3 * x))


@pytest.mark.parametrize("shape", [(2,), (1, 8, 8)], ids=str)
def test_points_come_back_through_a_code(shape):
    network, x = PointAutoencoder(shape, width=16, code=1), torch.randn(4, *shape)
    assert network.encode(x).shape == (4, 1)
    assert network(x).shape == x.shape


def test_gradients_reach_every_parameter():
    for network, shape in (
        (PictureAutoencoder((3, 16, 16), 8, 4), (3, 16, 16)),
        (PointAutoencoder((2,), 8), (2,)),
    ):
        network(torch.randn(8, *shape)).square().sum().backward()
        assert all(p.grad.abs().sum() > 0 for p in network.parameters())


def test_points_on_a_line_are_learned():
    torch.manual_seed(0)
    network = PointAutoencoder((2,), width=32, code=1)
    optimizer = torch.optim.Adam(network.parameters(), 1e-2)
    for _ in range(300):
        t = torch.randn(64, 1)
        x = torch.cat([t, -t], 1)
        optimizer.zero_grad()
        error = (network(x) - x).square().mean()
        error.backward()
        optimizer.step()
    assert error < 0.02
    off = torch.tensor([[1.0, 1.0], [-1.0, -1.0]])
    assert (network(off) - off).square().mean() > 0.5  # nothing off the line can be rebuilt

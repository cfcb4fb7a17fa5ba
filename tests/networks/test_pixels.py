"""Densities of pixels: nothing looks ahead, probabilities sum to one, and samples are drawn from them."""

import itertools
from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from rivals.networks.masked import Canvas, MaskedConv2d, above, before, colours_of
from rivals.networks.pixelcnn import GatedPixelCNN, PixelCNN
from rivals.networks.pixelrnn import PixelRNN
from rivals.networks.pixels import PixelDensity, chosen

TRUNKS: dict[str, Callable[..., nn.Module]] = {"plain": PixelCNN, "gated": GatedPixelCNN, "recurrent": PixelRNN}


def density(trunk: str, channels: int, levels: int, width: int = 9) -> PixelDensity:
    """Two layers with weights of some size, so that every dependence shows."""
    torch.manual_seed(0)
    network = PixelDensity(TRUNKS[trunk](channels, levels, width, 2), levels)
    for p in network.parameters():
        p.data.mul_(2)
    return network


def everything(levels: int, *shape: int) -> Tensor:
    """All pictures of a shape."""
    size = torch.Size(shape).numel()
    return torch.tensor(list(itertools.product(range(levels), repeat=size))).view(-1, *shape)


@pytest.mark.parametrize("trunk", TRUNKS)
@pytest.mark.parametrize("channels", [1, 2, 3])
def test_a_logit_depends_on_what_comes_before_it_and_on_nothing_else(trunk: str, channels: int) -> None:
    height, width, levels = 4, 5, 3
    network = density(trunk, channels, levels, 8 * channels)
    picture = torch.randn(16, channels, height, width, requires_grad=True)  # many, as rectifiers are often off
    logits = network.trunk(picture).unflatten(1, (channels, levels))  # type: ignore[operator]
    order = torch.arange(channels * height * width).view(height, width, channels).permute(2, 0, 1)
    for colour, row, column in itertools.product(range(channels), range(height), range(width)):
        reached = torch.zeros_like(picture[0])
        for level in range(levels):
            (slope,) = torch.autograd.grad(logits[:, colour, level, row, column].sum(), picture, retain_graph=True)
            reached += slope.abs().sum(0)
        later = order >= order[colour, row, column]
        assert reached[later].abs().max() == 0
        if (row, column) != (0, 0):  # the neighbour on the left or above, and every earlier colour of the pixel itself
            near = (row, column - 1) if column else (row - 1, column)
            assert reached[0, *near] > 0
        assert (reached[:colour, row, column] > 0).all()


@pytest.mark.parametrize("trunk", TRUNKS)
@pytest.mark.parametrize("shape", [(1, 3, 3), (3, 1, 2), (2, 2, 1)])
@pytest.mark.parametrize("levels", [2, 3])
def test_probabilities_of_all_pictures_sum_to_one(trunk: str, shape: tuple[int, int, int], levels: int) -> None:
    if levels ** torch.Size(shape).numel() > 1000:
        shape = (shape[0], 1, shape[2])
    nats = density(trunk, shape[0], levels)(everything(levels, *shape))
    assert nats.std() > 0.1  # not merely uniform
    assert nats.exp().sum().item() == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("trunk", TRUNKS)
def test_samples_come_as_often_as_their_probability_says(trunk: str) -> None:
    network, all_of_them = density(trunk, 1, 2), everything(2, 1, 2, 2)
    expected = network(all_of_them).exp()
    drawn = network.drawn(torch.rand(20_000, 1, 2, 2, generator=torch.Generator().manual_seed(1)))
    place = (drawn.flatten(1) * torch.tensor([8, 4, 2, 1])).sum(1)
    found = place.bincount(minlength=16) / len(place)
    error = (expected * (1 - expected) / len(place)).sqrt()
    assert ((found - expected).abs() < 4 * error).all()


@pytest.mark.parametrize("trunk", TRUNKS)
@pytest.mark.parametrize("channels", [1, 3])
def test_pixel_by_pixel_it_is_the_same_network_as_at_once(trunk: str, channels: int) -> None:
    network, noise = density(trunk, channels, 4), torch.rand(5, channels, 6, 7)
    drawn = network.drawn(noise)
    logits = network.logits(drawn)
    again = (logits.softmax(1).cumsum(1)[:, :-1] <= noise[:, None]).sum(1)
    assert torch.equal(drawn, again)
    assert torch.equal(drawn, network.drawn(noise))
    assert not torch.equal(drawn, network.drawn(1 - noise))


@pytest.mark.parametrize("trunk", TRUNKS)
def test_known_rows_are_kept_and_the_others_follow_from_them(trunk: str) -> None:
    network, noise = density(trunk, 1, 2), torch.rand(5, 1, 6, 6)
    drawn = network.drawn(noise)
    assert torch.equal(network.drawn(noise, drawn, 3), drawn)
    black = torch.zeros_like(drawn)
    completed = network.drawn(noise, black, 3)
    assert torch.equal(completed[:, :, :3], black[:, :, :3])
    assert not torch.equal(completed[:, :, 3:], drawn[:, :, 3:])
    assert torch.equal(network.drawn(noise, black, 6), black)


def test_the_blind_spot_is_plain_pixelcnns_alone() -> None:
    """What lies above to the right, beyond the triangle that 3x3 kernels under mask B widen by (1606.05328, fig. 1)."""
    picture = torch.randn(1, 1, 12, 20, requires_grad=True)
    seen = {}
    for trunk in TRUNKS:
        logits = density(trunk, 1, 2).trunk(picture)
        (slope,) = torch.autograd.grad(logits[0, :, 10, 5].sum(), picture)
        seen[trunk] = (slope[0, 0, 9] != 0).nonzero().flatten()
    assert seen["gated"].max() > seen["plain"].max()


def test_a_level_is_where_the_cumulative_probability_passes_the_noise() -> None:
    logits = torch.tensor([0.2, 0.5, 0.3]).log().expand(5, 3)
    assert chosen(logits, torch.tensor([0.0, 0.19, 0.21, 0.69, 0.71])).tolist() == [0, 0, 1, 1, 2]


def test_masks() -> None:
    grey = before([0], [0], 1, 1, own=False)[0, 0]
    assert grey.tolist() == [[1, 1, 1], [1, 0, 0]]
    assert before([0], [0], 1, 1, own=True)[0, 0].tolist() == [[1, 1, 1], [1, 1, 0]]
    assert before([0, 1, 2], [0, 1, 2], 0, 0, own=False)[:, :, 0, 0].tolist() == [[0, 0, 0], [1, 0, 0], [1, 1, 0]]
    assert before([0, 1, 2], [0, 1, 2], 0, 0, own=True)[:, :, 0, 0].tolist() == [[1, 0, 0], [1, 1, 0], [1, 1, 1]]
    assert above(1, 1, 1, 1, own=False)[0, 0].tolist() == [[1, 1, 1], [0, 0, 0]]
    assert above(1, 1, 1, 1, own=True)[0, 0].tolist() == [[1, 1, 1], [1, 1, 1]]
    assert colours_of(7, 3) == [0, 0, 0, 1, 1, 2, 2]
    with pytest.raises(ValueError, match="--width 2 is too small for pictures of 3 channels"):
        colours_of(2, 3)


def test_a_canvas_gives_each_layer_what_it_would_see_at_once() -> None:
    torch.manual_seed(0)
    layer = MaskedConv2d(before([0, 0], [0], 2, 1, own=True))
    picture = torch.randn(3, 2, 4, 5)
    whole, canvas = layer(picture), Canvas(picture)
    for row, column in itertools.product(range(4), range(5)):
        canvas.row, canvas.column = row, column
        pixel = layer(picture[:, :, row : row + 1, column : column + 1], canvas)
        assert torch.allclose(pixel[..., 0, 0], whole[..., row, column], atol=1e-6)

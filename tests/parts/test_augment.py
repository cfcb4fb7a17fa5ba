import pytest
import torch

from rivals.networks.dcgan import DCGANDiscriminator
from rivals.networks.view import Seen
from rivals.parts.adaptive_augment import AdaptiveAugment, _resampled
from rivals.parts.augment import DiffAugment

VIEWS = {"diff": DiffAugment, "adaptive": lambda: AdaptiveAugment(strength=1.0)}


def pictures(n, channels, size=16):
    torch.manual_seed(0)
    return torch.rand(n, channels, size, size) * 2 - 1


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_without_strength_pictures_come_back(channels):
    x = pictures(8, channels)
    torch.testing.assert_close(DiffAugment(strength=0.0)(x), x, rtol=0, atol=1e-6)
    assert torch.equal(AdaptiveAugment()(x), x)


@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("make", VIEWS.values(), ids=VIEWS)
def test_each_picture_changes_in_its_own_way(make, channels):
    x = pictures(1, channels).expand(16, channels, 16, 16)
    y = make()(x)
    assert y.shape == x.shape
    assert y.isfinite().all()
    assert len(torch.unique(y.flatten(1), dim=0)) == 16
    assert (y - x).abs().mean() > 0.1


@pytest.mark.parametrize("make", VIEWS.values(), ids=VIEWS)
def test_gradients_flow_back_to_the_picture(make):
    x = pictures(8, 3).requires_grad_()
    make()(x).square().sum().backward()
    assert (x.grad.flatten(1).abs().sum(1) > 0).all()


@pytest.mark.parametrize("make", VIEWS.values(), ids=VIEWS)
def test_the_changes_are_linear_so_the_gradient_is_their_transpose(make):
    """<Ax + b - b, y> = <x, A'y> with the same draws: checks the backward pass of every gather."""
    view, x, y = make(), pictures(4, 3).double(), torch.randn(4, 3, 16, 16, dtype=torch.float64)

    def seen(x):
        torch.manual_seed(3)
        return view(x)

    _, back = torch.func.vjp(seen, x)
    torch.testing.assert_close(((seen(x) - seen(x * 0)) * y).sum(), (back(y)[0] * x).sum(), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("make", VIEWS.values(), ids=VIEWS)
def test_penalties_pass_through_twice(make):
    network, x = Seen(DCGANDiscriminator((3, 16, 16), 4, norm="none"), make()), pictures(4, 3)

    def gradients(slope):
        network.zero_grad()
        torch.manual_seed(5)
        slope().square().sum().backward()
        return [p.grad.clone() for p in network.parameters() if p.dim() > 1]  # biases only shift

    def second_graph():
        y = x.clone().requires_grad_()
        return torch.autograd.grad(network(y).sum(), y, create_graph=True)[0]

    functional = gradients(lambda: torch.func.grad(lambda x: network(x).sum())(x))
    assert all(g.abs().sum() > 0 for g in functional)
    torch.testing.assert_close(functional, gradients(second_graph))


def test_translation_moves_whole_pixels_and_fills_with_zero():
    torch.manual_seed(0)
    x = torch.ones(64, 1, 16, 16)
    y = DiffAugment(("translation",))(x)
    assert set(y.unique().tolist()) == {0.0, 1.0}
    kept = y.flatten(1).sum(1)
    assert kept.max() <= 256
    assert kept.min() >= 14 * 14
    whole_rows = y[:, 0].any(2).sum(1) * y[:, 0].any(1).sum(1)
    assert torch.equal(whole_rows.float(), kept)


def test_cutout_blanks_at_most_a_square_of_half_the_size():
    torch.manual_seed(0)
    blank = 256 - DiffAugment(("cutout",))(torch.ones(256, 1, 16, 16)).flatten(1).sum(1)
    assert blank.max() == 64
    assert blank.min() >= 16


def test_colour_keeps_opacity_and_shifts_the_mean_by_half_at_most():
    x = pictures(8, 4)
    y = DiffAugment(("colour",))(x)
    assert torch.equal(y[:, 3], x[:, 3])
    shift = DiffAugment(("colour",))(x[:, :3]).mean((1, 2, 3)) - x[:, :3].mean((1, 2, 3))
    assert shift.abs().max() <= 0.5


def test_an_unknown_policy_is_refused():
    with pytest.raises(ValueError, match="colour, translation, cutout.*got color"):
        DiffAugment(("color",))


def test_mirroring_and_quarter_turns_keep_every_pixel():
    x = pictures(4, 3)
    turns = torch.tensor([[[-1.0, 0], [0, 1]], [[0, -1], [1, 0]], [[-1, 0], [0, -1]], [[0, 1], [1, 0]]])
    y = _resampled(x, torch.cat([turns, torch.zeros(4, 2, 1)], 2))
    assert torch.equal(y[0], x[0].flip(2))
    assert torch.equal(y[1], x[1].rot90(-1, (1, 2))) or torch.equal(y[1], x[1].rot90(1, (1, 2)))
    assert torch.equal(y[2], x[2].rot90(2, (1, 2)))
    assert torch.equal(y[3], x[3].transpose(1, 2))


def test_shifts_are_mirrored_at_the_border():
    x = torch.arange(4.0).view(1, 1, 1, 4).expand(1, 1, 4, 4)
    shifted = _resampled(x, torch.tensor([[[1.0, 0, 2], [0, 1, 0]]]))
    assert shifted[0, 0, 0].tolist() == [2, 3, 3, 2]


def test_points_get_a_tenth_of_noise():
    torch.manual_seed(0)
    assert abs(DiffAugment()(torch.zeros(1000, 20)).std() - 0.1) < 0.002
    assert DiffAugment(strength=0.0)(torch.zeros(10, 2)).abs().sum() == 0


def test_the_strength_is_the_share_of_samples_that_change():
    torch.manual_seed(0)
    x = torch.randn(4000, 2)
    changed = (AdaptiveAugment(strength=0.3)(x) != x).any(1).float().mean()
    assert abs(changed - 0.3) < 0.03


def test_the_controller_reaches_one_after_exactly_its_samples():
    view = AdaptiveAugment(target=0.6, samples=640)
    for step in range(10):
        assert view.strength.item() == pytest.approx(step / 10, abs=1e-6)
        view.adapt(torch.tensor(0.9), samples=64)
    view.adapt(torch.tensor(0.9), samples=64)
    assert view.strength.item() == 1.0
    view.adapt(torch.tensor(0.1), samples=320)
    assert view.strength.item() == pytest.approx(0.5, abs=1e-6)
    view.adapt(torch.tensor(0.6), samples=320)  # on target: it stays
    assert view.strength.item() == pytest.approx(0.5, abs=1e-6)
    for _ in range(3):
        view.adapt(torch.tensor(-1.0), samples=320)
    assert view.strength.item() == 0.0


def test_the_strength_is_part_of_the_state():
    view, twin = AdaptiveAugment(), AdaptiveAugment()
    view.adapt(torch.tensor(1.0), samples=100_000)
    twin.load_state_dict(view.state_dict())
    x = pictures(8, 3)
    torch.manual_seed(1)
    y = view(x)
    torch.manual_seed(1)
    assert torch.equal(twin(x), y)
    assert twin.strength.item() == pytest.approx(0.2)

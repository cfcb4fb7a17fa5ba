"""Recipes of learned codes: what they are shown, what comes back, and that their log-likelihoods are ones."""

import math
from itertools import product

import pytest
import torch
from torch import Tensor, nn

from rivals.feed import Field
from rivals.loop import set_random_state
from rivals.networks.coder import Decoder, GaussianEncoder
from rivals.recipes import Machine, Setup, recipe
from rivals.recipes.evidence import binarised
from tests.recipes.test_recipes import Pictures, Points, options, trained


def setup_of(name: str, kind: str, rounds: int = 30, **changes: object) -> Setup:
    return trained(options(name, kind, **changes), name, kind, rounds=rounds)


def test_grey_is_drawn_black_or_white_by_its_brightness() -> None:
    torch.manual_seed(0)
    drawn = binarised(torch.tensor([-1.0, -0.5, 1.0]).expand(20_000, 3))
    assert set(drawn.unique().tolist()) == {-1.0, 1.0}
    torch.testing.assert_close(drawn.mean(0), torch.tensor([-1.0, -0.5, 1.0]), atol=0.03, rtol=0)


@pytest.mark.parametrize("name", ["autoencoder", "vae", "iwae", "vaegan"])
@pytest.mark.parametrize("kind", ["points", "pictures"])
def test_samples_have_codes_that_give_samples(name: str, kind: str) -> None:
    setup = setup_of(name, kind, rounds=3)
    x = setup.sample(5)
    assert setup.encode is not None and setup.generator is not None and setup.generate is not None
    codes = setup.encode(x)
    assert codes.shape == (5, 4) and torch.equal(codes, setup.encode(x))
    codes.requires_grad_()
    made = setup.generator(codes)
    torch.testing.assert_close(made, setup.generate(codes.detach()))
    assert torch.autograd.grad(made.square().sum(), codes)[0].abs().sum() > 0


def forget(network: nn.Module) -> None:
    """Leaves all weights 0: the normal of the codes is the prior."""
    for p in network.parameters():
        p.zero_()


def grid(half: float, steps: int) -> Tensor:
    axis = torch.linspace(-half, half, steps)
    return torch.stack(torch.meshgrid(axis, axis, indexing="ij"), -1).view(-1, 2)


def test_the_density_of_points_sums_to_one() -> None:
    """With codes drawn from the prior, which suits all points that are far from the data."""
    setup = setup_of("vae", "points", rounds=100, lr=1e-2, scale=1.0, learn_scale=False)
    forget(setup.game.model.sampler.encoder)
    assert setup.log_likelihood is not None
    torch.manual_seed(0)
    x = grid(6.0, 61)
    mass = setup.log_likelihood(x, particles=400).exp().sum() * 0.2**2
    assert mass.item() == pytest.approx(1.0, abs=0.05)


def test_the_probabilities_of_all_tiny_pictures_sum_to_one() -> None:
    """Of 2x2 pixels, under a network that has learned nothing."""
    set_random_state(0)
    o = options("vae", "pictures", network="mlp", likelihood="bernoulli")
    setup = recipe("vae").build(o, {"image": Field((1, 2, 2), -1.0, 1.0, "picture")}, Machine())
    assert setup.log_likelihood is not None and setup.particles == 100
    every = torch.tensor(list(product([-1.0, 1.0], repeat=4))).view(16, 1, 2, 2)
    total = setup.log_likelihood(every, particles=4000).exp().sum().item()
    assert total == pytest.approx(1.0, abs=0.03)


def test_levels_are_as_wide_as_a_step() -> None:
    """A decoder of one mean and variance, whatever the code: each pixel's level has its density times 2 / 255."""
    setup = setup_of("vae", "pictures", rounds=0, network="mlp", learn_scale=False, scale=0.5)
    forget(setup.game.model.sampler)
    assert setup.log_likelihood is not None
    x = torch.zeros(2, 1, 8, 8)
    exact = 64 * (math.log(2 / 255) - math.log(0.5 * math.sqrt(2 * math.pi)))
    torch.testing.assert_close(setup.log_likelihood(x), torch.full((2,), exact), atol=0.01, rtol=0)


def test_a_log_likelihood_is_a_function_of_the_seed_and_grows_with_the_particles() -> None:
    setup = setup_of("iwae", "pictures", likelihood="bernoulli")
    x = Pictures().samples[:16]
    found = []
    for particles in (1, 50, 50):
        set_random_state(3)
        assert setup.log_likelihood is not None
        found.append(setup.log_likelihood(x, particles=particles))
    assert torch.equal(found[1], found[2]) and found[0].mean() < found[1].mean()
    assert all(each.shape == (16,) and not each.requires_grad for each in found)


def test_many_particles_are_taken_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    setup = setup_of("vae", "points", rounds=300, lr=1e-2, scale=1.0, learn_scale=False)
    x = Points().samples[:7]
    assert setup.log_likelihood is not None
    whole = setup.log_likelihood(x, particles=3000)
    monkeypatch.setattr("rivals.recipes.evidence.ROOM", 2 * 500)
    parts = setup.log_likelihood(x, particles=3000)
    torch.testing.assert_close(whole, parts, atol=0.05, rtol=0)


def test_grey_under_bernoulli_is_no_likelihood() -> None:
    assert setup_of("vae", "pictures", rounds=0, likelihood="bernoulli", binarise="none").log_likelihood is None


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"likelihood": "bernoulli"}, "--likelihood bernoulli is for pixels"),
        (
            {"network": "convolutional"},
            "the convolutional networks code pictures, and this data is points; use --network mlp",
        ),
    ],
)
def test_what_points_cannot_have(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        setup_of("vae", "points", **changes)


def test_a_hidden_layer_that_is_not_there() -> None:
    with pytest.raises(ValueError, match="this discriminator has hidden layers 1 to 1; found 3"):
        setup_of("vaegan", "pictures", similarity_layer=3)


def test_a_decoder_says_how_wide_it_is() -> None:
    body = nn.Linear(2, 3)
    assert [name for name, _ in Decoder(body, 0.5, learned=True).named_parameters()][0] == "log_variance"
    assert "log_variance" in dict(Decoder(body, 0.5).named_buffers())
    assert isinstance(Decoder(body)(torch.zeros(4, 2)), Tensor)
    mean, log_variance, codes = GaussianEncoder(nn.Linear(3, 4))(torch.zeros(5, 3), torch.zeros(5, 6, 2))
    assert mean.shape == log_variance.shape == (5, 2) and codes.shape == (5, 6, 2)
    assert torch.equal(codes, mean[:, None].expand(-1, 6, -1))

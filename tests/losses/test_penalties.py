from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from rivals.losses.penalties import (
    Penalty,
    chord,
    dragan,
    dragan_penalty,
    gradient_penalty,
    input_gradient,
    logits_and_gradient,
    one_centred,
    r1,
    r2,
    together,
    zero_centred,
)
from rivals.networks.packing import Packed

W = torch.tensor([3.0, -4.0])
"""D(x) = w x has the slope w everywhere, of norm 5."""
PENALTIES: dict[str, Penalty] = {
    "r1": r1(2.0),
    "r2": r2(2.0),
    "one_centred": one_centred(2.0),
    "dragan": dragan(2.0),
    "together": together(r1(1.0), r2(3.0)),
}


def batch(seed: int = 0, dtype: torch.dtype = torch.float32) -> tuple[Tensor, Tensor, Tensor]:
    draw = torch.Generator().manual_seed(seed)
    real, fake = torch.randn(2, 6, 2, generator=draw, dtype=dtype)
    return real, fake, torch.rand(6, 2, generator=draw, dtype=dtype)


def small(dtype: torch.dtype = torch.float32, norm: bool = False) -> nn.Sequential:
    torch.manual_seed(0)
    layers = [nn.Linear(2, 5), nn.BatchNorm1d(5) if norm else nn.Identity(), nn.Tanh(), nn.Linear(5, 1), nn.Flatten(0)]
    return nn.Sequential(*layers).to(dtype)


@pytest.mark.parametrize(
    "name, value",
    [("r1", 25.0), ("r2", 25.0), ("one_centred", 2 * 16.0), ("dragan", 2 * 16.0), ("together", 0.5 * 25 + 1.5 * 25)],
)
def test_linear_discriminator(name: str, value: float) -> None:
    assert PENALTIES[name](lambda x: x @ W, *batch()) == pytest.approx(value, rel=1e-5)


def test_where_the_slope_is_taken() -> None:
    """With D(x) = |x|^2 / 2 the slope at x is x itself, so each penalty tells where it looked."""
    real, fake, noise = batch()

    def bowl(x: Tensor) -> Tensor:
        return x.square().sum(1) / 2

    def about_one(x: Tensor) -> Tensor:
        return (x.norm(dim=1) - 1).square().mean()

    t = noise[:, :1]
    close = torch.testing.assert_close
    close(zero_centred(bowl, real), real.square().sum(1).mean() / 2)
    close(gradient_penalty(bowl, real, fake, t=t), about_one(t * real + (1 - t) * fake))
    close(one_centred(1.0)(bowl, real, fake, noise), about_one(t * real + (1 - t) * fake))
    close(gradient_penalty(bowl, real, fake, t=t, target=0.0), (t * real + (1 - t) * fake).square().sum(1).mean())
    close(dragan_penalty(bowl, real, noise=noise, scale=0.5), about_one(real + 0.5 * real.std() * noise))
    close(r2(2.0)(bowl, real, fake, noise), fake.square().sum(1).mean())


def test_logits_come_with_their_gradient() -> None:
    D, (real, _, _) = small(), batch()
    logits, gradient = logits_and_gradient(D, real)
    torch.testing.assert_close(logits, D(real))
    torch.testing.assert_close(gradient, input_gradient(D, real))
    assert gradient.shape == (6, 2) and not real.requires_grad


def test_pictures() -> None:
    pictures = torch.randn(3, 2, 4, 4)
    assert chord(pictures).shape == (3, 1, 1, 1)
    value = one_centred(1.0)(lambda x: x.flatten(1).sum(1), pictures, pictures + 1, torch.rand_like(pictures))
    assert value == pytest.approx((32**0.5 - 1) ** 2, rel=1e-5)


@pytest.mark.parametrize("name", PENALTIES)
def test_gradient_in_the_weights(name: str) -> None:
    """Double backward against finite differences, in the weights of a small network."""
    D, inputs = small(torch.float64), batch(dtype=torch.float64)
    names, values = zip(*D.named_parameters(), strict=True)

    def penalty(*weights: Tensor) -> Tensor:
        judge: Callable[[Tensor], Tensor] = lambda x: torch.func.functional_call(  # noqa: E731
            D, dict(zip(names, weights, strict=True)), (x,)
        )
        return PENALTIES[name](judge, *inputs)

    moved = [value.detach().clone().requires_grad_() for value in values if value is not values[-1]]
    assert torch.autograd.gradcheck(lambda *w: penalty(*w, values[-1].detach()), moved)


@pytest.mark.parametrize("name", PENALTIES)
def test_compiled_equals_eager(name: str) -> None:
    """The whole loss with its penalty as one graph: the same value and the same gradient in the weights."""
    D, inputs = small(), batch()

    def loss(real: Tensor, fake: Tensor, noise: Tensor) -> Tensor:
        return D(fake).mean() - D(real).mean() + PENALTIES[name](D, real, fake, noise)

    torch._dynamo.reset()
    values = [loss(*inputs), torch.compile(loss, fullgraph=True, backend="aot_eager")(*inputs)]
    slopes = [torch.autograd.grad(value, list(D.parameters()), allow_unused=True) for value in values]
    torch.testing.assert_close(values[0], values[1])
    for eager, compiled in zip(*slopes, strict=True):
        assert (eager is None) == (compiled is None)
        if eager is not None:
            torch.testing.assert_close(eager, compiled)


def test_batch_normalisation_may_change_its_buffers() -> None:
    D, (real, fake, noise) = small(norm=True), batch()
    value = dragan(1.0)(D, real, fake, noise)
    value.backward()
    assert value.isfinite() and D[0].weight.grad.abs().sum() > 0
    assert D[1].num_batches_tracked == 1


def test_a_packs_slope_is_that_in_all_of_its_samples() -> None:
    """The mean of four numbers, a sample each, times 2: of slope 1 in the four together."""
    D, x = Packed(nn.Sequential(nn.Linear(4, 1, bias=False), nn.Flatten(0)), 4), torch.randn(8, 1)
    nn.init.constant_(D.discriminator[0].weight, 0.5)
    assert zero_centred(D, x).item() == pytest.approx(0.5)
    assert gradient_penalty(D, x, -x, t=chord(x)).item() == pytest.approx(0, abs=1e-6)
    assert input_gradient(D, x).shape == (2, 4)

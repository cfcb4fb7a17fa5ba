import math
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits as cross_entropy

from rivals.losses import divergences as f
from rivals.losses.adversarial import (
    AdversarialLoss,
    hinge,
    least_squares,
    minimax,
    non_saturating,
    relativistic,
    smoothed,
    wasserstein,
)

REAL, FAKE = torch.tensor([2.0, 0.0]), torch.tensor([-1.0, 0.5])
DIVERGENCES = {
    "kl": f.kullback_leibler,
    "reverse_kl": f.reverse_kullback_leibler,
    "pearson": f.pearson,
    "hellinger": f.squared_hellinger,
    "js": f.jensen_shannon,
    "tv": f.total_variation,
}
LOSSES: dict[str, AdversarialLoss] = {
    "minimax": minimax,
    "non_saturating": non_saturating,
    "least_squares": least_squares,
    "wasserstein": wasserstein,
    "hinge": hinge,
    "relativistic": relativistic,
    "smoothed": smoothed(non_saturating),
    **{name: f.variational(divergence) for name, divergence in DIVERGENCES.items()},
    **{f"{name}_saturating": f.variational(d, saturating=True) for name, d in DIVERGENCES.items()},
}


def soft(v: float) -> float:
    return math.log1p(math.exp(v))


def by_hand() -> dict[str, tuple[float, float]]:
    """What each discriminator and generator loses at REAL and FAKE."""
    judged = (soft(-2) + soft(0)) / 2 + (soft(-1) + soft(0.5)) / 2
    kl = (math.exp(-2) + math.exp(-0.5)) / 2 - 1
    return {
        "minimax": (judged, -(soft(-1) + soft(0.5)) / 2),
        "non_saturating": (judged, (soft(1) + soft(-0.5)) / 2),
        "least_squares": ((1 + 1) / 4 + (1 + 0.25) / 4, (4 + 0.25) / 4),
        "wasserstein": (-0.25 - 1, 0.25),
        "hinge": ((0 + 1) / 2 + (0 + 1.5) / 2, 0.25),
        "relativistic": ((soft(-3) + soft(0.5)) / 2, (soft(3) + soft(-0.5)) / 2),
        "smoothed": (judged + 0.1 * 1, (soft(1) + soft(-0.5)) / 2),
        "kl": (kl, 0.25),
        "kl_saturating": (kl, -(math.exp(-2) + math.exp(-0.5)) / 2),
        "reverse_kl": ((math.exp(-2) + 1) / 2 - 1.25, (math.exp(1) + math.exp(-0.5)) / 2),
        "pearson": (((0.25 - 1) + (0.0625 + 0.5)) / 2 - 1, 0.25),
        "hellinger": (
            (math.exp(-2) + 1) / 2 - 1 + (math.exp(-1) + math.exp(0.5)) / 2 - 1,
            (math.exp(1) + math.exp(-0.5)) / 2 - 1,
        ),
        "js": (judged - 2 * math.log(2), (soft(1) + soft(-0.5)) / 2 - math.log(2)),
        "tv": ((math.tanh(-1) + math.tanh(0.5) - math.tanh(2)) / 4, (math.tanh(1) - math.tanh(0.5)) / 4),
    }


@pytest.mark.parametrize("name", by_hand())
def test_values_by_hand(name: str) -> None:
    loss = LOSSES[name]
    values = loss.discriminator(real=REAL, fake=FAKE).item(), loss.generator(real=REAL, fake=FAKE).item()
    assert values == pytest.approx(by_hand()[name], abs=1e-6)


@pytest.mark.parametrize("name", LOSSES)
def test_signs(name: str) -> None:
    """The discriminator raises real logits and lowers fake ones; the generator raises those of its fakes."""
    real, fake = torch.zeros(3, requires_grad=True), torch.zeros(3, requires_grad=True)
    up, down = torch.autograd.grad(LOSSES[name].discriminator(real=real, fake=fake), (real, fake))
    assert (up < 0).all() and (down > 0 if name != "least_squares" else down == 0).all()
    (slope,) = torch.autograd.grad(LOSSES[name].generator(real=real, fake=fake), (fake,))
    assert (slope < 0).all()


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("real, fake", [(50.0, -50.0), (-50.0, 50.0), (50.0, 50.0), (-50.0, -50.0)])
def test_finite_at_large_logits(name: str, real: float, fake: float) -> None:
    logits = [torch.full((4,), value, requires_grad=True) for value in (real, fake)]
    for side in (LOSSES[name].discriminator, LOSSES[name].generator):
        value = side(real=logits[0], fake=logits[1])
        slopes = torch.autograd.grad(value, logits, allow_unused=True)
        assert value.isfinite() and all(slope is None or slope.isfinite().all() for slope in slopes)


def test_non_saturating_pushes_where_minimax_does_not() -> None:
    fake = torch.full((1,), -20.0, requires_grad=True)
    slopes = [torch.autograd.grad(loss.generator(real=REAL, fake=fake), fake)[0] for loss in (minimax, non_saturating)]
    assert slopes[0].abs() < 1e-8 and slopes[1] == pytest.approx(-1, abs=1e-6)


def test_smoothing_is_cross_entropy_with_a_soft_target() -> None:
    expected = cross_entropy(REAL, torch.full((2,), 0.8)) + cross_entropy(FAKE, torch.zeros(2))
    assert smoothed(minimax, 0.8).discriminator(real=REAL, fake=FAKE) == pytest.approx(expected.item())


def test_smoothing_refuses_other_discriminators() -> None:
    with pytest.raises(ValueError, match="cross-entropy"):
        smoothed(hinge)


@pytest.mark.parametrize("name", LOSSES)
def test_only_those_that_say_so_read_the_real_logits(name: str) -> None:
    loss: Any = LOSSES[name]
    real: Tensor = REAL.clone().requires_grad_()
    value = loss.generator(real=real, fake=FAKE)
    assert value.requires_grad == loss.real_matters


@pytest.mark.parametrize("name", LOSSES)
def test_compiled_equals_eager(name: str) -> None:
    def both(real: Tensor, fake: Tensor) -> Tensor:
        return LOSSES[name].discriminator(real=real, fake=fake) + LOSSES[name].generator(real=real, fake=fake)

    torch._dynamo.reset()
    compiled = torch.compile(both, fullgraph=True, backend="aot_eager")(REAL, FAKE)
    assert compiled == pytest.approx(both(REAL, FAKE).item(), rel=1e-6)


@pytest.mark.parametrize("name", LOSSES)
def test_undecided_is_where_data_and_model_alike_leave_the_discriminator(name: str) -> None:
    loss = LOSSES[name]
    if loss.undecided is None:  # a critic's values have no zero of their own
        high, low = torch.tensor([7.0, 9.0]), torch.tensor([6.0, 8.0])
        assert loss.sureness(real=high, fake=low) == 1 and loss.sureness(real=low, fake=high) == -1
        return
    logits = torch.full((4,), loss.undecided, requires_grad=True)
    (slope,) = torch.autograd.grad(loss.discriminator(real=logits, fake=logits), logits)
    assert slope.abs().max() < 1e-6
    around = loss.undecided + torch.tensor([-1.0, -0.1, 0.1, 1.0, 2.0])
    assert loss.sureness(real=around, fake=around + 5).item() == pytest.approx(0.2)

"""The three ways of inversion on a small trained run: what is found from the encoder's code is the nearest."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

import rivals
from rivals.run.inversion import greyed, inverted
from rivals.run.wishes import Inversion, Method, Space
from rivals.run.workbench import Workbench


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    options = {"size": 8, "latent": 8, "width": 8, "discriminator_width": 8, "batch": 32, "doctor_every": 0}
    folder = tmp_path_factory.mktemp("runs") / "digits"
    made = rivals.train("nsgan", data="digits", out=folder, rounds=300, quiet=True, sample_every=300, **options)
    return Workbench(made)


def digits(bench: Workbench, n: int) -> torch.Tensor:
    index = torch.arange(n)
    return bench.learned.source.batch(index, torch.zeros_like(index))["image"]


def error(bench: Workbench, pictures: torch.Tensor, method: Method) -> float:
    how = Inversion(method=method, steps=20, restarts=1, encoder_rounds=300)
    return float(inverted(bench, pictures, how).error.mean())


def test_from_the_encoders_code_a_descent_ends_nearer_than_either_alone(bench: Workbench) -> None:
    own = bench.generator(bench.prior(60, 9))
    for pictures, margin in ((own, 0.8), (digits(bench, 60), 1.0)):
        descent, encoder, both = (error(bench, pictures, method) for method in ("descent", "encoder", "both"))
        print(f"descent {descent:.4f} encoder {encoder:.4f} both {both:.4f}")
        assert both < margin * descent and both < margin * encoder


def test_the_same_seed_gives_the_same_codes(bench: Workbench) -> None:
    how = Inversion(method="descent", steps=3, restarts=2)
    one, two = (inverted(bench, digits(bench, 4), how).codes for _ in range(2))
    other = inverted(Workbench(bench.learned, seed=1), digits(bench, 4), how).codes
    assert torch.equal(one, two) and not torch.equal(one, other)


@pytest.mark.parametrize("space", ["random", "discriminator"])
def test_features_make_another_descent(bench: Workbench, space: Space) -> None:
    how = Inversion(method="descent", steps=5, restarts=1)
    plain, featured = (inverted(bench, digits(bench, 4), each).codes for each in (how, replace(how, space=space)))
    assert not torch.allclose(plain, featured, atol=1e-3)


def test_what_is_not_known_is_grey_to_the_encoder() -> None:
    pictures = torch.tensor([[[[1.0, 0.0], [0.5, 9.0]]]])
    known = torch.tensor([[[1.0, 1.0], [1.0, 0.0]]])
    assert greyed(pictures, known).flatten().tolist() == [1, 0, 0.5, 0.5]


def test_an_ensemble_cannot_be_inverted(tmp_path: Path) -> None:
    options = {"size": 8, "latent": 4, "width": 8, "discriminator_width": 8, "batch": 8, "ensemble": 2}
    made = rivals.train("nsgan", data="digits", out=tmp_path / "run", rounds=1, quiet=True, doctor_every=0, **options)
    with pytest.raises(ValueError, match="is an ensemble of generators"):
        Workbench(made)
    chains = rivals.train("ebm", data="digits", out=tmp_path / "ebm", rounds=1, quiet=True, doctor_every=0, size=8,
                          batch=8, discriminator_width=8, chains=8, climb_steps=1)  # fmt: skip
    with pytest.raises(ValueError, match="ebm has no latent codes to edit; use `rivals sample"):
        Workbench(chains)

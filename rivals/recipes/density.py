"""Densities by maximum likelihood: pixelcnn and pixelrnn, pixel after pixel, and gaussian, the simplest of all."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from rivals.recipes.bounds import Bounds, Count
from rivals.recipes.options import Optimiser, Training
from rivals.recipes.recipe import Machine, Recipe, Setup

if TYPE_CHECKING:
    from torch import nn

    from rivals.feed import Field

SHARE = 256
"""Pictures that are drawn at a time."""
LevelCount = Annotated[int, Bounds(2, 256)]


@dataclass(frozen=True, kw_only=True)
class PixelCNNOptions:
    """PixelCNN: masked convolutions give each pixel's distribution after those before it.

    Differs from the paper by default: kernels of 7x7 pixels within the blocks, which see the whole of a small picture.
    """

    training: Training = Training(rounds=3_000)
    optimisers: Optimiser = Optimiser()
    levels: LevelCount = 2
    """Levels of a pixel, rounded at random for each batch: 2 is dynamic binarisation, 256 the grey as it is."""
    width: Annotated[int, Bounds(2)] = 32
    """Features between blocks (2h), a multiple of the channels at best."""
    blocks: Count = 7
    """Residual blocks, or gated layers."""
    kernel: Literal[3, 5, 7] = 7
    """Side of the blocks' kernels: with 7, seven blocks know 24 rows above a pixel, with the paper's 3 only ten."""
    gated: bool = False
    """Gated PixelCNN (1606.05328): two stacks, and no blind spot."""


@dataclass(frozen=True, kw_only=True)
class PixelRNNOptions:
    """PixelRNN: Row LSTMs read the picture from top to bottom."""

    training: Training = Training(rounds=2_000)
    optimisers: Optimiser = Optimiser(clip=10.0)
    levels: LevelCount = 2
    """Levels of a pixel, rounded at random for each batch: 2 is dynamic binarisation, 256 the grey as it is."""
    width: Annotated[int, Bounds(2)] = 32
    """Features between layers (2h); the memories have half as many units."""
    layers: Count = 3
    """Row LSTM layers."""


@dataclass(frozen=True, kw_only=True)
class GaussianOptions:
    """A Gaussian with a whole covariance, of points, or of pixels with noise."""

    training: Training = Training(rounds=5_000, batch=256)
    optimisers: Optimiser = Optimiser(lr=3e-3)
    levels: LevelCount = 2
    """Levels of a pixel, rounded at random for each batch, to which noise of one level is added."""


def build_pixelcnn(o: PixelCNNOptions, spec: "Mapping[str, Field]", machine: Machine) -> Setup:
    """Either of the convolutional networks."""
    from rivals.networks.pixelcnn import GatedPixelCNN, PixelCNN

    make = GatedPixelCNN if o.gated else PixelCNN
    return _pixels(o, make(spec["image"].shape[0], o.levels, o.width, o.blocks, o.kernel), spec, machine)


def build_pixelrnn(o: PixelRNNOptions, spec: "Mapping[str, Field]", machine: Machine) -> Setup:
    """The recurrent network."""
    from rivals.networks.pixelrnn import PixelRNN

    return _pixels(o, PixelRNN(spec["image"].shape[0], o.levels, o.width, o.layers), spec, machine)


def _pixels(
    o: PixelCNNOptions | PixelRNNOptions, trunk: "nn.Module", spec: "Mapping[str, Field]", machine: Machine
) -> Setup:
    """Maximum likelihood of levels of pixels, which are drawn in their order."""
    import torch

    from rivals.games import MaximumLikelihood
    from rivals.networks.evaluation import applied, evaluating
    from rivals.networks.pixels import PixelDensity
    from rivals.parts.levels import Levels
    from rivals.recipes.players import player

    levels, shape = Levels(o.levels), spec["image"].shape
    model = player(PixelDensity(trunk, o.levels), o, machine, lr=o.optimisers.lr, average=True)

    def drawn(noise: torch.Tensor, known: torch.Tensor, rows: int) -> torch.Tensor:
        with evaluating(model.sampler) as network:
            parts = zip(noise.split(SHARE), known.split(SHARE), strict=True)
            return levels.pixels(torch.cat([network.drawn(u, x, rows) for u, x in parts]))  # type: ignore[operator]

    def noise(n: int) -> torch.Tensor:
        return torch.rand(n, *shape, device=machine.device)

    def log_likelihood(samples: torch.Tensor) -> torch.Tensor:
        return applied(model.sampler, levels(samples))

    return Setup(
        MaximumLikelihood(model, levels),
        ("image",),
        lambda n: drawn(u := noise(n), u, 0),
        log_likelihood=log_likelihood,
        complete=lambda samples, rows: drawn(noise(len(samples)), levels(samples), rows),
    )


def build_gaussian(o: GaussianOptions, spec: "Mapping[str, Field]", machine: Machine) -> Setup:
    """Of points as they are; of pictures in levels, each an interval of length 1 that noise fills."""
    import torch

    from rivals.games import MaximumLikelihood
    from rivals.networks.evaluation import applied
    from rivals.networks.multivariate import MultivariateGaussian
    from rivals.parts.levels import Levels
    from rivals.parts.priors import gaussian
    from rivals.recipes.networks import field_of
    from rivals.recipes.players import player

    name, levels = field_of(spec), Levels(o.levels)
    pictures, middle = name == "image", o.levels / 2
    begun = {"mean": middle, "sd": middle} if pictures else {}
    network = MultivariateGaussian(spec[name].shape, **begun)
    model = player(network, o, machine, lr=o.optimisers.lr, average=True)
    learned: MultivariateGaussian = model.sampler  # type: ignore[assignment]
    prior = gaussian(network.size, machine.device)

    def view(batch: torch.Tensor) -> torch.Tensor:
        return levels(batch) + torch.rand_like(batch) if pictures else batch

    def generator(z: torch.Tensor) -> torch.Tensor:
        x = learned.generate(z)
        return levels.pixels(x - 0.5).clamp(-1, 1) if pictures else x

    def generate(z: torch.Tensor) -> torch.Tensor:
        with torch.no_grad():
            return generator(z)

    def log_likelihood(samples: torch.Tensor) -> torch.Tensor:
        return applied(learned, view(samples))

    return Setup(
        MaximumLikelihood(model, view),
        (name,),
        lambda n: generate(prior(n)),
        generate,
        generator,
        lambda samples: learned.encode(view(samples)),
        prior,
        log_likelihood=log_likelihood,
    )


PIXELCNN = Recipe(
    "pixelcnn", "density", "PixelCNN: exact likelihood, pixel by pixel", "1601.06759",
    {"pictures": PixelCNNOptions()}, build_pixelcnn,
)  # fmt: skip
PIXELRNN = Recipe(
    "pixelrnn", "density", "PixelRNN with Row LSTMs: exact likelihood", "1601.06759",
    {"pictures": PixelRNNOptions()}, build_pixelrnn,
)  # fmt: skip
GAUSSIAN = Recipe(
    "gaussian", "density", "A Gaussian by maximum likelihood, the simplest density", "1511.01844",
    {"pictures": GaussianOptions(), "points": GaussianOptions()}, build_gaussian,
)  # fmt: skip

"""From options to networks and players."""

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from rivals.feed import Field
from rivals.losses.energies import reconstruction_energy
from rivals.networks.autoencoder import PictureAutoencoder, PictureDecoder, PictureEncoder, PointAutoencoder
from rivals.networks.dcgan import DCGANDiscriminator, DCGANGenerator, course_pair
from rivals.networks.ensemble import Ensemble
from rivals.networks.featured import Featured, TwoHeads
from rivals.networks.infogan import InfoGANDiscriminator, InfoGANGenerator
from rivals.networks.mlp import MLPDiscriminator, MLPGenerator
from rivals.networks.packing import Packed
from rivals.networks.precision import autocast
from rivals.networks.r3gan import R3GANDiscriminator, R3GANGenerator
from rivals.networks.resnet import ResNetDiscriminator, ResNetGenerator
from rivals.networks.spectral import spectral
from rivals.networks.unrolled import UnrolledDiscriminator, UnrolledGenerator
from rivals.networks.view import Seen
from rivals.parts.adaptive_augment import AdaptiveAugment
from rivals.parts.augment import DiffAugment
from rivals.parts.average import MovingAverage
from rivals.parts.instance_noise import InstanceNoise
from rivals.parts.priors import Prior, gaussian, uniform
from rivals.play import Game, Player
from rivals.recipes.options import Networks, Optimiser, Optimisers, View
from rivals.recipes.recipe import Machine, Setup, Target


def field_of(spec: Mapping[str, Field]) -> str:
    """The field that a generator learns to make: pictures where there are pictures, else points.

    Raises ValueError if the data has neither.
    """
    for name in ("image", "point"):
        if name in spec:
            return name
    raise ValueError(f"this recipe needs pictures or points, and the data has {', '.join(spec)}")


def generator_of(o: Networks, shape: tuple[int, ...]) -> nn.Module:
    """The generator that the options name, codes (n, latent) to (n, *shape); an ensemble where asked."""
    makers: dict[str, Callable[[], nn.Module]] = {
        "mlp": partial(_mlp_generator, o, shape),
        "dcgan": lambda: DCGANGenerator(o.latent, picture_shape(o, shape), o.width, o.generator_norm),
        "dcgan-course": lambda: _course(o, shape)[0],
        "resnet": lambda: ResNetGenerator(o.latent, picture_shape(o, shape), o.width, o.generator_norm),
        "r3gan": lambda: R3GANGenerator(o.latent, picture_shape(o, shape), o.width, o.blocks),
        "autoencoder": lambda: PictureDecoder(picture_shape(o, shape), o.width, o.latent),
        "unrolled": lambda: UnrolledGenerator(o.latent, picture_shape(o, shape), o.width, o.generator_norm),
        "infogan": lambda: InfoGANGenerator(o.latent, picture_shape(o, shape), o.width, o.generator_norm),
    }
    members = [makers[o.network]() for _ in range(o.ensemble)]
    return members[0] if o.ensemble == 1 else Ensemble(members)


def discriminator_of(o: Networks, shape: tuple[int, ...], outputs: int = 1) -> nn.Module:
    """The discriminator that the options name, (n, *shape) to logits; of several samples at once where asked.

    With several `outputs` to (n, outputs).
    """
    shape = (shape[0] * o.pack, *shape[1:])
    width, norm = o.discriminator_width, o.discriminator_norm
    extras: dict[str, Any] = {"dropout": o.dropout, "minibatch_std": o.minibatch_std, "outputs": outputs}
    makers: dict[str, Callable[[], nn.Module]] = {
        "mlp": lambda: MLPDiscriminator(
            shape,
            width,
            o.discriminator_depth,
            o.activation,
            norm,
            o.dropout,
            o.discriminator_fourier,
            o.input_dropout,
            outputs,
        ),
        "dcgan": lambda: DCGANDiscriminator(picture_shape(o, shape), width, norm, **extras),
        "dcgan-course": lambda: _course(o, shape)[1],
        "resnet": lambda: ResNetDiscriminator(picture_shape(o, shape), width, norm, **extras),
        "r3gan": lambda: R3GANDiscriminator(picture_shape(o, shape), width, o.blocks, outputs=outputs),
        "autoencoder": lambda: PictureEncoder(picture_shape(o, shape), width, outputs, flat=outputs == 1),
        "unrolled": lambda: UnrolledDiscriminator(picture_shape(o, shape), width, norm, outputs),
        "infogan": lambda: InfoGANDiscriminator(picture_shape(o, shape), width, norm),
    }
    if o.network in ("dcgan-course", "infogan") and outputs > 1:
        raise ValueError(f"the discriminator of --network {o.network} says one thing only; use --network dcgan here")
    network = makers[o.network]()
    network = spectral(network) if o.spectral else network
    return network if o.pack == 1 else Packed(network, o.pack)


def prior_of(o: Networks, machine: Machine) -> Prior:
    """Where the codes come from."""
    return (uniform if o.prior == "uniform" else gaussian)(o.latent, machine.device)


@dataclass
class Pair:
    """Two players, the prior between them, and what the discriminator sees through."""

    generator: Player
    discriminator: Player
    prior: Prior
    judge: Callable[[Tensor], Tensor] | None
    """Samples to logits."""
    augment: AdaptiveAugment | None = None

    def setup(self, game: Game, spec: Mapping[str, Field], targets: Mapping[str, Target] | None = None) -> Setup:
        """The game of these two, fed with what the generator learns to make."""
        return Setup(
            game,
            (field_of(spec),),
            self.sample,
            self.generate,
            self.differentiable,
            prior=self.prior,
            judge=self.judge,
            draw=self.draw,
            targets=targets or {},
            features=self.features,
        )

    @property
    def features(self) -> Callable[[Tensor], Tensor] | None:
        """Samples to what the discriminator sees in them, if it shows that."""
        network = self.discriminator.network
        judge = network.discriminator if isinstance(network, Seen) else network
        if not isinstance(judge, Featured | TwoHeads):
            return None
        return lambda x: applied(judge, x, by=judge.features)

    def sample(self, n: int) -> Tensor:
        """n samples of the averaged generator, in the network's range."""
        return self.generate(self.prior(n))

    def draw(self, n: int) -> Tensor:
        """n samples of the generator as it stands, as the discriminator meets them."""
        return self.generator(self.prior(n))

    def generate(self, codes: Tensor) -> Tensor:
        """What the averaged generator makes of codes (n, latent); leaves its batch statistics alone."""
        return applied(self.generator.sampler, codes)

    def differentiable(self, codes: Tensor) -> Tensor:
        """The same with gradients in the codes."""
        return differentiable(self.generator.sampler, codes)


def pair(
    o: Any, spec: Mapping[str, Field], machine: Machine, *, discriminator_steps: int = 1, adapts: bool = False
) -> Pair:
    """The generator and the discriminator of options with `training`, `networks`, `optimisers` and `view`.

    `adapts` says that the game tells adaptive augmentation how sure the discriminator is of real samples.
    Raises ValueError if such augmentation is asked for and it does not.
    """
    if o.view.augment == "adaptive" and not adapts:
        raise ValueError("--augment adaptive needs logits that call samples real or fake; use --augment diff here")
    shape = spec[field_of(spec)].shape
    generator = generator_of(o.networks, shape)
    discriminator, augment = seen(discriminator_of(o.networks, shape), o.view, shape)
    judge = player(discriminator, o, machine, lr=o.optimisers.discriminator_lr, steps=discriminator_steps)
    return Pair(
        player(generator, o, machine, lr=o.optimisers.generator_lr, average=True),
        judge,
        prior_of(o.networks, machine),
        judge,
        augment,
    )


def seen(network: nn.Module, o: View, shape: tuple[int, ...]) -> tuple[nn.Module, AdaptiveAugment | None]:
    """The discriminator behind its view of the samples, and the part of that view that adapts, if any."""
    pictures = len(shape) == 3
    augment = AdaptiveAugment() if o.augment == "adaptive" and pictures else None
    views: list[nn.Module] = [augment] if augment else []
    views += [DiffAugment()] if o.augment == "diff" and pictures else []
    views += [InstanceNoise(o.instance_noise, o.instance_noise_rounds)] if o.instance_noise else []
    return (Seen(network, nn.Sequential(*views)) if views else network), augment


def player(
    network: nn.Module,
    o: Any,
    machine: Machine,
    *,
    lr: float,
    steps: int = 1,
    average: bool = False,
    weight_decay: float = 0.0,
) -> Player:
    """A network on its machine, with its optimiser, schedule and, for a generator, its moving average."""
    pictures = any(isinstance(layer, nn.Conv2d | nn.ConvTranspose2d) for layer in network.modules())
    if pictures:
        network = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    network = network.to(machine.device)
    if machine.bf16 and pictures:
        network = autocast(network)
    optimisers: Optimisers | Optimiser = o.optimisers
    return Player(
        network,
        optimiser_of(network, optimisers, lr, weight_decay),
        schedule=schedule_of(optimisers.decay, o.training.rounds * steps),
        accumulate=o.training.accumulate,
        clip=optimisers.clip or None,
        compile=machine.compile,
        average=MovingAverage(network, optimisers.average) if average and optimisers.average else None,
    )


def optimiser_of(
    network: nn.Module, o: Optimisers | Optimiser, lr: float, weight_decay: float = 0.0
) -> torch.optim.Optimizer:
    """Adam in one fused kernel, RMSprop as WGAN has it, or descent with momentum as the GAN of 2014 has it."""
    parameters = list(network.parameters())
    if o.optimizer == "rmsprop":
        return torch.optim.RMSprop(parameters, lr, alpha=o.beta2, weight_decay=weight_decay)
    if o.optimizer == "sgd":
        return torch.optim.SGD(parameters, lr, momentum=o.beta1, weight_decay=weight_decay)
    betas = (float(o.beta1), float(o.beta2))
    return torch.optim.Adam(parameters, lr, betas=betas, weight_decay=weight_decay, fused=True)


def schedule_of(decay: str, steps: int) -> Callable[[int], float] | None:
    """A factor on the learning rate that falls from 1 to 1/100 over `steps`."""
    falls: dict[str, Callable[[float], float]] = {
        "linear": lambda done: 1 - done,
        "cosine": lambda done: 0.5 + 0.5 * math.cos(math.pi * done),
    }
    if decay == "none":
        return None
    return lambda step: max(falls[decay](min(step / steps, 1.0)), 0.01)


def falling(end: float, steps: int) -> Callable[[int], float]:
    """A factor that falls from 1 to `end` over `steps`, on a cosine."""
    return lambda step: end + (1 - end) * (0.5 + 0.5 * math.cos(math.pi * min(step / steps, 1.0)))


def applied(network: nn.Module, *inputs: Tensor, share: int = 256, by: Callable[..., Tensor] | None = None) -> Tensor:
    """The network's output, or what it gives `by` another call, without gradients, a share of the batch at a time.

    In evaluation mode.
    """
    with torch.no_grad(), evaluating(network):
        parts = zip(*(each.split(share) for each in inputs), strict=True)
        return torch.cat([(by or network)(*part) for part in parts])


def differentiable(network: nn.Module, codes: Tensor) -> Tensor:
    """The network's output in evaluation mode, with gradients in the codes."""
    with evaluating(network):
        return network(codes)


@contextmanager
def evaluating(network: nn.Module) -> Iterator[nn.Module]:
    """The network in evaluation mode: it leaves its batch statistics alone."""
    training = network.training
    network.eval()
    try:
        yield network
    finally:
        network.train(training)


def rank_batch(o: Any, machine: Machine) -> int:
    """The batch of one process. Raises ValueError if it cannot be cut as processes, parts and packs need it."""
    batch, parts = o.training.batch, o.training.accumulate
    if batch % machine.ranks:
        raise ValueError(f"--batch {batch} cannot be shared by {machine.ranks} processes; use a multiple of it")
    share = batch // machine.ranks
    networks = getattr(o, "networks", None)
    if isinstance(networks, Networks):
        _check_share(networks, share, parts)
    return share


def _check_share(o: Networks, share: int, parts: int) -> None:
    if o.pack > 1 and share % (o.pack * parts):
        raise ValueError(f"a batch of {share} cannot be cut into packs of {o.pack}; use a multiple of {o.pack * parts}")
    norms = {o.generator_norm, o.discriminator_norm}
    if share // parts < 2 and ("batch" in norms or o.network == "dcgan-course"):
        raise ValueError(
            "batch normalisation cannot learn from one sample at a time; use a larger --batch, "
            "or --generator-norm none --discriminator-norm none"
        )


def _mlp_generator(o: Networks, shape: tuple[int, ...]) -> nn.Module:
    activation = "relu" if o.activation == "maxout" else o.activation
    return MLPGenerator(o.latent, shape, o.width, o.depth, o.generator_norm, activation, o.generator_fourier)


def picture_shape(o: Networks, shape: tuple[int, ...]) -> tuple[int, int, int]:
    """The shape as that of a picture. Raises ValueError if it is that of a point."""
    if len(shape) != 3:
        raise ValueError(f"--network {o.network} makes pictures, and this data is points; use --network mlp")
    return shape[0], shape[1], shape[2]


def _course(o: Networks, shape: tuple[int, ...]) -> tuple[nn.Module, nn.Module]:
    if shape != (3, 128, 128):
        raise ValueError("--network dcgan-course is for colour pictures of 128x128; add --size 128 --channels 3")
    return course_pair(o.latent)


def autoencoding_pair(o: Any, spec: Mapping[str, Field], machine: Machine) -> Pair:
    """A generator, and an auto-encoder as its discriminator, whose code has `o.code` dimensions."""
    shape = spec[field_of(spec)].shape
    width = o.networks.discriminator_width
    pictures = len(shape) == 3
    network = PictureAutoencoder(picture_shape(o.networks, shape), width, o.code) if pictures else PointAutoencoder(
        shape, width, o.code
    )  # fmt: skip
    coder = player(network, o, machine, lr=o.optimisers.discriminator_lr)
    return Pair(
        player(generator_of(o.networks, shape), o, machine, lr=o.optimisers.generator_lr, average=True),
        coder,
        prior_of(o.networks, machine),
        lambda x: -reconstruction_energy(x, coder(x)),
    )

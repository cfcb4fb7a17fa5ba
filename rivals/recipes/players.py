"""From options to players."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from rivals.feed import Field
from rivals.losses.energies import reconstruction_energy
from rivals.networks.autoencoder import PictureAutoencoder, PointAutoencoder
from rivals.networks.evaluation import applied, differentiable
from rivals.networks.featured import Featured, TwoHeads
from rivals.networks.precision import autocast
from rivals.networks.view import Seen
from rivals.parts.adaptive_augment import AdaptiveAugment
from rivals.parts.augment import DiffAugment
from rivals.parts.average import MovingAverage
from rivals.parts.instance_noise import InstanceNoise
from rivals.parts.priors import Prior
from rivals.parts.schedules import schedule_of
from rivals.play import Game, Player
from rivals.recipes.networks import discriminator_of, field_of, generator_of, picture_shape, prior_of
from rivals.recipes.options import Networks, Optimiser, Optimisers, View
from rivals.recipes.recipe import Machine, Setup, Target


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
    o: Any, spec: Mapping[str, Field], machine: Machine, *, discriminator_steps: float = 1, adapts: bool = False
) -> Pair:
    """The generator and the discriminator of options with `training`, `networks`, `optimisers` and `view`.

    `discriminator_steps` are those of a round. `adapts` says that the game tells adaptive augmentation how sure the
    discriminator is of real samples.
    Raises ValueError if such augmentation is asked for and it does not.
    """
    if o.view.augment == "adaptive" and not adapts:
        raise ValueError("--augment adaptive needs logits that call samples real or fake; use --augment diff here")
    shape = spec[field_of(spec)].shape
    generator = generator_of(o.networks, shape)
    discriminator, augment = behind_view(discriminator_of(o.networks, shape), o.view, shape, discriminator_steps)
    judge = player(discriminator, o, machine, lr=o.optimisers.discriminator_lr, steps=discriminator_steps)
    return Pair(
        player(generator, o, machine, lr=o.optimisers.generator_lr, average=True),
        judge,
        prior_of(o.networks, machine),
        judge,
        augment,
    )


def behind_view(
    network: nn.Module, o: View, shape: tuple[int, ...], steps: float = 1
) -> tuple[nn.Module, AdaptiveAugment | None]:
    """The discriminator, of `steps` a round, behind its view of the samples; and what of that view adapts, if any."""
    pictures = len(shape) == 3
    augment = AdaptiveAugment() if o.augment == "adaptive" and pictures else None
    views: list[nn.Module] = [augment] if augment else []
    views += [DiffAugment()] if o.augment == "diff" and pictures else []
    views += [InstanceNoise(o.instance_noise, round(o.instance_noise_rounds * steps))] if o.instance_noise else []
    return (Seen(network, nn.Sequential(*views)) if views else network), augment


def player(
    network: nn.Module,
    o: Any,
    machine: Machine,
    *,
    lr: float,
    steps: float = 1,
    average: bool = False,
    weight_decay: float = 0.0,
) -> Player:
    """A network on its machine, with its optimiser, schedule over `steps` a round, and moving average if wanted."""
    pictures = any(isinstance(layer, nn.Conv2d | nn.ConvTranspose2d) for layer in network.modules())
    # A GPU's compiler chooses the layout itself, and fails over weights that have another.
    chosen = machine.compile and torch.device(machine.device).type == "cuda"
    if pictures and not chosen:
        network = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    network = network.to(machine.device)
    if machine.bf16 and pictures:
        network = autocast(network)
    optimisers: Optimisers | Optimiser = o.optimisers
    return Player(
        network,
        optimiser_of(network, optimisers, lr, weight_decay),
        schedule=schedule_of(optimisers.decay, round(o.training.rounds * steps)),
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


def autoencoding_pair(o: Any, spec: Mapping[str, Field], machine: Machine, *, bounded: bool = True) -> Pair:
    """A generator, and an auto-encoder as its discriminator, whose code has `o.code` dimensions.

    `bounded` reconstructions of pictures lie in [-1, 1].
    """
    shape = spec[field_of(spec)].shape
    width = o.networks.discriminator_width
    if len(shape) == 3:
        network = PictureAutoencoder(picture_shape(o.networks, shape), width, o.code, bounded=bounded)
    else:
        network = PointAutoencoder(shape, width, o.code)
    coder = player(network, o, machine, lr=o.optimisers.discriminator_lr)
    return Pair(
        player(generator_of(o.networks, shape), o, machine, lr=o.optimisers.generator_lr, average=True),
        coder,
        prior_of(o.networks, machine),
        lambda x: -reconstruction_energy(x, coder(x)),
    )

"""The options that recipes share. Each is a flag, a key of config.yaml and a field in Python at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from rivals.recipes.bounds import Bounds, Count, Less

SOMETHING: tuple[str, ...] = ()
"""Any value but 0, none and no."""
NORMALISED = ("mlp", "dcgan", "resnet", "unrolled", "infogan")
ONLY_WITH: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "dropout": {"network": ("mlp", "dcgan", "resnet")},
    "minibatch_std": {"network": ("dcgan", "resnet")},
    "blocks": {"network": ("r3gan",)},
    "generator_norm": {"network": NORMALISED, "mapping": SOMETHING},
    **dict.fromkeys(("depth", "discriminator_depth", "activation", "input_dropout"), {"network": ("mlp",)}),
    **dict.fromkeys(("generator_fourier", "discriminator_fourier"), {"network": ("mlp",)}),
    "beta1": {"optimizer": ("adam", "sgd")},
    "beta2": {"optimizer": ("adam", "rmsprop")},
    "instance_noise_rounds": {"instance_noise": SOMETHING},
    "lecam_weight": {"penalty": ("lecam",)},
    "penalty_weight": {"penalty": ("gradient", "r1", "r2", "r1+r2", "dragan")},
    "penalty_every": {"penalty": ("gradient", "r1", "r2", "r1+r2", "dragan")},
    "past_every": {"past_discriminators": SOMETHING},
}
"""Options that do something with these values of another one alone, or of one of several."""
NEVER_WITH: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(("width", "discriminator_width"), {"network": ("dcgan-course",)}),
    "discriminator_norm": {"network": ("dcgan-course", "r3gan", "autoencoder")},
}
"""Options that do nothing with these values of another one."""
SIZES = (8, 16, 32, 64, 128, 256)
"""Sides of the pictures that convolutional pairs can halve down to 4x4."""
BY_AMOUNT = -1
"""As many layers of a mapping network as suit the amount of data; none where nothing has decided yet."""
Augment = Literal["auto", "none", "diff", "adaptive"]


@dataclass(frozen=True, kw_only=True)
class Training:
    """How long and on how much at once."""

    rounds: Count = 50_000
    """Rounds to train: one step of the generator each."""
    batch: Count = 64
    """Samples a batch, over all processes."""
    accumulate: Count = 1
    """Parts that a batch is split into, one backward pass each, one step in all."""


@dataclass(frozen=True, kw_only=True)
class Networks:
    """Which networks play."""

    network: Literal["mlp", "dcgan", "dcgan-course", "resnet", "r3gan", "autoencoder", "unrolled", "infogan"] = "dcgan"
    """Architecture of both networks; autoencoder is BEGAN's decoder as the generator, its encoder as the judge;
    unrolled is the small pair of Unrolled GAN, infogan InfoGAN's for digits."""
    latent: Count = 128
    """Dimensions of the latent code."""
    mapping: Annotated[int, Bounds(BY_AMOUNT)] = 0
    """Dense layers before the generator (1812.04948): kinds come out apart; -1 means 4 from 5,000 pictures on."""
    prior: Literal["gaussian", "uniform"] = "gaussian"
    """Distribution of the codes: standard normal, or uniform between -1 and 1 as in 2014."""
    width: Count = 64
    """Units of a layer (mlp) or channels at the full size (the others) in the generator."""
    discriminator_width: Count = 64
    """The same in the discriminator; a smaller one is a weaker judge."""
    depth: Count = 3
    """Hidden layers of an mlp."""
    discriminator_depth: Count = 3
    """The same in the discriminator."""
    blocks: Count = 1
    """Residual blocks a resolution (r3gan)."""
    activation: Literal["leaky", "relu", "tanh", "elu", "maxout"] = "leaky"
    """Nonlinearity of an mlp's discriminator; its generator uses the same, or relu in place of maxout."""
    generator_fourier: float = 0.0
    """Scale of random Fourier features before an mlp's generator (2006.10739): sharper borders; 0 for none."""
    discriminator_fourier: float = 0.0
    """The same before an mlp's discriminator: finer detail."""
    generator_norm: Literal["batch", "none"] = "batch"
    """Normalisation in the generator."""
    discriminator_norm: Literal["batch", "layer", "none"] = "batch"
    """Normalisation in the discriminator; batch norm mixes samples, and a gradient penalty wants them one by one."""
    spectral: bool = False
    """Spectral normalisation of the discriminator (1802.05957)."""
    dropout: Less = 0.0
    """Share of the discriminator's units dropped: a weaker judge."""
    input_dropout: Less = 0.0
    """Share of the numbers of a sample that an mlp's discriminator does not see."""
    minibatch_std: bool = False
    """Let the discriminator see how much a group of samples varies (1710.10196)."""
    pack: Count = 1
    """Samples that the discriminator judges together (PacGAN, 1712.04086)."""
    ensemble: Count = 1
    """Generators that share the work."""


@dataclass(frozen=True, kw_only=True)
class Optimisers:
    """How the players step."""

    optimizer: Literal["adam", "rmsprop", "sgd"] = "adam"
    """Optimiser of both players; sgd is plain descent with momentum."""
    generator_lr: float = 2e-4
    """Learning rate of the generator."""
    discriminator_lr: float = 2e-4
    """Learning rate of the discriminator; unlike the generator's it makes two time scales (1706.08500)."""
    beta1: Less = 0.5
    """Adam's decay of the mean; sgd's momentum."""
    beta2: Less = 0.999
    """Adam's decay of the square (RMSprop's smoothing too)."""
    decay: Literal["none", "linear", "cosine"] = "none"
    """How both learning rates fall to a hundredth over the rounds."""
    clip: float = 0.0
    """Bound on the norm of a player's gradient; 0 for none."""
    average: float = 1000.0
    """Steps after which a weight's share in the averaged generator has halved; 0 for no average."""


@dataclass(frozen=True, kw_only=True)
class Optimiser:
    """How a player without an opponent steps."""

    optimizer: Literal["adam", "rmsprop"] = "adam"
    """Optimiser."""
    lr: float = 1e-3
    """Learning rate."""
    beta1: Less = 0.9
    """Adam's decay of the mean."""
    beta2: Less = 0.999
    """Adam's decay of the square (RMSprop's smoothing too)."""
    decay: Literal["none", "linear", "cosine"] = "cosine"
    """How the learning rate falls to a hundredth over the rounds."""
    clip: float = 0.0
    """Bound on the norm of the gradient; 0 for none."""
    average: float = 200.0
    """Steps after which a weight's share in the averaged network has halved; 0 for no average."""


@dataclass(frozen=True, kw_only=True)
class View:
    """What the discriminator sees of a sample, real or fake."""

    augment: Augment = "auto"
    """Differentiable augmentation (2006.10738), adaptive (2006.06676), or auto: adaptive below 5,000 pictures."""
    instance_noise: float = 0.0
    """Standard deviation of noise added to real and fake samples at first (1610.04490)."""
    instance_noise_rounds: Count = 5_000
    """Rounds over which that noise decays to nothing."""


def idle(name: str, options: Mapping[str, Any]) -> str:
    """Why an option does nothing beside others, by their plain names, and what would change that; else nothing."""
    flag = _flag(name)
    for other, values in NEVER_WITH.get(name, {}).items():
        if options.get(other) in values:
            return f"{flag} does nothing with {_flag(other)} {options[other]}; leave it out"
    wanted = {other: values for other, values in ONLY_WITH.get(name, {}).items() if other in options}
    if not wanted or any(_holds(options[other], values) for other, values in wanted.items()):
        return ""
    other, values = next(iter(wanted.items()))
    if values is SOMETHING:
        return f"{flag} does nothing without {_flag(other)}; leave it out, or add that"
    why = f"{flag} does nothing with {_flag(other)} {options[other]}"
    return f"{why}; leave it out, or use {_flag(other)} {' or '.join(values)}"


def _holds(value: Any, values: tuple[str, ...]) -> bool:
    return value in values or (values is SOMETHING and value not in (0, False, "none"))


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def check_size(options: Any, size: int) -> None:
    """Raises ValueError, with the nearest one, for a side of pictures that the networks cannot take; 0 is none yet."""
    networks = getattr(options, "networks", None)
    if not size or not isinstance(networks, Networks) or networks.network == "mlp" or size in SIZES:
        return
    if networks.network == "infogan":
        if size % 4:
            raise ValueError(
                f"--network infogan needs a multiple of 4, found --size {size}; use --size {max(4, size // 4 * 4)}"
            )
        return
    nearest = min(SIZES, key=lambda known: (abs(known - size), known))
    raise ValueError(
        f"--network {networks.network} needs a power of two from 8 to 256, found --size {size}; "
        f"use --size {nearest}, or --network mlp, which takes any"
    )

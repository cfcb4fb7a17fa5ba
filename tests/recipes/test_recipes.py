"""Every recipe, on points and on pictures: it builds, trains, samples in range, and every option does something."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest
import torch
from torch import Tensor

from rivals.feed import Feed, Field
from rivals.loop import fit, set_random_state
from rivals.play import Player, players, state_of
from rivals.recipes import RECIPES, Machine, Setup, recipe
from rivals.recipes.bounds import check_bounds
from rivals.run.checkpoint import bits_of
from rivals.run.run import configured

SMALL = {"latent": 4, "width": 8, "discriminator_width": 8, "batch": 8, "rounds": 10}


class Pictures:
    """32 pictures of blobs, 8x8 grey, with what can be asked for: dark or bright ones."""

    spec = {
        "image": Field((1, 8, 8), -1.0, 1.0, "picture"),
        "label": Field((), 0, 1, "label", ("dark", "bright")),
        "text": Field((2,), 0, 3, "text", ("", "?", "dark", "bright"), ("bright", "dark")),
    }

    def __init__(self) -> None:
        draws = torch.Generator().manual_seed(0)
        self.samples = torch.rand(32, 1, 8, 8, generator=draws).round() * 2 - 1

    def __len__(self) -> int:
        return len(self.samples)

    def batch(self, index: Tensor, draw: Tensor) -> dict[str, Tensor]:
        samples = self.samples[index]
        bright = (samples.flatten(1).mean(1) > 0).long()
        return {next(iter(self.spec)): samples, "label": bright, "text": torch.stack([2 + bright, 0 * bright], 1)}


class Points(Pictures):
    """32 points on a circle."""

    spec = {"point": Field((2,), kind="points")}

    def __init__(self) -> None:
        angles = torch.linspace(0, 6, 32)
        self.samples = torch.stack([angles.cos(), angles.sin()], 1)


SOURCES = {"points": Points, "pictures": Pictures}


def options(name: str, kind: str, **changes: object) -> Any:
    """A recipe's preset with the smallest networks, and some options changed by their flags' names."""
    preset = recipe(name).preset(kind)
    known = {f.name for f in fields(preset)}
    groups = [getattr(preset, each) for each in known if is_dataclass(getattr(preset, each))]
    flags = known | {f.name for group in groups for f in fields(group)}
    small = (
        {flag: value for flag, value in SMALL.items() if flag in flags and flag not in recipe(name).without}
        | ({"code": 4} if "code" in known else {})
        | ({"chains": 16} if "chains" in known else {})
    )
    small |= {"categories": 2, "continuous": 1} if "categories" in known else {}
    given = {"data": {"points": "ring", "pictures": "digits"}[kind], **small, **changes}
    made = configured(name, given).options
    if "view" in known and made.view.augment == "auto":  # what a run decides by the amount of data
        made = replace(made, view=replace(made.view, augment="none"))
    return made


def trained(
    o: Any,
    name: str,
    kind: str,
    rounds: int = 3,
    machine: Machine = Machine(),  # noqa: B008
    before: Callable[[Setup], None] = lambda setup: None,
) -> Setup:
    """The game of some options after a few rounds."""
    set_random_state(0)
    source = SOURCES[kind]()
    setup = recipe(name).build(o, source.spec, machine)
    before(setup)
    feed = Feed(source, o.training.batch, fields=setup.fields, seed=1)
    for _ in fit(setup.game, feed, rounds=range(rounds)):
        pass
    return setup


def bits(setup: Setup) -> str:
    """What was learned."""
    return bits_of({name: player.network.state_dict() for name, player in players(setup.game).items()})


TRAINS = [(name, kind) for name in RECIPES for kind in SOURCES if kind in recipe(name).presets]


@pytest.mark.parametrize(("name", "kind"), TRAINS)
def test_it_moves_its_players_and_samples_in_range(name: str, kind: str) -> None:
    o = options(name, kind)
    check_bounds(o)
    setup = trained(o, name, kind)
    shape = SOURCES[kind].spec[setup.fields[0]].shape
    samples = setup.sample(6)
    assert samples.shape == (6, *shape) and samples.dtype == torch.float32 and samples.isfinite().all()
    if kind == "pictures":
        assert samples.min() >= -1 and samples.max() <= 1
    if setup.generate is not None and setup.prior is not None:
        codes = setup.prior(6)
        assert codes.shape[0] == 6 and codes.dim() == 2 and torch.equal(setup.generate(codes), setup.generate(codes))
    begun = trained(o, name, kind, rounds=0)
    for player in players(begun.game):
        before, after = (players(each.game)[player].network.state_dict() for each in (begun, setup))
        assert any(not torch.equal(before[key], after[key]) for key in before), f"{player} has not moved"


@pytest.mark.parametrize("name", RECIPES)
def test_the_same_seed_trains_to_the_same_bits(name: str) -> None:
    kind = "points" if "points" in recipe(name).presets else "pictures"
    o = options(name, kind)
    assert bits(trained(o, name, kind, rounds=2)) == bits(trained(o, name, kind, rounds=2))


@pytest.mark.parametrize(("name", "kind"), TRAINS)
def test_its_preset_says_what_it_is(name: str, kind: str) -> None:
    assert recipe(name).name == name and recipe(name).paper and recipe(name).title
    for group in (recipe(name).preset(kind), *vars(recipe(name).preset(kind)).values()):
        if is_dataclass(group):
            assert type(group).__doc__ and not type(group).__doc__.startswith(type(group).__name__)


CHANGES: dict[str, tuple[str, str, dict[str, object]]] = {
    "label smoothing": ("gan", "points", {"label_smoothing": 0.1}),
    "label noise": ("gan", "points", {"label_noise": 0.3}),
    "a history of fakes": ("gan", "points", {"fake_history": 16}),
    "unrolled steps": ("gan", "points", {"unrolled_steps": 2}),
    "instance noise": ("gan", "points", {"instance_noise": 0.5}),
    "its decay": ("gan", "points", {"instance_noise": 0.5, "instance_noise_rounds": 2}),
    "packing": ("gan", "points", {"pack": 2}),
    "an ensemble": ("gan", "points", {"ensemble": 2}),
    "minibatch deviation": ("gan", "pictures", {"minibatch_std": True}),
    "dropout": ("gan", "points", {"dropout": 0.5}),
    "spectral normalisation": ("gan", "points", {"spectral": True}),
    "clipping": ("gan", "points", {"clip": 1e-3}),
    "RMSprop": ("gan", "points", {"optimizer": "rmsprop"}),
    "a linear decay": ("gan", "points", {"decay": "linear"}),
    "no decay": ("gan", "points", {"decay": "none"}),
    "two time scales": ("gan", "points", {"discriminator_lr": 4e-3}),
    "momentum": ("gan", "points", {"beta1": 0.9, "beta2": 0.9}),
    "more discriminator steps": ("gan", "points", {"discriminator_steps": 2}),
    "a weaker judge": ("gan", "points", {"discriminator_width": 4}),
    "differentiable augmentation": ("gan", "pictures", {"augment": "diff"}),
    "maxout": ("gan", "points", {"activation": "maxout"}),
    "no batch norm": ("gan", "pictures", {"generator_norm": "none", "discriminator_norm": "none"}),
    "layer norm": ("gan", "points", {"discriminator_norm": "layer"}),
    "the ResNet pair": ("gan", "pictures", {"network": "resnet"}),
    "an MLP for pictures": ("gan", "pictures", {"network": "mlp"}),
    "the R3GAN pair": ("gan", "pictures", {"network": "r3gan", "generator_norm": "none", "discriminator_norm": "none"}),
    "LeCam": ("gan", "points", {"penalty": "lecam"}),
    "a lazy penalty": ("dragan", "points", {"penalty_every": 2}),
    "the penalty's weight": ("dragan", "points", {"penalty_weight": 3.0}),
    "critic steps": ("wgan", "points", {"critic_steps": 2}),
    "the clip of weights": ("wgan", "points", {"weight_clip": 1e-3}),
    "the weight of WGAN-GP's penalty": ("wgan-gp", "points", {"penalty_weight": 5.0}),
    "the weight of R3GAN's penalties": ("r3gan", "points", {"penalty_weight": 5.0}),
    "the fall of R3GAN's penalties": ("r3gan", "points", {"penalty_end": 0.1}),
    "EBGAN's margin": ("ebgan", "points", {"margin": 3.0}),
    "EBGAN's pulling term": ("ebgan", "points", {"pulling_weight": 2.0}),
    "EBGAN's code": ("ebgan", "points", {"code": 2}),
    "BEGAN's balance": ("began", "points", {"balance": 0.9, "balance_rate": 0.1}),
    "the margin's scale": ("loss-sensitive", "points", {"margin_scale": 3.0}),
    "the margin's weight": ("loss-sensitive", "points", {"margin_weight": 3.0}),
    "the loss function's slope": ("loss-sensitive", "points", {"penalty_weight": 3.0}),
    "climbing steps": ("ebm", "points", {"climb_steps": 3}),
    "climbing rate": ("ebm", "points", {"climb_rate": 0.5}),
    "climbing noise": ("ebm", "points", {"climb_noise": 0.0}),
    "climbing bound": ("ebm", "points", {"climb_bound": 0.01}),
    "the weight of the logits": ("ebm", "points", {"logit_weight": 2.0}),
    "blurred positives": ("ebm", "points", {"blur": 0.5}),
    "new chains": ("ebm", "points", {"restart": 1.0}),
    "a small buffer": ("ebm", "points", {"chains": 8}),
    "labels in place of sentences": ("cgan", "pictures", {"condition": "label"}),
    "a condition beside the code": ("cgan", "pictures", {"generator_condition": "input"}),
    "a condition beside the picture": ("cgan", "pictures", {"discriminator_condition": "input"}),
    "two heads": ("cgan", "pictures", {"discriminator_condition": "two-heads"}),
    "conditions on the ResNet pair": ("cgan", "pictures", {"network": "resnet"}),
    "conditions on the R3GAN pair": ("cgan", "pictures", {"network": "r3gan", "generator_condition": "input"}),
    "more numbers a condition": ("cgan", "pictures", {"embedding": 8}),
    "another loss of the conditional GAN": ("cgan", "pictures", {"loss": "hinge"}),
    "no wrong pairs": ("cgan", "pictures", {"wrong_weight": 0.0}),
    "no R1 and R2": ("cgan", "pictures", {"penalty_weight": 0.0}),
    "the fall of the conditional GAN's penalties": ("cgan", "pictures", {"penalty_end": 1.0}),
    "an augmented view beside a condition": ("cgan", "pictures", {"augment": "diff"}),
    "the classifier's weight": ("acgan", "pictures", {"class_weight": 3.0}),
    "made samples that teach the classifier": ("acgan", "pictures", {"fake_weight": 1.0}),
    "AC-GAN's loss": ("acgan", "pictures", {"loss": "hinge"}),
    "AC-GAN's penalties": ("acgan", "pictures", {"penalty_weight": 0.0}),
    "the squared difference": ("supervised", "pictures", {"distance": "l2"}),
    "BiGAN's codes": ("bigan", "pictures", {"prior": "gaussian"}),
    "uniform codes": ("gan", "points", {"prior": "uniform"}),
    "dropout of a sample's numbers": ("gan", "points", {"input_dropout": 0.2}),
    "plain descent": ("gan", "points", {"optimizer": "sgd"}),
    "more levels": ("pixelcnn", "pictures", {"levels": 4}),
    "gates": ("pixelcnn", "pictures", {"gated": True}),
    "fewer blocks": ("pixelcnn", "pictures", {"blocks": 2}),
    "smaller kernels": ("pixelcnn", "pictures", {"kernel": 3}),
    "fewer memories": ("pixelrnn", "pictures", {"layers": 1}),
    "levels of a memory's pixels": ("pixelrnn", "pictures", {"levels": 4}),
    "levels of a Gaussian's pixels": ("gaussian", "pictures", {"levels": 8}),
    "a VAE's particles": ("vae", "points", {"particles": 3}),
    "an IWAE's particles": ("iwae", "points", {"particles": 2}),
    "the scale of a likelihood": ("vae", "points", {"scale": 1.0}),
    "a scale that stays": ("vae", "points", {"learn_scale": False}),
    "yes or no pixels": ("vae", "pictures", {"likelihood": "bernoulli"}),
    "an MLP for codes": ("vae", "pictures", {"network": "mlp"}),
    "a DCGAN behind codes": ("vae", "pictures", {"network": "dcgan"}),
    "an auto-encoder's MLP": ("autoencoder", "pictures", {"network": "mlp"}),
    "its depth": ("vae", "points", {"depth": 1}),
    "its nonlinearity": ("vae", "points", {"activation": "elu"}),
    "its learning rate": ("vae", "points", {"lr": 1e-2}),
    "the likeness's layer": ("vaegan", "points", {"similarity_layer": 1}),
    "the likeness's weight": ("vaegan", "points", {"reconstruction_weight": 3.0}),
    "the likeness's scale": ("vaegan", "points", {"similarity_scale": 0.5}),
    "the verdict's weight": ("vaegan", "points", {"gan_weight": 0.0}),
    "VAE-GAN's saturating loss": ("vaegan", "points", {"loss": "minimax"}),
    "VAE-GAN's norm": ("vaegan", "points", {"discriminator_norm": "layer"}),
    "VAE-GAN's judge": ("vaegan", "points", {"discriminator_width": 4}),
    "the real samples' own loss": ("loss-sensitive", "points", {"real_weight": 1.0}),
    "the information's weight": ("infogan", "points", {"information_weight": 0.1}),
    "the continuous codes' weight": ("infogan", "points", {"continuous_weight": 0.1}),
    "categories that stay when pictures change": ("infogan", "pictures", {"paired_weight": 1.0}),
    "a learned deviation": ("infogan", "points", {"learned_sd": True}),
    "more categories": ("infogan", "points", {"categories": 3}),
    "another categorical code": ("infogan", "points", {"categorical_codes": 2, "continuous": 0}),
    "codes on the DCGAN pair": ("infogan", "pictures", {"network": "dcgan"}),
    "a stochastic encoder": ("bigan", "points", {"encoder": "stochastic"}),
    "weight decay": ("bigan", "points", {"weight_decay": 1e-2}),
    "a perceptron that knows no neighbours": ("bigan", "pictures", {"network": "mlp"}),
}


@pytest.mark.parametrize("what", CHANGES)
def test_an_option_changes_what_is_learned(what: str) -> None:
    name, kind, changes = CHANGES[what]
    with_it, without = options(name, kind, **changes), options(name, kind)
    assert with_it != without
    setup = trained(with_it, name, kind)
    assert bits(setup) != bits(trained(without, name, kind))
    assert setup.sample(4).isfinite().all()


@pytest.mark.parametrize("penalty", ["gradient", "r1", "r2", "r1+r2", "dragan"])
def test_every_penalty_is_another(penalty: str) -> None:
    plain = bits(trained(options("gan", "points"), "gan", "points"))
    assert bits(trained(options("gan", "points", penalty=penalty), "gan", "points")) != plain


def test_every_loss_is_another() -> None:
    from typing import get_args

    from rivals.recipes.gan import LossName

    learned = {loss: bits(trained(options("gan", "points", loss=loss), "gan", "points")) for loss in get_args(LossName)}
    assert learned["jensen-shannon"] == learned["non-saturating"]  # twice the same, but for a constant
    assert learned["hinge"] == learned["wasserstein"]  # before a logit has reached the margin
    assert len(set(learned.values())) == len(learned) - 2 == 9


def test_the_pool_of_past_fakes_fills_up() -> None:
    game = trained(options("gan", "points", fake_history=12), "gan", "points", rounds=4).game
    pool = [x for x in _tensors(state_of(game)["history"]) if x.dim() == 2]
    assert len(pool) == 1 and pool[0].shape == (12, 2) and bool((pool[0].abs().sum(1) > 0).all())


def test_past_discriminators_are_kept_and_change_what_the_generator_learns() -> None:
    o = options("gan", "points", past_discriminators=2)

    def often(setup: Setup) -> None:
        setup.game.past.every = 2

    setup = trained(o, "gan", "points", rounds=5, before=often)
    assert len(setup.game.past) == 2
    networks = [setup.game.discriminator.network, *setup.game.past]
    assert len({bits_of(network.state_dict()) for network in networks}) == 3
    assert bits(setup) != bits(trained(options("gan", "points"), "gan", "points", rounds=5))


def test_lecam_remembers_what_the_discriminator_said() -> None:
    game = trained(options("gan", "points", penalty="lecam"), "gan", "points").game
    assert any(bool(x.float().abs().sum() > 0) for x in _tensors(state_of(game)["lecam"]))


@pytest.mark.parametrize("kind", SOURCES)
@pytest.mark.parametrize("name", ["infogan", "bigan"])
def test_codes_of_samples_can_be_generated_from(name: str, kind: str) -> None:
    setup = trained(options(name, kind), name, kind)
    assert setup.encode is not None and setup.features is not None and setup.generate is not None
    samples = setup.sample(5)
    codes = setup.encode(samples)
    assert codes.shape == (5, 4) and torch.equal(codes, setup.encode(samples)) and not codes.requires_grad
    assert setup.generate(codes).shape == samples.shape
    assert setup.features(samples).shape[0] == 5


@pytest.mark.parametrize(
    "name, changes, words",
    [
        (
            "infogan",
            {"latent": 2},
            "--latent 2 is too small for 3 dimensions of categories and continuous codes; use 3",
        ),
        ("infogan", {"network": "unrolled"}, "use --network infogan, dcgan or mlp"),
        ("bigan", {"network": "resnet"}, "no encoder for --network resnet; use mlp or dcgan"),
    ],
)
def test_networks_that_cannot_code_are_refused(name: str, changes: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        trained(options(name, "pictures", **changes), name, "pictures")


@pytest.mark.parametrize(
    "name, kind, changes, words",
    [
        ("nsgan", "pictures", {"network": "r3gan", "dropout": 0.3}, "--dropout does nothing with --network r3gan"),
        ("nsgan", "points", {"minibatch_std": True}, "--minibatch-std does nothing with --network mlp"),
        (
            "began",
            "pictures",
            {"depth": 5},
            "--depth does nothing with --network dcgan; leave it out, or use --network mlp",
        ),
        ("ebgan", "pictures", {"blocks": 2}, "--blocks does nothing with --network dcgan; .* use --network r3gan"),
        ("r3gan", "points", {"generator_norm": "batch", "blocks": 2}, "--blocks does nothing with --network mlp"),
        ("nsgan", "pictures", {"network": "r3gan", "spectral": True}, "layers that begin at zero with --network r3gan"),
        ("hinge-sn", "pictures", {"network": "r3gan"}, "layers that begin at zero .* use --network dcgan or resnet"),
        (
            "cgan",
            "pictures",
            {"network": "r3gan", "generator_norm": "none"},
            "--generator-norm does nothing with --network r3gan; leave it out, or use --network mlp or dcgan or",
        ),
        (
            "nsgan",
            "pictures",
            {"network": "autoencoder", "discriminator_norm": "layer"},
            "--discriminator-norm does nothing with --network autoencoder; leave it out$",
        ),
        ("nsgan", "pictures", {"network": "dcgan-course", "width": 3}, "--width does nothing with .* dcgan-course"),
        ("nsgan", "points", {"optimizer": "sgd", "beta2": 0.9}, "--beta2 does nothing with --optimizer sgd"),
        ("nsgan", "points", {"optimizer": "rmsprop", "beta1": 0.3}, "--beta1 does nothing with --optimizer rmsprop"),
        (
            "nsgan",
            "points",
            {"instance_noise_rounds": 9},
            "--instance-noise-rounds does nothing without --instance-noise; leave it out, or add that",
        ),
        ("nsgan", "points", {"penalty_weight": 3.0}, "--penalty-weight does nothing with --penalty none; .* r1"),
        ("nsgan", "points", {"penalty": "lecam", "penalty_weight": 3.0}, "--penalty-weight does nothing with"),
        ("nsgan", "points", {"penalty": "r1", "lecam_weight": 3.0}, "use --penalty lecam"),
        ("nsgan", "points", {"penalty_every": 4}, "--penalty-every does nothing with --penalty none"),
        ("nsgan", "points", {"past_every": 4}, "--past-every does nothing without --past-discriminators"),
        ("nsgan", "points", {"unrolled_steps": 2, "penalty": "r1"}, "--unrolled-steps does not go with --penalty r1"),
        ("ebm", "points", {"chains": 1}, "--chains 1 are fewer than --batch"),
    ],
)
def test_what_would_do_nothing_is_refused(name: str, kind: str, changes: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        trained(options(name, kind, **changes), name, kind)


def test_a_norm_that_the_mapping_network_has_is_taken() -> None:
    given = {"data": "digits", "network": "r3gan", "mapping": 2, "generator_norm": "none"}
    assert configured("nsgan", given).options.networks.generator_norm == "none"


OTHER = {
    "pack": 3, "ensemble": 2, "spectral": True, "minibatch_std": True, "prior": "uniform",
    "discriminator_norm": "layer", "latent": 3, "mapping": 3, "width": 9, "discriminator_width": 9, "depth": 7,
    "discriminator_depth": 7,
}  # fmt: skip


@pytest.mark.parametrize("name", [each.name for each in RECIPES.values() if each.without])
def test_an_option_that_a_recipe_has_no_use_for_is_refused(name: str) -> None:
    data = next(iter(RECIPES[name].presets))
    for option in RECIPES[name].without:
        if option == "generator_norm":  # of its two values each is that of a preset
            continue
        given = {"data": "ring" if data == "points" else "digits", option: OTHER.get(option, 0.5)}
        with pytest.raises(ValueError, match=f"^{name} has no use for --{option.replace('_', '-')}; leave it out$"):
            configured(name, given)


@pytest.mark.parametrize(
    "kind, changes, words",
    [
        ("points", {}, "--paired-weight turns and stretches pictures; for points leave it at 0"),
        ("pictures", {"categorical_codes": 0}, "is for categories; with --categorical-codes 0 leave it at 0"),
    ],
)
def test_pairs_that_tell_nothing_are_refused(kind: str, changes: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        trained(options("infogan", kind, paired_weight=1.0, **changes), "infogan", kind)


def _tensors(state: Any) -> list[Tensor]:
    if isinstance(state, Tensor):
        return [state]
    parts = state.values() if isinstance(state, dict) else state if isinstance(state, list | tuple) else ()
    return [x for part in parts for x in _tensors(part)]


def test_adaptive_augmentation_grows_with_what_the_discriminator_is_sure_of() -> None:
    for name in ("r3gan", "gan"):
        o = options(name, "pictures", augment="adaptive", discriminator_lr=1e-2, generator_lr=0.0)
        game = trained(o, name, "pictures", rounds=12).game
        assert game.augment.strength > 0


def test_accumulation_gives_the_same_step() -> None:
    one, two = (options("lsgan", "points", accumulate=n, optimizer="rmsprop", beta2=0.9) for n in (1, 2))
    a, b = (trained(o, "lsgan", "points", rounds=1).game for o in (one, two))
    for p, q in zip(a.generator.network.parameters(), b.generator.network.parameters(), strict=True):
        assert torch.allclose(p, q, atol=1e-6)
    assert b.generator.accumulate == 2 and a.generator.steps == b.generator.steps == 1


def test_the_average_follows_the_generator() -> None:
    setup = trained(options("gan", "points", average=2.0), "gan", "points")
    player: Player = setup.game.generator
    plain = trained(options("gan", "points", average=0.0), "gan", "points").game.generator
    assert player.average is not None and plain.average is None and plain.sampler is plain.network
    pairs = zip(player.sampler.parameters(), player.network.parameters(), strict=True)
    assert any(not torch.equal(p, q) for p, q in pairs)


def test_convolutions_are_in_bf16_where_it_is_wanted_and_their_output_is_not() -> None:
    o = options("nsgan", "pictures")
    half = trained(o, "nsgan", "pictures", machine=Machine(bf16=True))
    assert bits(half) != bits(trained(o, "nsgan", "pictures"))
    assert half.sample(2).dtype == torch.float32
    assert all(p.dtype == torch.float32 for p in half.game.generator.network.parameters())

"""The four hard cases, small enough to be played in a test, and two one-player games that they are built from."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from rivals.control.cartpole import CartPole
from rivals.control.ppo import PPO
from rivals.control.rollout import collect, first_returns
from rivals.feed import Feed, Field
from rivals.games.cyclegan import Critics, CycleGAN, Translators
from rivals.games.dann import DANN
from rivals.games.gail import GAIL
from rivals.games.mle import MLE
from rivals.games.ppo import PolicyOptimisation
from rivals.games.seqgan import SeqGAN
from rivals.loop import fit
from rivals.networks.policy import DiscretePolicy, DiscreteReward, Standardised
from rivals.networks.sequence import TokenJudge, TokenPolicy
from rivals.parts.average import MovingAverage
from rivals.parts.history import FakeHistory
from rivals.play import Player
from tests.games.tiny import Move, Tiny, mlp


@dataclass
class Table:
    """A source of rows held in memory; `loose` fields are drawn independently of the others, as unpaired sets are."""

    columns: Mapping[str, Tensor]
    loose: tuple[str, ...] = ()

    @property
    def spec(self) -> dict[str, Field]:
        return {name: Field(tuple(column.shape[1:])) for name, column in self.columns.items()}

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    def batch(self, index: Tensor, draw: Tensor) -> dict[str, Tensor]:
        other = draw % len(self)
        return {name: column[other if name in self.loose else index] for name, column in self.columns.items()}


def player(network: nn.Module, lr: float, betas: tuple[float, float] = (0.9, 0.999), **parts: Any) -> Player:
    return Player(network, torch.optim.Adam(network.parameters(), lr=lr, betas=betas), **parts)


# CycleGAN: two blobs side by side become two blobs one above the other, elsewhere.

SOURCES = torch.tensor([[-1.0, 0.0], [1.0, 0.0]])
TARGETS = torch.tensor([[2.0, 1.0], [2.0, -1.0]])


def blobs(centres: Tensor, count: int, seed: int) -> Tensor:
    draw = torch.Generator().manual_seed(seed)
    chosen = torch.randint(len(centres), (count,), generator=draw)
    return centres[chosen] + 0.15 * torch.randn(count, 2, generator=draw)


def cyclegan() -> Tiny:
    torch.manual_seed(0)
    translators, critics = Translators(mlp(2, 2, 32), mlp(2, 2, 32)), Critics(mlp(2, 1, 32), mlp(2, 1, 32))
    game = CycleGAN(
        player(translators, 1e-3, (0.5, 0.9), average=MovingAverage(translators, half_life=100)),
        player(critics, 2e-3, (0.5, 0.9)),
        FakeHistory(50),
        FakeHistory(50),
        cycle_weight=1.0,  # coordinates differ by 1, pixels by 0.1
    )
    data = Table({"source": blobs(SOURCES, 512, 1), "target": blobs(TARGETS, 512, 2)}, loose=("target",))
    feed = Feed(data, 8, fields=("source", "target"))

    def learns() -> None:
        feed.batch = 64
        for _ in fit(game, feed, rounds=range(800)):
            pass
        x, y = blobs(SOURCES, 500, 3), blobs(TARGETS, 500, 4)
        averaged = game.translators.sampler
        fake_y, fake_x = averaged(x, y)
        cycled_y, cycled_x = averaged(fake_x, fake_y)
        for fake, centres in ((fake_y, TARGETS), (fake_x, SOURCES)):
            distance, nearest = torch.cdist(fake, centres).min(1)
            assert distance.mean() < 0.3  # the blobs' own is 0.19
            assert 0.35 < nearest.float().mean() < 0.65
        assert (cycled_x - x).abs().mean() < 0.12 and (cycled_y - y).abs().mean() < 0.12

    return Tiny(game, feed, learns)


# SeqGAN: every token is the one before it plus one or two, round a small circle.

VOCABULARY, LENGTH = 5, 6


def grammatical(tokens: Tensor) -> Tensor:
    """The share of steps that the little language allows."""
    step = (tokens[:, 1:] - tokens[:, :-1]) % VOCABULARY
    return ((step == 1) | (step == 2)).float().mean()


def sentences(count: int, seed: int = 5) -> Tensor:
    draw = torch.Generator().manual_seed(seed)
    start = torch.randint(VOCABULARY, (count, 1), generator=draw)
    steps = torch.randint(1, 3, (count, LENGTH - 1), generator=draw)
    return torch.cat((start, steps), 1).cumsum(1) % VOCABULARY


def language(policy: nn.Module, seed_samples: int = 2000) -> float:
    torch.manual_seed(9)
    return grammatical(policy.sample(seed_samples, LENGTH)).item()


def slowly(network: nn.Module) -> MovingAverage:
    """The roll-out policy of SeqGAN: 0.8 of itself and 0.2 of the policy after each policy move."""
    return MovingAverage(network, half_life=math.log(0.5) / math.log(0.8), warmup=math.inf)


def seqgan() -> Tiny:
    torch.manual_seed(0)
    policy, judge = TokenPolicy(VOCABULARY), TokenJudge(VOCABULARY, LENGTH)
    game = SeqGAN(player(policy, 5e-3), player(judge, 2e-3), slowly(policy), samples=4, discriminator_steps=2, epochs=1)
    feed = Feed(Table({"tokens": sentences(512)}), 8)

    def learns() -> None:
        feed.batch, game.samples = 64, 8
        for _ in fit(MLE(game.policy), feed, rounds=range(12)):
            pass
        game.rollout = slowly(policy)
        before = language(policy)
        correct = []
        for round, _ in fit(game, feed, rounds=range(120), seed=1):
            if round >= 100 and round % 10 == 9:
                correct.append(language(policy))
        assert before < 0.75
        assert sum(correct) / len(correct) > 0.92

    def moves() -> list[Move]:
        value = torch.linspace(0, 1, 8 * LENGTH).view(8, LENGTH)
        return [
            (game.policy, game.policy_loss, (sentences(8, 6), value)),
            (game.discriminator, game.discriminator_loss, (sentences(8, 7), (sentences(8, 8) * 2) % VOCABULARY)),
        ]

    return Tiny(game, feed, learns, moves)


def mle() -> Tiny:
    torch.manual_seed(0)
    game = MLE(player(TokenPolicy(VOCABULARY), 5e-3))
    feed = Feed(Table({"tokens": sentences(512)}), 8)

    def learns() -> None:
        feed.batch = 64
        for _ in fit(game, feed, rounds=range(150)):
            pass
        assert language(game.policy.network) > 0.97

    return Tiny(game, feed, learns)


# DANN: the second coordinate tells the class best in the source, and is moved away in the target.


def domain(count: int, shift: float, seed: int) -> tuple[Tensor, Tensor]:
    draw = torch.Generator().manual_seed(seed)
    label = torch.randint(2, (count,), generator=draw)
    sign = 2.0 * label - 1
    noise = torch.randn(count, 2, generator=draw)
    return torch.stack((sign + 0.5 * noise[:, 0], sign + 0.3 * noise[:, 1] + shift), 1), label


SHIFT = 3.0


def dann_game(**options: Any) -> DANN:
    torch.manual_seed(0)
    features = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 4))
    return DANN(
        player(features, 3e-3), player(nn.Linear(4, 2), 3e-3), player(mlp(4, 1, 16), 3e-3), **{"rounds": 400} | options
    )


def domains() -> Feed:
    x, label = domain(1024, 0.0, 10)
    table = Table({"source": x, "label": label, "target": domain(1024, SHIFT, 11)[0]}, loose=("target",))
    return Feed(table, 8, fields=("source", "label", "target"))


def target_accuracy(game: DANN, feed: Feed) -> float:
    """Mean accuracy on unseen target samples over the last rounds."""
    x, label = domain(2000, SHIFT, 12)
    feed.batch, scores = 64, []
    for round, _ in fit(game, feed, rounds=range(600)):
        if round >= 400 and round % 20 == 0:
            scores.append((game.labels(game.features(x)).argmax(1) == label).float().mean().item())
    return sum(scores) / len(scores)


def dann() -> Tiny:
    game, feed = dann_game(), domains()

    def learns() -> None:
        source_only = target_accuracy(dann_game(weight=lambda progress: 0.0), domains())
        adapted = target_accuracy(game, feed)
        assert source_only < 0.7
        assert adapted > 0.85

    return Tiny(game, feed, learns)


# GAIL and PPO: the cart and the pole.


def scripted(observation: Tensor) -> Tensor:
    """An expert by hand: push to the side to which the pole, in a moment, will lean (and the cart will have run)."""
    x, speed, angle, spin = observation.unbind(1)
    return ((angle + 0.25 * spin + 0.05 * x + 0.08 * speed) > 0).long()


def demonstrations() -> Table:
    torch.manual_seed(3)
    rollout = collect(scripted, CartPole(16), 256).flat()
    return Table({"observation": rollout.observation, "action": rollout.action})


def gail() -> Tiny:
    torch.manual_seed(0)
    expert = demonstrations()
    seen, chosen = expert.columns["observation"], expert.columns["action"]
    torch.manual_seed(0)
    policy = Standardised(DiscretePolicy(4, 2), seen.mean(0), seen.std(0))
    reward = Standardised(DiscreteReward(4, 2), seen.mean(0), seen.std(0))
    rule = PPO(epochs=2, minibatches=2)
    game = GAIL(player(policy, 3e-3), player(reward, 3e-3), CartPole(4), steps=8, discriminator_steps=2, rule=rule)
    feed = Feed(expert, 8, fields=("observation", "action"))

    def learns() -> None:
        feed.batch, game.environment, game.steps, game.discriminator_steps = 256, CartPole(16), 64, 10
        game.rule = PPO(epochs=6, minibatches=4, discount=0.95)
        agreement = []
        for round, _ in fit(game, feed, rounds=range(30)):
            if round >= 20:
                agreement.append(game.policy(seen)[0].log_prob(chosen).exp().mean().item())
        lasting = first_returns(lambda o: game.policy(o)[0].probs.argmax(1), CartPole(32), 500).mean().item()
        assert sum(agreement) / len(agreement) > 0.85
        assert lasting > 400

    def moves() -> list[Move]:
        torch.manual_seed(4)
        rollout = collect(scripted, CartPole(4), 4)
        judged = game.rule.judged(game.policy, rollout)
        flat = rollout.flat()
        pairs = (flat.observation, flat.action, flat.observation.flip(0), 1 - flat.action)
        return [
            (game.discriminator, game.discriminator_loss, pairs),
            (game.policy, game.rule.loss, (game.policy, *judged)),
        ]

    return Tiny(game, feed, learns, moves)


def ppo() -> Tiny:
    torch.manual_seed(0)
    game = PolicyOptimisation(player(DiscretePolicy(4, 2), 3e-3), CartPole(4), 8, PPO(epochs=2, minibatches=2))
    feed = Feed(Table({"nothing": torch.zeros(8, 1)}), 8)

    def learns() -> None:
        game.environment, game.steps = CartPole(16), 64
        game.rule = PPO(epochs=8, minibatches=4)
        for _ in fit(game, feed, rounds=range(60)):
            pass
        torch.manual_seed(1)
        lasting = first_returns(lambda o: game.policy(o)[0].probs.argmax(1), CartPole(64), 500).mean().item()
        assert lasting > 450

    def moves() -> list[Move]:
        torch.manual_seed(4)
        judged = game.rule.judged(game.policy, collect(scripted, CartPole(4), 4))
        return [(game.policy, game.rule.loss, (game.policy, *judged))]

    return Tiny(game, feed, learns, moves)


TINY: dict[str, Callable[[], Tiny]] = {
    "cyclegan": cyclegan,
    "seqgan": seqgan,
    "mle": mle,
    "dann": dann,
    "gail": gail,
    "ppo": ppo,
}

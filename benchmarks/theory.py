"""What is proved of adversarial learning, measured: each exact number beside the one that this package finds.

Draws the pictures of docs/theory.md as well, from the same numbers.

Run: python benchmarks/theory.py
"""

import argparse
import itertools
import math
import time
from functools import cache

import theory_plots as plots
import torch
from table import Row, write_table
from torch import Tensor
from torch.distributions import Normal
from torch.optim import Adam, AdamW

from rivals.games.estimate import Estimate
from rivals.games.nearest import Nearest
from rivals.loop import fit, set_random_state
from rivals.losses import divergences as f
from rivals.losses.adversarial import AdversarialLoss, minimax, non_saturating
from rivals.losses.cells import grid
from rivals.losses.optimum import criterion, jensen_shannon_divergence, optimal_discriminator
from rivals.losses.transport import wasserstein_of_weights
from rivals.networks.gaussian import Gaussian
from rivals.networks.mlp import MLPDiscriminator
from rivals.play import Player

SOURCE = "1406.2661, 1606.00709, 1701.04862, 1701.07875"
TAKES = "3 minutes of a core"
PROTOCOL = (
    "The column of the paper holds the exact value: a closed form, or an integral over 2,000 cells. Data N(0.5, 1), "
    "model N(0, 1.5^2), but for: two lines, 20 points high; one Gaussian for two of sd 0.5 at -2 and 2, started at "
    "N(1, 1); gradients of a generator z + shift against data N(0, 1) under D*, from 100,000 codes. Discriminators: a "
    "perceptron with 32 ELU units, 200 steps of AdamW on all n samples of each at once, weight decay 50 / n; the "
    "estimate is the bound on n samples of each that it has not seen. The discriminator that is held against D* has "
    "learned from 10,000 of each."
)
P, Q = Normal(0.5, 1.0), Normal(0.0, 1.5)
X = grid(-10, 10, 2000)
TWO = torch.stack([Normal(mean, 0.5).log_prob(X) for mean in (-2.0, 2.0)]).logsumexp(0).softmax(0)
DIVERGENCES = {
    "KL": f.kullback_leibler,
    "reverse KL": f.reverse_kullback_leibler,
    "Pearson": f.pearson,
    "squared Hellinger": f.squared_hellinger,
    "Jensen-Shannon (doubled)": f.jensen_shannon,
    "total variation": f.total_variation,
}
SIZES = (100, 300, 1000, 3000, 10_000)
SHIFTS = (0.5, 1.0, 2.0, 4.0, 8.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=10)
    given = parser.parse_args()
    if given.seeds < 2:
        parser.error(f"--seeds must be at least 2, for a spread; found {given.seeds}")
    seeds = range(given.seeds)
    begun = time.monotonic()
    rows = [*optimum_rows(seeds), *line_rows(), *nearest_rows(seeds), *pull_rows(seeds), *estimate_rows(seeds)]
    path = write_table("theory", rows, source=SOURCE, protocol=PROTOCOL, seconds=time.monotonic() - begun)
    plots.write_page(path)


def cells(density: Normal) -> Tensor:
    """The probabilities of the cells of X."""
    return density.log_prob(X).softmax(0)


def optimum_rows(seeds: range) -> list[Row]:
    """A trained discriminator against p / (p + q), and what it makes of the game against C(G)."""
    p, q = cells(P), cells(Q)
    best = optimal_discriminator(p, q)
    learned = [judged("Jensen-Shannon (doubled)", 10_000, seed)[0] for seed in seeds]
    D = [game.discriminator(X[:, None].float()).double().sigmoid() for game in learned]
    plots.optimum(X, P.log_prob(X).exp(), Q.log_prob(X).exp(), best, D[0])
    off = [(((p + q) / 2) * (each - best).abs()).sum().item() for each in D]
    values = [((p * each.log()).sum() + (q * (1 - each).log()).sum()).item() for each in D]
    return [
        Row("trained D against D*", "mean |D - D*|", off, paper=0.0, bar="<= 0.05"),
        Row("value of the game under trained D", "V(D, G)", values, paper=criterion(p, q).item()),
        Row("C(G) where model = data", "value", [criterion(p, p).item()], paper=-math.log(4), bar="<= -1.386"),
    ]


def line_rows() -> list[Row]:
    """Two parallel lines: only the Wasserstein distance tells how far (1701.07875, example 1)."""
    distances = torch.linspace(-1, 1, 41, dtype=torch.float64).round(decimals=2)
    js, w = zip(*(apart(float(distance)) for distance in distances), strict=True)
    plots.lines(distances, torch.tensor(js), torch.tensor(w))
    off = max(abs(a - abs(float(b))) for a, b in zip(w, distances, strict=True))
    far = [a for a, b in zip(js, distances, strict=True) if b != 0]
    return [
        Row("two lines, any distance but 0", "Jensen-Shannon", [min(far), max(far)], paper=math.log(2)),
        Row("two lines, 41 distances", "largest |W - distance|", [off], paper=0.0, bar="<= 0.000001"),
    ]


def apart(distance: float) -> tuple[float, float]:
    """Jensen-Shannon and Wasserstein-1 of the line at 0 and the line at `distance`."""
    height = torch.linspace(0, 1, 20, dtype=torch.float64)
    share = torch.full_like(height, 1 / 20)
    a, b = (torch.stack([torch.full_like(height, at), height], 1) for at in (0.0, distance))
    places = torch.cat([a, b]).unique(dim=0)
    p, q = ((places[:, None] == line).all(2).any(1) / 20 for line in (a, b))
    return jensen_shannon_divergence(p.double(), q.double()).item(), wasserstein_of_weights(a, share, b, share)


def nearest_rows(seeds: range) -> list[Row]:
    """One Gaussian for two, by both divergences, and by maximum likelihood from samples."""
    cover, seek = (nearest(DIVERGENCES[name]) for name in ("KL", "reverse KL"))
    plots.nearest(X, TWO, cover(X).exp(), seek(X).exp())
    likeliest = [samples_of_two(seed) for seed in seeds]
    sd = math.sqrt(4.25)
    return [
        Row("one Gaussian for two, by KL", "mean", [cover.mean.item()], paper=0.0, bar="<= 0.001"),
        Row("one Gaussian for two, by KL", "sd", [cover.sd.item()], paper=sd),
        Row("one Gaussian for two, by reverse KL", "mean", [seek.mean.item()], paper=2.0, bar=">= 1.99"),
        Row("one Gaussian for two, by reverse KL", "sd", [seek.sd.item()], paper=0.5),
        Row("one Gaussian for two, by reverse KL", "reverse KL", [reverse(seek)], paper=math.log(2)),
        Row("the one that covers both", "reverse KL", [reverse(cover)], control=True),
        Row("likeliest for 10,000 samples of two", "mean", [x.mean().item() for x in likeliest], paper=0.0),
        Row("likeliest for 10,000 samples of two", "sd", [x.std().item() for x in likeliest], paper=sd),
    ]


def nearest(divergence: f.Divergence) -> Gaussian:
    """The Gaussian that gradient descent on the divergence ends at."""
    model = Gaussian(mean=1.0)
    player = Player(model, Adam(model.parameters(), 0.05), schedule=lambda step: 0.99**step)
    for _ in fit(Nearest(player, divergence, X, TWO), None, rounds=range(500)):
        pass
    return model


def reverse(model: Gaussian) -> float:
    return f.exact(f.reverse_kullback_leibler, TWO, model(X).softmax(0)).item()


def samples_of_two(seed: int) -> Tensor:
    """A Gaussian's likelihood is greatest at the moments of its samples, so that they are all there is to fit."""
    return X[torch.multinomial(TWO, 10_000, replacement=True, generator=torch.Generator().manual_seed(seed))]


def pull_rows(seeds: range) -> list[Row]:
    """How hard each loss of the generator pulls a shifted model towards the data, under the optimal discriminator."""
    shifts = torch.linspace(0, 10, 101, dtype=torch.float64)
    losses: dict[str, AdversarialLoss] = {"saturating": minimax, "non-saturating": non_saturating}
    curves = {name: torch.tensor([pull(name, float(shift)) for shift in shifts]) for name in losses}
    plots.pulls(shifts, curves)
    return [
        Row(f"{name}, shift {shift:g}", "gradient", values, paper=pull(name, shift))
        for name, loss in losses.items()
        for shift in SHIFTS
        for values in [[sampled_pull(loss, shift, seed) for seed in seeds]]
    ]


def pull(name: str, shift: float) -> float:
    """shift E D*(x) of the saturating loss and shift E (1 - D*(x)) of the other, x from N(shift, 1)."""
    x = grid(-10, 20, 3000)
    D = torch.sigmoid(shift**2 / 2 - shift * x)
    weight = Normal(shift, 1.0).log_prob(x).softmax(0)
    return shift * float((weight * (D if name == "saturating" else 1 - D)).sum())


def sampled_pull(loss: AdversarialLoss, shift: float, seed: int) -> float:
    """The same through the package's loss and a generator's samples."""
    z = torch.randn(100_000, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    place = torch.tensor(shift, dtype=torch.float64, requires_grad=True)
    x = z + place
    logits = shift**2 / 2 - shift * x
    return torch.autograd.grad(loss.generator(real=logits, fake=logits), place)[0].item()


def estimate_rows(seeds: range) -> list[Row]:
    """The variational bound by a trained discriminator, as the samples grow."""
    found = {name: {n: [judged(name, n, seed)[1] for seed in seeds] for n in SIZES} for name in DIVERGENCES}
    exact = {name: f.exact(divergence, cells(P), cells(Q)).item() for name, divergence in DIVERGENCES.items()}
    plots.estimates(found, exact)
    rows = [Row(f"{name}, n = {n:,}", "estimate", found[name][n], paper=exact[name]) for name in found for n in SIZES]
    off = {name: abs(mean(found[name][SIZES[-1]]) / exact[name] - 1) for name in found}
    return [*rows, *(Row(f"{name}, n = {SIZES[-1]:,}", "relative bias", [off[name]], bar="<= 0.1") for name in found)]


@cache
def judged(name: str, n: int, seed: int) -> tuple[Estimate, float]:
    """A discriminator trained on n samples of each, and its estimate on as many others."""
    set_random_state(seed, n)
    seen, fresh = ((P.sample((n, 1)), Q.sample((n, 1))) for _ in range(2))
    network = MLPDiscriminator((1,), 32, 1, "elu")
    optimizer = AdamW(network.parameters(), 0.05, weight_decay=50 / n)
    game = Estimate(Player(network, optimizer, schedule=lambda step: 0.98**step), DIVERGENCES[name])
    for _ in fit(game, itertools.repeat(seen), rounds=range(200), seed=seed):
        pass
    return game, game.bound(*fresh).item()


def mean(values: list[float]) -> float:
    return sum(values) / len(values)


if __name__ == "__main__":
    main()

"""From a game on points of the plane, as it stands, to what is drawn of it."""

from typing import Any

import torch
from torch import Tensor

from rivals.data.toys import Points
from rivals.loop import seed_of, set_random_state
from rivals.losses.cells import grid, smoothed
from rivals.losses.divergences import exact, kullback_leibler, reverse_kullback_leibler
from rivals.recipes.recipe import Setup
from rivals.report.duel import Moment
from rivals.report.points import bounds_of
from rivals.run.watch import judge_of, pulled, watching

CELLS = 128  # a side, of the judge's opinion and of both divergences
COUNTED, SHOWN = 4000, 500  # points that divergences are computed from, and points drawn
WIDTH = 3  # cells, of the Gaussian around a point: two samples of one distribution then come out at 0.02 or less
FLOOR = 1e-3  # of the mass is spread evenly, so that no divergence is infinite
HALVES = {
    "minimax": (0.0, 2.0),
    "non-saturating": (0.0, 2.0),
    "jensen-shannon": (0.0, 2.0),
    "least-squares": (0.5, 0.5),
}
"""Of value functions whose discriminators are probabilities: the output at D = 1/2, and what it takes to be sure."""


class Portrait:
    """What stays the same while a game is drawn: its codes, the real points beside them, and the cells of the plane."""

    def __init__(self, setup: Setup, source: Points, options: Any, seed: int) -> None:
        self.setup, self.source, self.pack = setup, source, options.networks.pack
        self.half = HALVES.get(getattr(options, "loss", ""))
        count = min(COUNTED, len(source)) // self.pack * self.pack
        set_random_state(seed_of(seed, 4))
        self.codes = setup.prior(count) if setup.prior else None
        self.real = source.points[:count]
        shown = torch.from_numpy(source.restore(self.real)).double()
        self.bounds = bounds_of(shown.numpy())
        self.xs, self.ys = grid(*self.bounds[:2], CELLS), grid(*self.bounds[2:], CELLS)
        self.p = self.cells(shown)

    def moment(self, title: str) -> Moment:
        """The game now. Changes nothing of it, and no random number is drawn."""
        with watching(self.setup.game):
            fake, pull = pulled(self.setup.game, self.real, self.codes)
            shade = self.shade(fake)
        points = torch.from_numpy(self.source.restore(fake)).double()
        q = self.cells(points)
        forward, reverse = (exact(d, self.p, q).item() for d in (kullback_leibler, reverse_kullback_leibler))
        return Moment(
            self.source.restore(self.real[:SHOWN]),
            points[:SHOWN].numpy(),
            pull[:SHOWN].double().numpy(),
            shade.numpy(),
            f"{title}     KL(real|fake) {forward:.2f}     KL(fake|real) {reverse:.2f}",
            *(("D = 1/2", ("D = 0", "1")) if self.half else ("halfway", ("fake", "real"))),
        )

    def shade(self, fake: Tensor) -> Tensor:
        """The judge's opinion in every cell (rows, columns), from -1 to 1: 2 D - 1 where there is a D."""
        judge = judge_of(self.setup, self.pack, self.real)
        x, y = torch.meshgrid(self.xs, self.ys, indexing="xy")
        plane = (torch.stack([x, y], -1).view(-1, 2) - torch.from_numpy(self.source.mean)) / self.source.scale
        values = judge(plane.float()).view(CELLS, CELLS)
        middle, length = self.half or halfway(values, judge(self.real), judge(fake))
        return torch.tanh((values - middle) / length)

    def cells(self, points: Tensor) -> Tensor:
        """Points (n, 2) as probabilities on the cells; those that are not finite lie beyond."""
        width = WIDTH * float(self.xs[1] - self.xs[0])
        return smoothed(points.nan_to_num(1e30), self.xs, self.ys, width, FLOOR)


def halfway(values: Tensor, real: Tensor, fake: Tensor) -> tuple[float, float]:
    """For critics and energies, which have no zero: midway between both kinds, and how far most of the plane is off."""
    middle = float(real.mean() + fake.mean()) / 2
    return middle, max(float((values - middle).abs().median()), 1e-6)

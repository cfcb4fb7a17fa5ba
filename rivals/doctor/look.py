"""A look at the players: what can be measured of real samples, fakes, and the judge between them, without training."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

import torch
from torch import Tensor

from rivals.doctor.bins import missing, shares, turnover
from rivals.doctor.distances import (
    copies,
    coverage,
    dimension,
    distances,
    energy_coefficient,
    jensen_shannon,
    mean_of_pairs,
    nearest_two,
    separation,
)
from rivals.doctor.reference import Reference
from rivals.play import players

Signals = dict[str, Tensor]


class Patient(Protocol):
    """What a recipe builds, as far as the doctor asks."""

    game: Any
    fields: tuple[str, ...]
    judge: Any
    draw: Any
    generate: Any
    prior: Any


def judged(patient: Patient, reference: Reference, fake: Tensor, batch: int) -> Signals:
    """How well the judge tells real from fake, and known real samples from those that it has never seen."""
    if patient.judge is None:
        return {}
    real_logits, fake_logits = (_in_batches(patient.judge, x, batch) for x in (reference.real, fake))
    signals = {
        "separation": separation(real_logits, fake_logits),
        "jensen_shannon": jensen_shannon(real_logits, fake_logits),
        "logit_range": torch.cat([real_logits, fake_logits]).std(),
    }
    if reference.held_out is not None:
        signals["overfit"] = separation(real_logits, _in_batches(patient.judge, reference.held_out, batch))
    return signals


def compared(reference: Reference, fake: Tensor, before: Tensor | None) -> tuple[Signals, Tensor]:
    """How the fakes lie among themselves and among the real samples, and their shares of the bins."""
    within, between = distances(fake, fake), distances(reference.real, fake)
    spread, now = mean_of_pairs(within), shares(fake, reference.centres)
    directions = dimension(nearest_two(within))
    signals = {
        "distance": energy_coefficient(reference.mean_distance, spread, between),
        "spread": spread / reference.mean_distance.clamp_min(1e-12),
        "coverage": coverage(reference.radii, between),
        "directions": directions,
        "dimension": directions / reference.dimension,
        "missing": missing(reference.shares, now),
        "copies": copied(reference, fake),
    }
    if before is not None:
        signals["turnover"] = turnover(before.to(now.device), now)  # checkpoints are read into memory
    return signals, now


def copied(reference: Reference, fake: Tensor) -> Tensor:
    """The share of fakes that look like copies of a training sample, less that of real samples that do."""
    if len(reference.all) < 2:
        return fake.new_zeros(())
    two = distances(fake, reference.all).topk(2, dim=1, largest=False).values
    return copies(two) - reference.copies


def averaged(patient: Patient, reference: Reference, n: int) -> Signals:
    """How far the samples of the averaged weights are from the real ones, and what they leave out."""
    if patient.generate is None or patient.prior is None:
        return {}
    fake = patient.generate(patient.prior(n))
    within, between = mean_of_pairs(distances(fake, fake)), distances(reference.real, fake)
    return {
        "distance_average": energy_coefficient(reference.mean_distance, within, between),
        "missing_average": missing(reference.shares, shares(fake, reference.centres)),
    }


def off_target(patient: Any, facts: Mapping[str, float]) -> dict[str, float]:
    """How far each fact that has a target is outside it, in widths of it; 0 inside."""
    return {f"off_target/{t.option}": t.miss(facts[name]) for name, t in patient.targets.items() if name in facts}


@contextmanager
def untouched(game: Any) -> Iterator[None]:
    """Puts the players' buffers (batch statistics and the like) back as they were."""
    buffers = [b for player in players(game).values() for b in player.network.buffers()]
    kept = [b.clone() for b in buffers]
    try:
        with torch.no_grad():
            yield
    finally:
        for buffer, before in zip(buffers, kept, strict=True):
            buffer.copy_(before)


def _in_batches(judge: Any, x: Tensor, batch: int) -> Tensor:
    """Logits of samples, a batch of training's size at a time, as batch statistics need it."""
    whole = len(x) - len(x) % batch if len(x) > batch else len(x)
    return torch.cat([judge(part).flatten() for part in x[:whole].split(batch)]).float()

"""The directions of a run by name, found once and kept in its folder as directions.json."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from rivals.data.pictures import pixels_of
from rivals.latent.directions import attribute, closed_form, principal
from rivals.networks.inside import entering, matrix, weighted
from rivals.report.grid import picture_grid
from rivals.run.config import near
from rivals.run.given import shape_of
from rivals.run.inversion import about, inverted, settled
from rivals.run.opening import open_data
from rivals.run.progress import say
from rivals.run.reference import evenly
from rivals.run.wishes import Inversion
from rivals.run.workbench import Workbench
from rivals.whole import whole_file

AT_ONCE, CODES = 64, 1000
"""Codes that are drawn at once, and whose activations principal components are taken of."""
TAGGED = 0.5


@dataclass(frozen=True)
class Direction:
    """Where to go in the latent space for more of something."""

    vector: list[float]
    about: str
    """Where it comes from."""
    round: int
    """Of the run, when it was found."""
    condition: str = ""
    """What the run was asked to make, where it heeds conditions."""


def read_directions(folder: Path) -> dict[str, Direction]:
    """The directions that a run has, by name. Raises ValueError for a file that cannot be read."""
    path = path_of(folder)
    if not path.exists():
        return {}
    try:
        return {name: Direction(**each) for name, each in json.loads(path.read_text()).items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise ValueError(f"{path} cannot be read ({error}); remove it and find directions anew") from None


def keep_directions(folder: Path, found: Mapping[str, Direction]) -> Path:
    """Adds directions to those that a run has; the same name is replaced."""
    both = read_directions(folder) | dict(found)
    with whole_file(path_of(folder)) as part:
        part.write_text(json.dumps({name: asdict(each) for name, each in both.items()}, indent=1))
    return path_of(folder)


def path_of(folder: Path) -> Path:
    return folder / "directions.json"


def named(folder: Path, pairs: Iterable[str]) -> dict[str, Direction]:
    """Directions under further names, each as in pc3=smiling, to be kept beside those under the old names.

    Raises ValueError for anything else, an unknown direction, and a name that another direction has.
    """
    known = read_directions(folder)
    given = dict[str, Direction]()
    for words in pairs:
        old, equals, new = (word.strip() for word in words.partition("="))
        if not (old and equals and new) or "=" in new:
            raise ValueError(f"--name {words}: say which direction and its name, such as pc3=smiling")
        one, other = chosen(known | given, old, folder), (known | given).get(new)
        if other and other.vector != one.vector:
            raise ValueError(f"--name {words}: `{new}` is a direction already ({other.about}); choose another name")
        given |= {} if other else {new: replace(one, about=f"{old}: {one.about}")}
    return given


def chosen(known: Mapping[str, Direction], name: str, folder: Path) -> Direction:
    """A direction by name. Raises ValueError, with the nearest name, if there is none."""
    if name not in known:
        hint = near(name, known) or (f"; there are {', '.join(known)}" if known else "")
        raise ValueError(f"unknown direction `{name}`{hint}; `rivals directions {folder}` finds some")
    return known[name]


def shift(bench: Workbench, amounts: Mapping[str, float]) -> Tensor:
    """So much of each direction, to be added to codes: (latent,). Raises ValueError for one that is not there."""
    whole = torch.zeros(bench.latent, device=bench.device)
    known = read_directions(bench.learned.path)
    for name, amount in amounts.items():
        found = chosen(known, name, bench.learned.path)
        if len(found.vector) != bench.latent:
            size = f"{len(found.vector)} dimensions, and the codes of this run have {bench.latent}"
            raise ValueError(
                f"direction `{name}` has {size}; find it anew with `rivals directions {bench.learned.path}`"
            )
        if found.round != bench.learned.session.round:
            say(
                f"direction `{name}` was found at round {found.round}, and this run is at {bench.learned.session.round}"
            )
        if found.condition != bench.condition:
            asked, now = (
                f"under {each!r}" if each else "without a condition" for each in (found.condition, bench.condition)
            )
            say(f"direction `{name}` was found {asked}, and this edit is {now}")
        whole = whole + amount * torch.tensor(found.vector).to(whole)
    return whole


def unsupervised(bench: Workbench, count: int) -> dict[str, Direction]:
    """sefa1, … and pc1, …: what the first layer stretches most, and where its activations vary most.

    Raises ValueError where the code does not enter by a layer of its own.
    """
    network = bench.network()
    stretches, codes = matrix(weighted(network)[0]).float(), bench.prior(CODES, 3)
    if stretches.shape[1] != bench.latent:
        raise ValueError(f"the code enters {type(network).__name__} by no layer of its own to read directions off")
    count = min(count, bench.latent)
    found = {
        "sefa": ("SeFa, singular vector", closed_form(stretches)[:count]),
        "pc": ("GANSpace, component", principal(codes, activations(bench, network, codes), count)),
    }
    return {
        f"{kind}{place}": direction(bench, vector, f"{about} {place}")
        for kind, (about, vectors) in found.items()
        for place, vector in enumerate(vectors, 1)
    }


@torch.no_grad()
def activations(bench: Workbench, network: nn.Module, codes: Tensor) -> Tensor:
    """What the first layer makes of codes, normalised and rectified, (n, d): what enters the next one that varies."""
    for layer in weighted(network)[1:]:
        entered = entering(bench.generator, layer, codes).flatten(1).float()
        if len(entered) == len(codes) and entered.std(0).max() > 1e-6:  # no condition, which is the same for all
            return entered
    raise ValueError(f"{type(network).__name__} has one layer only, whose components are its singular vectors")


def direction(bench: Workbench, vector: Tensor, about: str) -> Direction:
    return Direction([float(x) for x in vector.cpu()], about, bench.learned.session.round, bench.condition)


def labelled(bench: Workbench, data: str, how: Inversion, most: int, tags: str = "") -> dict[str, Direction]:
    """A direction for each class or tag of a data set, from the codes of at most `most` of its pictures; `tags` is its
    CSV file, where it has one of its own.

    Raises ValueError for data that cannot be used, has no labels or tags, or one class only.
    """
    shape = shape_of(bench.learned)
    run = replace(bench.learned.config.run, data=data, tags=tags, size=shape.size, channels=shape.channels)
    source = open_data(run, str(bench.device), say=say)
    index = torch.from_numpy(evenly(np.arange(len(source)), most))
    fields = source.batch(index, torch.zeros_like(index))
    marks = dict(attributes(source.spec, fields))
    found = inverted(bench, fields["image"], how)
    say(about(found, settled(bench, how)))
    return {name: _told(bench, found.codes, has, name) for name, has in marks.items()}


def _told(bench: Workbench, codes: Tensor, has: Tensor, name: str) -> Direction:
    has = has.to(codes.device)
    many = int(has.sum())
    counts = f"{many} picture{'s' * (many != 1)} with it, {len(has) - many} without"
    right = told_right(codes, has)
    told = "too few to tell how well" if right is None else f"{right:.0%} of unseen ones told right (chance: 50%)"
    say(f"{name}: {counts}; {told}")
    return direction(bench, attribute(codes, has), f"labels: {counts}; {told}")


def attributes(spec: Mapping[str, Any], fields: Mapping[str, Tensor]) -> Iterator[tuple[str, Tensor]]:
    """Every class (of more than one) and every tag by name, with who has it (n,) bool."""
    if not {"label", "tags"} & spec.keys():
        raise ValueError(
            "these pictures have no labels to tell attributes by; give a folder of class folders with --data, or their "
            "table with --tags"
        )
    if "label" in spec:
        words, label = spec["label"].words, fields["label"]
        kinds = [int(kind) for kind in label.unique()]
        if len(kinds) < 2:
            raise ValueError("these pictures are all of one class; an attribute needs pictures with it and without")
        yield from ((words[kind] if words else str(kind), label == kind) for kind in kinds)
    if "tags" in spec:
        has = fields["tags"] > TAGGED
        for place in range(has.shape[1]):
            if 0 < int(has[:, place].sum()) < len(has):
                yield spec["tags"].words[place] if spec["tags"].words else f"tag{place}", has[:, place]


def told_right(codes: Tensor, has: Tensor) -> float | None:
    """How well an attribute's direction tells pictures that it was not found from, both kinds alike; 0.5 is chance.

    The direction and the middle along it come from every other picture of either kind, those between are told, and the
    other way round. None where a kind has one picture only.
    """
    if min(int(has.sum()), int((~has).sum())) < 2:
        return None
    half = torch.zeros_like(has)
    for kind in (has, ~has):
        half[kind.nonzero().flatten()[::2]] = True
    return (_told_of(codes, has, half) + _told_of(codes, has, ~half)) / 2


def _told_of(codes: Tensor, has: Tensor, seen: Tensor) -> float:
    """The share of those not seen that lie on their side of the middle."""
    along = codes @ attribute(codes[seen], has[seen])
    middle = (along[seen & has].mean() + along[seen & ~has].mean()) / 2
    with_it, without = along[~seen & has], along[~seen & ~has]
    return float(((with_it > middle).float().mean() + (without <= middle).float().mean()) / 2)


def sheet(bench: Workbench, known: Mapping[str, Direction], steps: int = 7) -> Image.Image:
    """A row a direction: one code of the prior with from -3 to 3 times it added."""
    code = bench.prior(1, 4)
    amounts = torch.linspace(-3, 3, steps).tolist()
    rows = [code + amount * torch.tensor(each.vector).to(code) for each in known.values() for amount in amounts]
    with torch.no_grad():
        made = torch.cat([bench.generator(part) for part in torch.cat(rows).split(AT_ONCE)])
    return picture_grid(
        pixels_of(made.cpu()),
        columns=steps,
        row_labels=list(known),
        column_labels=[f"{amount:+g}" for amount in amounts],
    )

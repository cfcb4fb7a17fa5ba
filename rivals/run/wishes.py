"""What a user can ask of an edit. Imports no torch."""

import math
from dataclasses import dataclass
from typing import Annotated, Literal

import tyro

from rivals.recipes.bounds import Count, check_bounds

Method = Literal["auto", "descent", "encoder", "both"]
Space = Literal["pixels", "discriminator", "random"]


@dataclass(frozen=True, kw_only=True)
class Inversion:
    """How the code of a picture is found."""

    method: Method = "auto"
    """descent on the code; an encoder, learned once where the recipe has none; both: descent from the encoder's code;
    auto: both where there is an encoder already, else descent."""
    steps: Count = 200
    """Steps of a descent."""
    rate: float = 0.3
    """Adam's learning rate in a descent; it falls to nothing on a cosine."""
    restarts: Count = 4
    """Codes that a descent starts from, the best is kept; with both it is the encoder's code alone."""
    space: Space = "pixels"
    """What is compared: pixels alone, or features of the discriminator or of random convolutions beside them."""
    pull: float = 0.003
    """Weight of a code's mean square, which keeps it where the generator has learned to draw."""
    encoder_rounds: int = 0
    """Rounds for which an encoder is learned; one that has had fewer is learned anew. 0: 1,000 where there is none."""

    def __post_init__(self) -> None:
        check_bounds(self)
        if not self.rate > 0:
            raise ValueError(f"--rate must be above 0; found {self.rate:g}")


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What is wished of a picture."""

    add: Annotated[tuple[str, ...], tyro.conf.UseAppendAction] = ()
    """A direction and how much of it, as in smiling=1.5; may be given several times."""
    strokes: str = ""
    """A PNG of brush strokes on a transparent ground: these colours there."""
    shape: str = ""
    """A PNG of lines on a transparent ground: edges there, and none beside them."""
    mask: str = ""
    """A picture that is white where the given one is made anew from the rest or, with --colour, gets a colour."""
    colour: str = ""
    """The colour wanted in the white of the mask, such as red or #ff8800."""
    edit_steps: Count = 200
    """Steps of the descent for strokes, shape and colour."""
    closeness: float = 0.02
    """How much the code holds to where it was (lambda_1 of 1609.03552)."""
    realism: float = 0.1
    """How much the discriminator's word counts, in standard deviations of its scores (lambda_2)."""

    def __post_init__(self) -> None:
        check_bounds(self)
        if self.colour and not self.mask:
            raise ValueError(f"--colour {self.colour} needs a --mask that is white where it is wanted")
        if self.mask and (self.strokes or self.shape):
            raise ValueError("--mask does not go with --strokes or --shape, which say where themselves; leave one out")
        if self.mask and self.add and not self.colour:
            raise ValueError("--mask makes a part anew and --add moves the whole; do one after the other")
        self.amounts()

    def amounts(self) -> dict[str, float]:
        """Directions and how much of each. Raises ValueError for what is no such pair."""
        found: dict[str, float] = {}
        for words in self.add:
            name, equals, amount = words.rpartition("=")
            try:
                found[name.strip()] = float(amount)
            except ValueError:
                equals = ""
            if not (equals and name.strip() and math.isfinite(found[name.strip()])):
                raise ValueError(f"--add {words}: say which direction and how much of it, as in smiling=1.5")
        return found

    @property
    def of_place(self) -> bool:
        """Whether something is wished at a place of the picture."""
        return bool(self.strokes or self.shape or self.mask)

"""Working with the codes of a trained generator: walks, directions, inversion, edits under constraints."""

from rivals.latent.constrained import carried, coloured, constrained, filled, shaped, softened, standardised
from rivals.latent.descent import Descent, lowered
from rivals.latent.directions import attribute, closed_form, principal
from rivals.latent.invert import Inverted, by_descent, pixel_error, timed
from rivals.latent.walks import lerp, slerp, spike, sweep

__all__ = [
    "Descent",
    "Inverted",
    "attribute",
    "by_descent",
    "carried",
    "closed_form",
    "coloured",
    "constrained",
    "filled",
    "lerp",
    "lowered",
    "pixel_error",
    "principal",
    "shaped",
    "slerp",
    "softened",
    "spike",
    "standardised",
    "sweep",
    "timed",
]

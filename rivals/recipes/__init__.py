"""The recipes by name. Importing them imports no torch."""

from rivals.recipes import (
    bigan,
    codes,
    conditional,
    density,
    energy,
    gan,
    infogan,
    loss_sensitive,
    r3gan,
    vaegan,
    wgan,
)
from rivals.recipes.recipe import Machine, Recipe, Setup

__all__ = ["RECIPES", "Machine", "Recipe", "Setup", "recipe"]

RECIPES: dict[str, Recipe] = {
    each.name: each
    for each in (
        r3gan.RECIPE,
        gan.GAN_RECIPE,
        gan.NSGAN,
        gan.LSGAN,
        wgan.WGAN,
        wgan.WGAN_GP,
        gan.HINGE_SN,
        gan.DRAGAN,
        loss_sensitive.RECIPE,
        gan.FGAN,
        gan.PACGAN,
        infogan.RECIPE,
        bigan.RECIPE,
        energy.EBGAN,
        energy.BEGAN,
        energy.EBM,
        conditional.CGAN,
        conditional.ACGAN,
        conditional.TEXT_TO_IMAGE,
        conditional.SUPERVISED,
        density.GAUSSIAN,
        density.PIXELCNN,
        density.PIXELRNN,
        codes.AUTOENCODER,
        codes.VAE,
        codes.IWAE,
        vaegan.RECIPE,
    )
}


ALSO = {"sngan": "hinge-sn", "dcgan": "nsgan", "ali": "bigan", "relativistic": "r3gan", "conditional": "cgan"}
"""What else recipes are called."""


def recipe(name: str) -> Recipe:
    """The recipe of a name. Raises ValueError, with the nearest name, if there is none."""
    import difflib

    if name in RECIPES:
        return RECIPES[name]
    close = [ALSO[name]] if name in ALSO else difflib.get_close_matches(name, RECIPES, 1)
    hint = f"did you mean `{close[0]}`? " if close else ""
    raise ValueError(f"unknown recipe `{name}`; {hint}`rivals list` shows them all")

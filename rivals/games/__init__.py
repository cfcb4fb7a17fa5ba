"""One paper, one file: the order of the moves is the paper."""

from rivals.games.began import BEGAN
from rivals.games.ebgan import EBGAN
from rivals.games.ebm import Climb, EnergyModel
from rivals.games.encoder import Inverter
from rivals.games.gan import GAN
from rivals.games.loss_sensitive import LossSensitiveGAN
from rivals.games.r3gan import R3GAN
from rivals.games.unrolled import UnrolledGAN
from rivals.games.wgan import WGAN
from rivals.games.wgan_gp import WGANGP

__all__ = [
    "BEGAN",
    "EBGAN",
    "GAN",
    "R3GAN",
    "WGAN",
    "WGANGP",
    "Climb",
    "EnergyModel",
    "Inverter",
    "LossSensitiveGAN",
    "UnrolledGAN",
]

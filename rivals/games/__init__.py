"""One paper, one file: the order of the moves is the paper."""

from rivals.games.acgan import ACGAN
from rivals.games.autoencoder import Autoencoder
from rivals.games.began import BEGAN
from rivals.games.bigan import BiGAN
from rivals.games.conditional import ConditionalGAN
from rivals.games.cyclegan import CycleGAN
from rivals.games.dann import DANN
from rivals.games.ebgan import EBGAN
from rivals.games.ebm import Climb, EnergyModel
from rivals.games.encoder import Inverter
from rivals.games.estimate import Estimate
from rivals.games.gail import GAIL
from rivals.games.gan import GAN
from rivals.games.infogan import InfoGAN
from rivals.games.iwae import IWAE
from rivals.games.loss_sensitive import LossSensitiveGAN
from rivals.games.maximum_likelihood import MaximumLikelihood
from rivals.games.mle import MLE
from rivals.games.nearest import Nearest
from rivals.games.ppo import PolicyOptimisation
from rivals.games.r3gan import R3GAN
from rivals.games.seqgan import SeqGAN
from rivals.games.supervised import Supervised
from rivals.games.two_heads import TwoHeadedGAN
from rivals.games.unrolled import UnrolledGAN
from rivals.games.vae import VAE
from rivals.games.vaegan import VAEGAN
from rivals.games.wgan import WGAN
from rivals.games.wgan_gp import WGANGP

__all__ = [
    "ACGAN",
    "Autoencoder",
    "BEGAN",
    "BiGAN",
    "Climb",
    "ConditionalGAN",
    "CycleGAN",
    "DANN",
    "EBGAN",
    "EnergyModel",
    "Estimate",
    "GAIL",
    "GAN",
    "IWAE",
    "InfoGAN",
    "Inverter",
    "LossSensitiveGAN",
    "MLE",
    "MaximumLikelihood",
    "Nearest",
    "PolicyOptimisation",
    "R3GAN",
    "SeqGAN",
    "Supervised",
    "TwoHeadedGAN",
    "UnrolledGAN",
    "VAE",
    "VAEGAN",
    "WGAN",
    "WGANGP",
]

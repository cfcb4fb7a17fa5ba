"""What games hold beside their players: priors, averages, histories, schedules, augmentation."""

from rivals.parts.adaptive_augment import AdaptiveAugment
from rivals.parts.augment import DiffAugment
from rivals.parts.average import MovingAverage
from rivals.parts.chains import Chains
from rivals.parts.codes import Codes
from rivals.parts.equilibrium import Equilibrium
from rivals.parts.history import FakeHistory, PastPlayers
from rivals.parts.instance_noise import InstanceNoise
from rivals.parts.lecam import LeCam
from rivals.parts.levels import Levels
from rivals.parts.moments import CodeMoments
from rivals.parts.priors import Prior, gaussian, uniform
from rivals.parts.schedules import Schedule, constant, falling, rising, schedule_of
from rivals.parts.seen import SeenConditions
from rivals.parts.warp import Warp

__all__ = [
    "AdaptiveAugment",
    "Chains",
    "CodeMoments",
    "Codes",
    "DiffAugment",
    "Equilibrium",
    "FakeHistory",
    "InstanceNoise",
    "LeCam",
    "Levels",
    "MovingAverage",
    "PastPlayers",
    "Prior",
    "Schedule",
    "SeenConditions",
    "Warp",
    "constant",
    "falling",
    "gaussian",
    "rising",
    "schedule_of",
    "uniform",
]

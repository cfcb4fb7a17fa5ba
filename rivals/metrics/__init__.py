"""Scores: functions of samples and features, usable alone."""

from rivals.metrics.classes import classifier_score
from rivals.metrics.frechet import frechet_distance
from rivals.metrics.kernel import KernelDistance, kernel_distance
from rivals.metrics.modes import ModeCoverage, mode_coverage
from rivals.metrics.neighbourhoods import DensityCoverage, PrecisionRecall, density_coverage, precision_recall

__all__ = [
    "DensityCoverage",
    "KernelDistance",
    "ModeCoverage",
    "PrecisionRecall",
    "classifier_score",
    "density_coverage",
    "frechet_distance",
    "kernel_distance",
    "mode_coverage",
    "precision_recall",
]

"""Scores: functions of samples and features, usable alone."""

from rivals.metrics.classes import classifier_score
from rivals.metrics.copying import DataCopying, data_copying
from rivals.metrics.extractors import Extractor, random_extractor
from rivals.metrics.frechet import frechet_distance
from rivals.metrics.grid import GridDivergences, grid_divergences
from rivals.metrics.inception import inception_extractor
from rivals.metrics.intervals import Interval, bootstrap, jackknife
from rivals.metrics.judge import Judge, judge_of
from rivals.metrics.kernel import KernelDistance, kernel_distance
from rivals.metrics.modes import ModeCoverage, mode_coverage
from rivals.metrics.neighbourhoods import DensityCoverage, PrecisionRecall, density_coverage, precision_recall
from rivals.metrics.parzen import parzen_log_likelihood, parzen_sigma
from rivals.metrics.probes import linear_class, matched, nearest_class
from rivals.metrics.stacked import StackedModes, stacked_modes
from rivals.metrics.transport import wasserstein

__all__ = [
    "DataCopying",
    "DensityCoverage",
    "Extractor",
    "GridDivergences",
    "Interval",
    "Judge",
    "KernelDistance",
    "ModeCoverage",
    "PrecisionRecall",
    "StackedModes",
    "bootstrap",
    "classifier_score",
    "data_copying",
    "density_coverage",
    "frechet_distance",
    "grid_divergences",
    "inception_extractor",
    "jackknife",
    "judge_of",
    "kernel_distance",
    "linear_class",
    "matched",
    "mode_coverage",
    "parzen_log_likelihood",
    "parzen_sigma",
    "nearest_class",
    "precision_recall",
    "random_extractor",
    "stacked_modes",
    "wasserstein",
]

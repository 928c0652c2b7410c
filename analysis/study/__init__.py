"""The study: one outcome on its areas, through every statistic, in the order levels, change, kinds of place, pattern."""

from analysis.study.config import StudyConfig
from analysis.study.ground import Ground, survey
from analysis.study.pipeline import run_study
from analysis.study.record import Study

__all__ = ["Ground", "Study", "StudyConfig", "run_study", "survey"]

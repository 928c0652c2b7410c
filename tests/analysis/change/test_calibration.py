"""Expected false flags are the ones found: the short form of ``tests.benchmarks.calibration.change``."""

from __future__ import annotations

import pytest

from tests.benchmarks.calibration.change import WORLDS, main, run

BY_NAME = {world.name: world for world in WORLDS}
REPEATS = 25


@pytest.mark.parametrize(
    "name",
    [
        "no change",
        "no change, rho 0.5 and said so",
        "all fell by 1",
        "normal changes, sd 2",
        "5 % fell by 10",
        "20 % fell by 4",
    ],
)
def test_with_the_right_correlation_expected_and_found_agree(name):
    found = run(BY_NAME[name], REPEATS)
    assert found.false - found.expected < 4 * found.error + 0.05
    if name.startswith("no change"):
        assert found.uncorrected == pytest.approx(found.by_chance, abs=4 * found.uncorrected_error)
        assert found.flags < 0.5


def test_a_correlation_that_is_too_high_makes_false_flags_and_one_too_low_hides_true_ones():
    high = run(BY_NAME["normal changes, sd 2, rho 0 taken as 0.5"], 10)
    low = run(BY_NAME["normal changes, sd 2, rho 0.5 taken as 0"], 10)
    assert high.false > 2 * high.expected
    assert high.false < high.if_independent + 4 * high.error + 0.05
    still = run(BY_NAME["no change, rho 0 taken as 0.5"], 10)
    assert still.false == pytest.approx(still.if_independent, abs=0.05 * still.false)
    assert high.expected < high.false
    assert still.expected < still.false
    assert low.false <= low.expected + 4 * low.error + 0.05
    assert low.power < high.power


def test_large_changes_are_seen():
    assert run(BY_NAME["5 % fell by 10"], 10).power > 0.4


def test_the_table_prints_a_row_a_world(capsys):
    main(2)
    assert len(capsys.readouterr().out.splitlines()) == 2 + len(WORLDS)

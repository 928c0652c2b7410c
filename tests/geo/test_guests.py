"""Code of others at arm's length: its exit, its time, its patches, what it prints, what it does to what it was given."""

from __future__ import annotations

import contextlib
import json
import math
import os
import signal
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.errors import ConfigError, PluginError
from geo.guests import VARIABLE, guest, time_allowed
from geo.guests.sealing import seal

if TYPE_CHECKING:
    from collections.abc import Callable

WHO = "the statistic 'odd' of odd 2.0"


def set_attribute(owner: object, name: str, value: object) -> Callable[[], None]:
    return lambda: setattr(owner, name, value)


def endless() -> None:
    while True:
        time.sleep(0.01)


def patches_and(error: BaseException) -> None:
    np.mean = np.median
    raise error


@pytest.mark.parametrize(
    ("work", "said"),
    [
        (set_attribute(np, "mean", np.median), "numpy.mean"),
        (set_attribute(math, "pi", 3), ""),
        (set_attribute(pd.Series, "sum", pd.Series.max), "pandas.Series.sum"),
        (set_attribute(json, "dumps", repr), "json.dumps"),
        (lambda: delattr(math, "sqrt"), "math.sqrt"),
        (lambda: os.chdir("/"), "the working folder"),
        (lambda: os.environ.update(PLACEATLAS_CACHE="/nowhere"), "the environment"),
        (lambda: np.seterr(all="ignore"), "numpy.seterr"),
        (lambda: mpl.rcParams.update({"font.size": 40.0}), "the settings of matplotlib"),
    ],
)
def test_what_is_replaced_is_named_and_put_back(work: Callable[[], object], said: str) -> None:
    stood = (
        np.mean,
        pd.Series.sum,
        json.dumps,
        math.sqrt,
        Path.cwd(),
        dict(os.environ),
        np.geterr(),
        dict(mpl.rcParams),
    )
    pi = math.pi
    if said:
        with pytest.raises(PluginError, match=f"changed what is not its own: {said}"), guest(WHO):
            work()
    else:  # a constant in lower case is nobody's that we know of
        with guest(WHO):
            work()
        math.pi = pi
    now = (
        np.mean,
        pd.Series.sum,
        json.dumps,
        math.sqrt,
        Path.cwd(),
        dict(os.environ),
        np.geterr(),
        dict(mpl.rcParams),
    )
    assert now == stood


def test_what_is_added_is_nobodys_loss() -> None:
    try:
        with guest(WHO):
            np.a_name_of_ours = 1  # type: ignore[attr-defined]
    finally:
        del np.a_name_of_ours  # type: ignore[attr-defined]


def test_one_that_fails_is_told_by_its_own_error_and_what_it_patched_is_put_back() -> None:
    mean = np.mean
    with pytest.raises(KeyError), guest(WHO):
        patches_and(KeyError("x"))
    assert np.mean is mean


def test_exit_is_an_error_that_names_it() -> None:
    with pytest.raises(PluginError, match=r"the statistic 'odd' of odd 2\.0 called exit") as caught, guest(WHO):
        patches_and(SystemExit(0))
    assert caught.value.faults == ("with 0", "it had changed numpy.mean, which was put back")


def test_time_is_bounded_even_for_one_that_catches_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "0.1")
    before = signal.getsignal(signal.SIGALRM)
    with pytest.raises(PluginError, match=r"took longer than 0\.1 s"), guest(WHO):
        endless()
    with pytest.raises(PluginError, match=r"took longer than 0\.1 s"), guest(WHO), contextlib.suppress(BaseException):
        endless()
    assert signal.getsignal(signal.SIGALRM) == before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_an_alarm_of_someone_else_goes_on_after_ours() -> None:
    rang = []
    before = signal.signal(signal.SIGALRM, lambda *_: rang.append(1))
    try:
        signal.setitimer(signal.ITIMER_REAL, 60)
        with guest(WHO):
            pass
        assert 0 < signal.getitimer(signal.ITIMER_REAL)[0] <= 60
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert rang == []


def test_in_another_thread_the_time_is_told_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "0.02")
    told = []

    def work() -> None:
        try:
            with guest(WHO):
                time.sleep(0.1)
        except PluginError as error:
            told.append(error.what)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert told == [f"{WHO} took longer than 0.02 s"]


@pytest.mark.parametrize("stated", ["soon", "-1", "nan", "1e12"])
def test_a_limit_that_is_no_time_is_refused(stated: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, stated)
    with pytest.raises(ConfigError, match=f"{VARIABLE} = '{stated}' is no time"):
        time_allowed()


def test_no_limit_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert time_allowed() == 1800
    monkeypatch.setenv(VARIABLE, "0")
    assert time_allowed() == 0
    with guest(WHO, hard=True):
        assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_what_it_prints_goes_to_standard_error(capfd: pytest.CaptureFixture[str]) -> None:
    with guest(WHO):
        print("hello")  # noqa: T201
        os.write(1, b"from below\n")
    print("ours")  # noqa: T201
    out, err = capfd.readouterr()
    assert out == "ours\n"
    assert sorted(err.splitlines()) == ["from below", "hello"]


GIVEN: dict[str, Callable[[], tuple[object, Callable[[], object]]]] = {
    "array": lambda: (a := np.arange(3.0), lambda: a.__setitem__(0, 9)),
    "series": lambda: (s := pd.Series([1.0, 2.0]), lambda: s.__setitem__(0, 9)),
    "text": lambda: (s := pd.Series(["a", "b"]), lambda: s.__setitem__(0, "c")),
    "frame": lambda: (f := pd.DataFrame({"x": [1, 2]}), lambda: f.insert(0, "y", 1)),
    "shapes": lambda: (
        g := gpd.GeoDataFrame({"x": [1]}, geometry=[shapely.Point(0, 0)]),
        lambda: g.__setitem__("geometry", [shapely.Point(1, 1)]),
    ),
    "nested": lambda: (d := {"a": [1, (2, {3})]}, lambda: d["a"].append(4)),
}


@pytest.mark.parametrize("what", GIVEN)
def test_what_it_was_given_must_be_the_same_after_it(what: str) -> None:
    given, change = GIVEN[what]()
    with guest(WHO, given=(given,)):
        seal((given,))
    with pytest.raises(PluginError, match="changed the numbers that it was given"), guest(WHO, given=(given,)):
        change()


def test_a_thing_within_itself_has_a_seal() -> None:
    loop: list[object] = [1]
    loop.append(loop)
    assert seal((loop,)) == seal((loop,))
    assert seal(((1, 2), 3)) != seal(((1, 3), 2))

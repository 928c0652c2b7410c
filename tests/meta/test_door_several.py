"""The names of the door that take several outcomes, or whole builds: index, warn, compare."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import placeatlas as pa
from analysis.comparing import Comparison, Note
from boundaries.series import series_of
from geo.errors import PlaceatlasError
from maps.compare import Compared

YEARS = (2018, 2019, 2020, 2021, 2022, 2023)


@pytest.fixture(scope="module")
def areas():
    return pa.areas("LAD", "2023-04-01", within="South East")


def outcome(areas, name, *, fell=()):
    """Return an outcome of six years with errors, in which some areas fell far in the last."""
    codes = areas.frame["code"].tolist()
    rng = np.random.default_rng(len(name))
    level = rng.normal(60, 4, len(codes))
    rows = []
    for year in YEARS:
        values = level + rng.normal(size=len(codes)) - (15.0 * np.isin(codes, fell) if year == YEARS[-1] else 0.0)
        rows += [(code, str(year), value, 1.0) for code, value in zip(codes, values.round(3), strict=True)]
    frame = pd.DataFrame(rows, columns=["code", "period", "value", "se"])
    return pa.read(
        frame, id=name, title=name.capitalize(), measure="rate", unit="%", favourable="high", credit="A survey"
    )


@pytest.fixture(scope="module")
def jobs(areas):
    return outcome(areas, "jobs", fell=areas.frame["code"].tolist()[:2])


DEFINITION = {
    "schema": 1,
    "id": "chance",
    "title": "Chance",
    "edition": "1",
    "indicator": [{"id": name, "direction": "high", "error": "counted"} for name in ("jobs", "skills")],
    "uncertainty": {"draws": 1_000, "seed": 3},
}


class TestIndex:
    def test_of_indicators_that_are_joined(self, areas, jobs, tmp_path) -> None:
        joined = [pa.join(table, areas) for table in (outcome(areas, "skills"), jobs)]
        found = pa.index(DEFINITION, joined)
        assert repr(found).startswith("Index(chance 1: 2 indicators, ")
        assert found._repr_html_().startswith("<pre>Chance, edition 1: 2 indicators")
        frame = found.to_frame()
        assert frame.index.tolist() == areas.frame["code"].tolist()
        assert {"value", "lower", "upper", "rank_lower", "rank_upper", "jobs", "skills"} <= set(frame.columns)
        again = pa.join(found.table, areas)
        assert again.frame["value"].tolist() == frame["value"].tolist()
        written = pa.index(DEFINITION, joined, out=tmp_path / "out")
        assert written.to_frame().equals(frame)
        assert (tmp_path / "out" / "chance.csv").is_file()
        with pytest.raises(PlaceatlasError, match="force"):
            pa.index(DEFINITION, joined, out=tmp_path / "out")

    def test_of_files(self, areas, jobs, tmp_path) -> None:
        indicators = []
        for name in ("jobs", "skills"):
            table = jobs if name == "jobs" else outcome(areas, name)
            table.frame[["code", "period", "value", "se"]].to_csv(tmp_path / f"{name}.csv", index=False)
            indicators.append({"id": name, "file": f"{name}.csv", "direction": "high", "error": "counted",
                               "measure": "rate", "unit": "%"})  # fmt: skip
        found = pa.index({**DEFINITION, "indicator": indicators, "boundaries": {"date": "2023-04-01"}}, data=tmp_path)
        assert len(found.to_frame()["value"].dropna()) == len(areas)

    @pytest.mark.parametrize(
        ("call", "kind", "words"),
        [
            (lambda _: pa.index(3), TypeError, "definition is no path"),
            (lambda _: pa.index("no-such-index"), PlaceatlasError, "there is no index 'no-such-index'"),
            (lambda _: pa.index({"id": "x"}), PlaceatlasError, "the index cannot be built"),
            (lambda g: pa.index(DEFINITION, g), ValueError, "'skills' is not given"),
            (lambda g: pa.index(DEFINITION, [g, g]), ValueError, "2 joins have 1 ids"),
            (lambda g: pa.index(DEFINITION, [g.frame]), TypeError, "joined must be a Joined"),
            (lambda _: pa.index(DEFINITION, data=3), TypeError, "data is no path"),
        ],
    )
    def test_what_is_no_index(self, areas, jobs, call, kind, words) -> None:
        with pytest.raises(kind) as caught:
            call(pa.join(jobs, areas))
        assert isinstance(caught.value, PlaceatlasError)
        assert words in str(caught.value)


class TestWarn:
    def test_of_outcomes_that_are_read(self, areas, jobs, tmp_path) -> None:
        found = pa.warn([jobs, outcome(areas, "skills")], date="2023-04-01", out=tmp_path / "watch")
        frame = found.to_frame()
        fell = set(areas.frame["code"].tolist()[:2])
        assert fell <= set(frame.loc[(frame["outcome"] == "jobs") & (frame["direction"] == "regressing"), "code"])
        assert repr(found).startswith("2 of 2 outcomes could be compared with their errors.")
        assert found._repr_html_().startswith("<pre>2 of 2 outcomes")
        assert found.to_dict()["false_warnings"] == found.found.false_warnings
        assert (tmp_path / "watch" / "warnings.csv").is_file()
        build = pa.warn(build=tmp_path / "watch")
        assert build.to_frame()["code"].tolist() == frame["code"].tolist()

    def test_of_files_and_of_series_alike(self, areas, jobs, tmp_path) -> None:
        jobs.frame[["code", "period", "value", "se"]].to_csv(tmp_path / "jobs.csv", index=False)
        read = pa.warn(jobs, date="2023-04-01", within="South East").to_frame()
        laid = pa.warn(series_of(jobs, areas), since="2018").to_frame()
        assert read["code"].tolist() == laid["code"].tolist()
        assert pa.warn(tmp_path, date="2023-04-01", nations="E").series[0].periods == tuple(map(str, YEARS))

    @pytest.mark.parametrize(
        ("call", "kind", "words"),
        [
            (lambda _: pa.warn(), ValueError, "one of the two is watched"),
            (lambda g: pa.warn(g, build="x"), ValueError, "one of the two is watched"),
            (lambda g: pa.warn(g.frame), TypeError, "only outcomes can be watched"),
            (lambda g: pa.warn(g, years=0), ValueError, "a comparison over 0 years"),
            (lambda g: pa.warn(g, rho=2), ValueError, "rho 2 must lie between"),
            (lambda g: pa.warn(g, source="ons"), ValueError, "there is no source 'ons'"),
            (lambda g: pa.warn(g, date="spring"), ValueError, "is no date"),
            (lambda g: pa.warn([g, g]), PlaceatlasError, "periods that two of them hold: 2018"),
            (lambda _: pa.warn("nowhere.csv"), PlaceatlasError, "there is no file nowhere.csv"),
        ],
    )
    def test_what_cannot_be_watched(self, jobs, call, kind, words) -> None:
        with pytest.raises(kind) as caught:
            call(jobs)
        assert isinstance(caught.value, PlaceatlasError)
        assert words in str(caught.value)


def comparison(rows, *notes):
    columns = ["what", "change", "outcome", "period", "code", "name", "old", "new", "difference", "beyond_error", "p"]
    build = SimpleNamespace(folder="a", date=pd.Timestamp("2024-01-01").date(), version="1")
    return Comparison(build, build, pd.DataFrame(rows, columns=columns), pd.DataFrame(), notes)


class TestCompare:
    def test_it_is_shown_and_laid_out(self, monkeypatch) -> None:
        row = ["value", "revised", "pay", "2024", "E06000001", "Hartlepool", 1.0, 2.0, 1.0, "yes", ""]
        asked = []
        monkeypatch.setattr("analysis.comparing.read_build", lambda folder: asked.append(str(folder)))
        monkeypatch.setattr(
            "analysis.comparing.compare_builds", lambda _, __: comparison([row], Note("files", ("<b>.csv",)))
        )
        found = pa.compare(SimpleNamespace(out="one"), "two")
        assert asked == ["one", "two"]
        assert isinstance(found, Compared)
        assert not found.same
        assert repr(found).splitlines()[1:] == [
            "Values, revised: 1",
            "Files of the same name with other bytes: <b>.csv.",
        ]
        assert "&lt;b&gt;.csv" in found._repr_html_()
        assert found.to_frame()["name"].tolist() == ["Hartlepool"]
        assert found.to_dict()["notes"] == [{"what": "files", "named": ["<b>.csv"]}]

    def test_what_is_no_build(self, tmp_path) -> None:
        with pytest.raises(TypeError, match="old is no path"):
            pa.compare(3, tmp_path)
        with pytest.raises(PlaceatlasError, match="is not a build"):
            pa.compare(tmp_path, tmp_path)
        with pytest.raises(PlaceatlasError, match="is not a build"):
            pa.compare(tmp_path, tmp_path, out=tmp_path / "x")

"""One map, one study, from the command line."""

from __future__ import annotations

import datetime as dt
import re
import socket
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pytest

from boundaries.areas.loading import load_boundary_set
from geo import cli
from maps.site.sizes import png_size
from maps.words import sentence

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(("kind", "suffix"), [("choropleth", "svg"), ("clusters", "png"), ("hotspots", "pdf")])
def test_one_map_from_one_table(pay: Path, kind: str, suffix: str, capsys: pytest.CaptureFixture[str]) -> None:
    out = pay.parent / f"map.{suffix}"
    words = [
        "map",
        str(pay),
        "--value",
        "value",
        "--measure",
        "mean",
        "--favourable",
        "high",
        "--kind",
        kind,
        "-o",
        str(out),
    ]
    assert cli.run(words) == 0
    assert capsys.readouterr().out == f"{out}\n"
    assert out.stat().st_size > 5_000


def test_what_cannot_be_drawn_is_said_at_once(pay: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["map", str(pay), "--kind", "pie", "--size", "tiny", "-o", "map.gif"]) == 1
    err = capsys.readouterr().err
    assert all(word in err for word in ("map.gif", "pie", "tiny"))
    assert cli.run(["map", str(pay), "--measure", "mean", "--date", "1 April"]) == 1
    assert "date = '1 April' is no date" in capsys.readouterr().err


@pytest.fixture
def series(pay: Path) -> Path:
    """Return the table at three periods, with limits and a second column."""
    first = pd.read_csv(pay)
    step = first.index % 7 - 2
    tables = [
        first.assign(
            period=str(2021 + k),
            value=first["value"] + k * step,
            lower=first["value"] + k * step - 4,
            upper=first["value"] + k * step + 4,
            other=first.index % 50,
        )
        for k in range(3)
    ]
    path = pay.parent / "series.csv"
    pd.concat(tables).to_csv(path, index=False)
    return path


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--kind uncertainty", "cannot be distinguished from the mean"),
        ("--kind width", "the typical interval is 8"),
        ("--kind hex --style greyscale", "Each hexagon is one area"),
        ("--kind change --since 2021", "since 2021"),
        ("--kind multiples --since 2022 --size a4", "2022 to 2023"),
        ("--kind bivariate --against other", "third of other"),
        ("--kind symbols --value other --measure count", "Size of the discs"),
        ("--kind symbols --value other --measure count --against value --against-unit %", "Their colours show value."),
        ("--kind caterpillar --style govuk", "cannot be distinguished from"),
        ("--kind labels", "cluster of low values"),
        ("--kind robustness", "the 6 nearest areas"),
        ("--kind typology", "coastal"),
        ("--kind scatter", "Not significant:"),
    ],
)
def test_every_kind_from_one_table(series: Path, words: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    out = series.parent / "picture.svg"
    given = [*["--value", "value", "--measure", "mean", "--favourable", "high", "--date", "2023-04-01"], *words.split()]
    assert cli.run(["map", str(series), *given, "-o", str(out)]) == 0, capsys.readouterr().err
    text = " ".join(re.sub(r"<[^>]+>", " ", out.read_text(encoding="utf-8")).split())
    assert said in text or said in text.replace("- ", "")


def test_the_other_outcome_may_lie_in_another_file(series: Path, pay: Path) -> None:
    out = series.parent / "two.svg"
    words = ["--value", "other", "--measure", "mean", "--kind", "bivariate", "--against", str(pay), "-o", str(out)]
    assert cli.run(["map", str(series), *words]) == 0
    assert "2023" in out.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--kind change", "needs --since"),
        ("--kind bivariate", "needs --against"),
        ("--kind hex --since 2021 --against value", "--against is of bivariate and hubs and symbols"),
        ("--kind choropleth --layout a.hexjson", "--layout is of hex"),
        ("--kind hex --layout nowhere.hexjson", "there is no layout nowhere.hexjson"),
        ("--kind symbols --against-unit %", "which is not given"),
        ("--kind change --since 1066", "1066"),
        ("--kind uncertainty", "lower and upper limits"),
        ("--kind caterpillar", "lower and upper limits"),
        ("--kind multiples", "two or more are needed"),
        ("--kind bivariate --against nowhere", "nowhere"),
        ("--style baroque", "baroque"),
    ],
)
def test_what_does_not_fit_is_one_error(pay: Path, words: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    out = pay.parent / "none.png"
    assert cli.run(["map", str(pay), "--measure", "mean", *words.split(), "-o", str(out)]) == 1
    err = capsys.readouterr().err
    assert err.count("placeatlas: error:") == 1
    assert said in err
    assert not out.exists()


def test_resolution_is_that_of_the_png(pay: Path) -> None:
    sizes = []
    for dpi in ("60", "120"):
        out = pay.parent / f"{dpi}.png"
        assert cli.run(["map", str(pay), "--measure", "mean", "--dpi", dpi, "-o", str(out)]) == 0
        sizes.append(png_size(out)[0])
    assert sizes[1] == pytest.approx(2 * sizes[0], abs=2)


def test_one_study_from_one_table(pay: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = pay.parent / "results"
    assert cli.run(["analyse", str(pay), "--measure", "mean", "-o", str(out)]) == 0
    assert "361 areas" in capsys.readouterr().out
    table = pd.read_csv(out / "areas.csv", keep_default_na=False)
    assert len(table) == len(gpd.read_file(out / "areas.gpkg")) == 361
    # Values rise to the north, so what clusters in Scotland is high and what clusters on the south coast is low.
    assert set(table.loc[table["nation"] == "S", "moran_class"]) <= {"high-high", "not-significant", "not-testable"}
    assert (table.loc[table["region_code"] == "E12000009", "moran_class"] == "low-low").sum() > 5
    assert cli.run(["analyse", str(pay), "--measure", "mean", "-o", str(out), "--json", "--force"]) == 0
    assert '"files"' in capsys.readouterr().out


def test_a_port_in_use_is_one_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "manifest.json").write_text('{"tool": "placeatlas"}')
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert cli.run(["serve", str(tmp_path), "--port", str(port)]) == 1
    assert capsys.readouterr().err == (
        f"placeatlas: error: port {port} cannot be used: address already in use\n  use --port 0 for a free one\n"
    )


def test_a_picture_is_never_written_over_what_is_read(pay: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = pay.rename(pay.with_suffix(".png"))
    before = table.read_bytes()
    assert cli.run(["map", str(table), "--measure", "mean"]) == 1
    assert "is a file that is read: it is not overwritten" in capsys.readouterr().err
    assert table.read_bytes() == before


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--period", "2030"], ["'mixed' has no period '2030'", "periods: 2024, 2019, 2012"]),
        (
            ["--kind", "change", "--since", "2030"],
            [
                "these periods of mixed.csv cannot stand beside 2024",
                "2030: 'mixed' has no period '2030'",
                "periods: 2024, 2019, 2012",
            ],
        ),
        (
            ["--kind", "multiples", "--period", "2012", "--since", "2019"],
            ["mixed.csv holds no periods from 2019 to 2012; two or more are needed", "its periods: 2024, 2019, 2012"],
        ),
    ],
)
def test_periods_are_told_once_and_in_order(
    words: list[str], told: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [f"{code},{year},1" for year in (2019, 2024, 2012) for code in ("E06000001", "E06000002")]
    (tmp_path / "mixed.csv").write_text("\n".join(["code,year,value", *rows]))
    assert cli.run(["map", str(tmp_path / "mixed.csv"), "--measure", "rate", *words]) == 1
    lines = [line.strip() for line in capsys.readouterr().err.splitlines()]
    assert lines == [f"placeatlas: error: {told[0]}", *told[1:]]


def test_figures_of_one_region_are_said_beside_the_map(pay: Path, capsys: pytest.CaptureFixture[str]) -> None:
    frame = load_boundary_set("LAD", dt.date(2023, 4, 1)).frame
    north_east = frame.loc[frame["region_code"] == "E12000001", "code"]
    table = pd.read_csv(pay)
    table[table["code"].isin(north_east)].to_csv(pay, index=False)
    words = ["map", str(pay), "--measure", "mean", "--date", "2023-04-01", "-o", str(pay.with_suffix(".svg"))]
    words += ["--credit", "Pay survey"]
    assert cli.run(words) == 0
    assert capsys.readouterr().err == (
        "All figures lie in North East: 284 areas elsewhere count as without data. Use --within E12000001 to leave them out.\n"
    )
    assert cli.run([*words, "--within", "E12000001"]) == 0
    assert capsys.readouterr().err == ""
    assert "12 local authority districts" in pay.with_suffix(".svg").read_text(encoding="utf-8")


def test_stated_bands_are_the_classes_of_a_map(capsys: pytest.CaptureFixture[str], pay: Path) -> None:
    out = pay.with_suffix(".svg")
    words = ["map", str(pay), "--measure", "mean", "--date", "2023-04-01", "-o", str(out), "--breaks", "30,50"]
    assert cli.run([*words, "--labels", "southern; in the middle, more or less; northern"]) == 0
    values = pd.read_csv(pay)["value"]
    text = " ".join(re.findall(r"<text[^>]*>([^<]+)<", out.read_text(encoding="utf-8")))
    for label, count in (("southern", (values < 30).sum()), ("northern", (values >= 50).sum())):
        assert sentence(label) in text
        assert str(count) in text
    assert "In the middle, more or less" in text
    assert cli.run([*words, "--labels", "one,two"]) == 1
    assert "3 bands need 3 labels" in capsys.readouterr().err

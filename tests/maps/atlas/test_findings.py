"""One rule decides what is said of a kind of place: the chart, the table and the claim agree."""

from __future__ import annotations

import datetime as dt
import html
import json
import re
from typing import TYPE_CHECKING, get_args

import pandas as pd
import pytest

from analysis.association import CLAIMS, Verdict
from boundaries.areas.loading import load_boundary_set
from geo import cli
from maps.kind_words import verdict_words
from maps.one.claiming import Asking, answer_from_build, answer_from_file

if TYPE_CHECKING:
    from pathlib import Path

    from maps.atlas.run import Built


@pytest.fixture(scope="module")
def tested(starter: Built) -> pd.DataFrame:
    return pd.read_csv(starter.out / "data" / "claims.csv", keep_default_na=False, na_values=[""])


def test_the_table_has_every_definition_alone_and_together(tested: pd.DataFrame) -> None:
    assert tuple(tested.columns[: len(CLAIMS)]) == CLAIMS
    alone = tested[tested["estimated"] == "alone"]
    assert alone["type"].tolist() == ["coastal", "coastal", "rural", "rural", "post-industrial", "post-industrial"]
    assert set(tested["verdict"]) <= set(get_args(Verdict))
    # England alone is classified by the post-industrial lists: nowhere else is a "no".
    assert alone.loc[alone["type"] == "post-industrial", "n"].max() < 300
    assert alone.loc[alone["definition"] == "open-coast", "n"].item() > 340


def test_the_claim_says_what_the_table_says(starter: Built, tested: pd.DataFrame) -> None:
    found = answer_from_build("coastal and rural areas have lower income", starter.out)
    (answer,) = found.answers
    rows = tested[tested["type"].isin(["coastal", "rural"])].reset_index(drop=True)
    own = answer.table()
    for column in ("definition", "estimated", "n"):
        assert own[column].tolist() == rows[column].tolist()
    for column in ("gap", "beside", "p"):
        assert own[column].to_numpy() == pytest.approx(rows[column].to_numpy(), rel=1e-6)
    lines = found.lines()
    assert lines[0] == "Claim: coastal and rural areas have lower income"
    said = "\n".join(lines)
    assert verdict_words(answer.found[0].verdict) in said
    assert "adjusted for the 4 asked at once" in said
    assert "open-coast: coastal: At least 5% of the boundary is open coast" in said


def test_the_chart_says_what_the_table_says(starter: Built, tested: pd.DataFrame) -> None:
    page = html.unescape((starter.out / "index.html").read_text(encoding="utf-8"))
    (title,) = re.findall(r'alt="(Mean total income per taxpayer by type of place[^"]*?)\.', page)
    first = tested[tested["estimated"] == "alone"].drop_duplicates("type").set_index("type")["verdict"]
    for kind, verdict in first.items():
        clear = verdict not in {"no-clear-gap", "not-testable"}
        assert (f"{kind} {verdict_words(verdict)}" in title) == clear, (kind, title)
    assert "against the other areas classified" in title


def asked(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert cli.run(["claim", *words]) == 0, capsys.readouterr().err
    return capsys.readouterr().out


def test_a_kind_of_ones_own_in_one_command(starter: Built, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "ten.csv").write_text(
        "council\nBlackpool\nHull\nHastings\nBoston\nBurnley\nTorbay\nThanet\nSandwell\nOldham\nLeicester\n",
        encoding="utf-8",
    )
    output = tmp_path / "claims.csv"
    said = asked(
        capsys,
        "Ten areas have lower income",
        "--from",
        str(starter.out),
        "--type",
        "ten.csv",
        "--data",
        str(tmp_path),
        "-o",
        str(output),
    )
    assert re.search(r"ten +list +(9|10) of ", said)
    assert "lower beside places nearby" in said
    assert "covers England only" in said
    written = pd.read_csv(output)
    assert set(written["type"]) == {"ten"}


def test_a_file_of_claims_and_json(starter: Built, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "claims.csv").write_text(
        "claim,definition\nrural areas have lower income,density\ncoastal areas have worse income,\n", encoding="utf-8"
    )
    data = json.loads(asked(capsys, str(tmp_path / "claims.csv"), "--from", str(starter.out), "--json"))
    first, second = data["answers"]
    assert {one["definition"] for one in first["found"]} == {"density"}
    assert {one["definition"] for one in second["found"]} == {"open-coast", "distance"}
    assert first["asked_at_once"] == second["asked_at_once"] == 3


def test_a_definition_by_id_or_file_is_the_only_one(starter: Built) -> None:
    found = answer_from_build("coastal areas have lower income", starter.out, Asking(definition="towns"))
    assert {one.definition for one in found.answers[0].found} == {"towns"}


def test_a_file_of_claims_that_names_its_outcomes_and_kinds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    boundaries = load_boundary_set("LAD", dt.date(2024, 9, 11), nations=["S"])
    names = boundaries.frame["name"]
    low = names.isin(["Fife", "Moray", "Angus", "Stirling", "Falkirk", "Highland"])
    figures = pd.DataFrame({"area": names, "rate": 50 + names.str.len() % 7 - 30 * low})
    figures.to_csv(tmp_path / "rate.csv", index=False)
    (tmp_path / "six.csv").write_text("\n".join(names[low]), encoding="utf-8")
    (tmp_path / "claims.toml").write_text(
        """
        [[claim]]
        text = "opportunities are lower in six-places and rural areas"
        [[type]]
        dimension = "six-places"
        members = "six.csv"
        [[outcome]]
        id = "rate"
        title = "The rate"
        file = "rate.csv"
        measure = "mean"
        favourable = "high"
        date = 2024-09-11
        """,
        encoding="utf-8",
    )
    said = asked(capsys, "claims.toml", "--data", str(tmp_path))
    assert "The rate, period not stated" in said
    assert re.search(r"six-places +list +6 of 32 +−\d+", said)
    assert "lower beside places nearby by 1 of 2 definitions" in said


@pytest.mark.real_data
def test_pay_on_the_coast_and_health_on_the_units_it_was_published_for(real_data: Path, tmp_path: Path) -> None:
    text = """
        [[claim]]
        text = "opportunities are lower in coastal areas"
        [[outcome]]
        id = "pay"
        source = "els"
        file = "gross-median-weekly-pay/gross-median-weekly-pay.csv"
        period = "2025-04-30"
        [[outcome]]
        id = "health"
        source = "els"
        file = "healthy-life-expectancy/healthy-life-expectancy.csv"
        indicator = "male-healthy-life-expectancy"
        geography = "LAD"
        allow = ["county"]
        """
    (tmp_path / "claims.toml").write_text(text, encoding="utf-8")
    found = answer_from_file(
        "claims.toml", asking=Asking(data=(tmp_path, real_data / "outcomes" / "els"), definition="open-coast")
    )
    pay, health = (one for one in found.answers[0].found if one.estimated == "alone")
    # Of a gap of 59 pounds about 16 are more than where these places lie would make it, checked apart on 350 districts.
    assert pay.gap == pytest.approx(-59, abs=1)
    assert -20 < pay.beside < -10
    assert health.n == 216
    assert not float(health.members).is_integer()


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (("coastal" + " " * 50_000,), "at most 2,000"),
        (("coastal areas have lower income", "--scale", "square"), "known: value, rank"),
        (("claims.toml", "--data", "nowhere"), "there is no file claims.toml"),
    ],
)
def test_what_cannot_be_asked(capsys: pytest.CaptureFixture[str], words: tuple[str, ...], fault: str) -> None:
    assert cli.run(["claim", *words]) == 1
    assert fault in capsys.readouterr().err


def test_the_method_page_says_how_far_definitions_agree(starter: Built) -> None:
    page = html.unescape((starter.out / "method.html").read_text(encoding="utf-8"))
    _, _, table = page.partition('aria-label="How far definitions agree"')
    rows = re.findall(r'<tr><th scope="row">(.*?)</tr>', table.partition("</table>")[0])
    assert len(rows) >= 3
    for row in rows:
        *_, both, first, second, neither, kappa = re.findall(r"<td>(.*?)</td>", row)
        counts = [int(cell.replace(",", "")) for cell in (both, first, second, neither)]
        n = sum(counts)
        one, two = (counts[0] + counts[1]) / n, (counts[0] + counts[2]) / n
        chance = one * two + (1 - one) * (1 - two)
        assert n <= 361
        assert float(kappa.replace("−", "-")) == pytest.approx(
            ((counts[0] + counts[3]) / n - chance) / (1 - chance), abs=0.006
        )

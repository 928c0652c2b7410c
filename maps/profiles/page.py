"""The page of profiles: one table that can be sorted and filtered, with nothing from anywhere else."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from geo.files import write_text
from maps.feet import licence_lines
from maps.rendering import content_policy, render, template_text
from maps.words import format_number, say, script_words

if TYPE_CHECKING:
    from pathlib import Path

    from maps.profiles.content import Profiles


def write_profile_page(profiles: Profiles, path: Path, *, back: str = "index.html") -> Path:
    """Write the page.

    Parameters
    ----------
    back : where the page leads back to, relative to itself; empty for a page by itself.
    """
    script = "\n".join(
        ["(() => {", '"use strict";', template_text("leaflet/words.js"), template_text("profiles.js"), "})();"]
    )
    looks = list(dict.fromkeys(look for column in profiles.columns for look in column.looks.values()))
    page = render(
        "profiles.html.j2",
        policy=content_policy([script]),
        style=template_text("base.css") + template_text("profiles.css"),
        fills=[(f"b{number}", *look) for number, look in enumerate(looks)],
        profiles=profiles,
        rows=_rows(profiles, {look: f"b{number}" for number, look in enumerate(looks)}),
        regions=sorted(region for region in set(profiles.frame["region"]) if region),
        most=range(1, int(profiles.frame["low_on"].max()) + 1),
        attribution=licence_lines(profiles.sources),
        words=script_words(),
        script=script,
        back=back,
    )
    return write_text(path, page)


def _rows(profiles: Profiles, classes: dict[tuple[str, str], str]) -> list[dict[str, Any]]:
    """Return what each row of the table says; cells know where they stand among the bands, for sorting."""
    found = []
    for row in profiles.frame.to_dict("records"):
        cells = []
        for column in profiles.columns:
            band = str(row[column.outcome])
            place = list(column.looks).index(band) if band else -1
            cells.append((band or say("value.none"), place, classes[column.looks[band]] if band else ""))
        chance = float(row["p_low_on"])
        known = math.isfinite(chance)
        found.append(
            {
                "code": row["code"],
                "name": row["name"],
                "region": row["region"],
                "low": int(row["low_on"]),
                "of": int(row["of"]),
                "chance": format_number(chance, decimals=2) if known else say("profiles.not-known"),
                "sorted": chance if known else -1,
                "cells": cells,
            }
        )
    return found

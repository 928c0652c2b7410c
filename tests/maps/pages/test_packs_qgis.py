"""The layer of a pack: styled as the region's own maps, with names for its columns."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from maps.packs import PackNote


def test_a_pack_opens_in_qgis_as_the_region_was_drawn(tmp_path, make_pack):
    note = PackNote(
        "An atlas", "1.0.0", "1 May 2024", "maps@example.org", names={"code": ("Code of the area", "A code")}
    )
    make_pack(tmp_path / "pack", note=note)
    with closing(sqlite3.connect(tmp_path / "pack" / "areas.gpkg")) as base:
        styles = base.execute("SELECT f_table_name, useAsDefault, styleQML FROM layer_styles ORDER BY id").fetchall()
        about = base.execute("SELECT identifier, description FROM gpkg_contents WHERE table_name = 'wales'").fetchone()
        names = base.execute("SELECT column_name, name FROM gpkg_data_columns").fetchall()
    assert {layer for layer, _, _ in styles} == {"wales"}
    assert [default for _, default, _ in styles] == [1] + [0] * (len(styles) - 1)
    assert about[0] == "An atlas: Wales"
    assert about[1] == "Contains squares. Contains income."
    assert names == [("code", "Code of the area")]
    assert '<alias field="code" name="Code of the area" />' in styles[0][2]

"""The whole run: a configuration in, an atlas out (maps, pages, tables, packs, manifest).

``maps.atlas.config`` reads and checks, ``maps.atlas.inputs`` finds and joins, ``maps.atlas.specs`` describes the maps,
``maps.atlas.tables`` writes data, ``maps.atlas.manifest`` proves it, ``maps.atlas.run`` calls them in order.
"""

__all__: list[str] = []

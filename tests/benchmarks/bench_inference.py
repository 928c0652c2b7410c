"""Inference against its peers: seconds from (values, graph) to statistic and p of every area, both sides in one run.

Ours must agree with theirs within Monte-Carlo error in the same run, or the line says so. ``python -m
tests.benchmarks.bench_inference [NAME …]`` runs the lines named: small lsoa star huge general many draws contiguity
calibration.
"""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.getis_ord import local_g_star
from analysis.moran import local_moran, local_moran_many, moran_tested, residuals, standardised
from analysis.permutation import Rows, neighbour_tails, row_standardised, scaled
from analysis.significance import Inference, Options
from analysis.weights import Weights, build_weights, from_edges, queen
from boundaries.areas.loading import load_boundary_set
from geo.topology import contiguity_links
from tests.benchmarks.pairing import paired

DATA = Path(os.environ.get("PLACEATLAS_REAL_DATA", Path(__file__).parents[3] / "shared" / "data"))

FRESH = """
import time, numpy as np, pandas as pd
{imports}
rng = np.random.default_rng(0)
side = 19
ids = pd.Index([f"a{{i:03d}}" for i in range(side * side)])
pairs = [(i, j) for i in range(side * side) for j in (i + 1, i + side) if j < side * side and (j != i + 1 or j % side)]
a = np.array([p[0] for p in pairs] + [p[1] for p in pairs]); b = np.array([p[1] for p in pairs] + [p[0] for p in pairs])
x = pd.Series(rng.normal(size=len(ids)), index=ids)
{prepare}
start = time.perf_counter()
{work}
print(time.perf_counter() - start)
"""


def main(names: list[str] | None = None) -> None:
    """Print the table."""
    warnings.simplefilter("ignore")
    lines = {
        "small": small,
        "lsoa": lsoa,
        "star": star,
        "huge": huge,
        "general": general,
        "many": many,
        "draws": draws,
        "contiguity": contiguity,
        "calibration": calibration,
    }
    chosen = names or list(lines)
    _print(
        f"{'work':44} {'peer':>26} {'ours s':>9} {'theirs s':>9} {'times':>8} {'public s':>9} {'times':>8}  agreement"
    )
    for name in chosen:
        lines[name]()


def small() -> None:
    """361 areas × 999 in fresh processes, after imports: what a newcomer meets."""
    ours = {
        "imports": "from analysis.weights.graph import assembled\nfrom analysis.moran import local_moran",
        "prepare": "w = assembled(ids, a, b, policy='x')",
        "work": "local_moran(x, w, seed=1, permutations=999, correction='none')",
    }
    theirs = {
        "imports": "import sys; sys.modules['numba'] = None\nimport warnings; warnings.simplefilter('ignore')\n"
        "from libpysal.graph import Graph\nimport esda",
        "prepare": "g = Graph.from_arrays(ids[a], ids[b], np.ones(len(a)))",
        "work": "esda.Moran_Local(x, g, permutations=999, keep_simulations=False, n_jobs=1)",
    }
    pairs = [(_fresh(ours), _fresh(theirs)) for _ in range(5)]
    seconds = np.median(np.array(pairs), axis=0)
    _line("local Moran, 361 × 999, fresh process", "esda without numba", seconds[0], seconds[1])


def lsoa() -> None:
    """35,672 real small areas × 999 (a lattice of that size where the files are absent)."""
    weights = _small_areas()
    values = _smooth(weights)
    rows = _rows(weights)
    x = scaled(values.to_numpy())[None, :]
    graph = weights.to_graph()
    pair = paired(
        lambda: _core(x, rows, 999),
        lambda: _esda(values, graph, 999),
        runs=3,
    )
    agreement = _agree(_p(x, rows, 999), _esda(values, graph, 999).p_sim, 999)
    public = paired(
        lambda: local_moran(values, weights, seed=1, permutations=999).to_frame(),
        lambda: None,
        runs=3,
    )
    _line(
        f"local Moran, {len(weights):,} × 999", "esda (warm, 1 thread)", pair.ours, pair.theirs, public.ours, agreement
    )
    best = paired(lambda: None, lambda: _esda(values, graph, 999, jobs=2), runs=2).theirs
    _line("", "esda (2 threads)", pair.ours, best, public.ours)
    peer = _pygeoda(weights, values)
    if peer is not None:
        again = paired(lambda: _core(x, rows, 999), peer, runs=3)
        _line("", "pygeoda look-up table", again.ours, again.theirs, public.ours)


def star() -> None:
    """Gi* at 9,999 draws."""
    import esda

    weights = _small_areas()
    values = _smooth(weights)
    rows = Rows(weights.indptr, weights.indices, weights.data)
    x = scaled(values.to_numpy())[None, :]
    graph = weights.to_graph().transform("b")

    def theirs() -> Any:
        return esda.G_Local(
            values, graph, transform="B", star=True, permutations=9_999, keep_simulations=False, n_jobs=1, seed=1
        )

    pair = paired(lambda: _core(x, rows, 9_999), theirs, runs=1)
    public = paired(lambda: local_g_star(values, weights, seed=1, permutations=9_999).to_frame(), lambda: None, runs=3)
    _line(f"Gi*, {len(weights):,} × 9,999", "esda (warm, 1 thread)", pair.ours, pair.theirs, public.ours)


def huge() -> None:
    """200,000 areas × 999, and the memory of 99,999 draws on as many."""
    weights = _lattice(447, 448)
    values = _smooth(weights)
    rows = _rows(weights)
    x = scaled(values.to_numpy())[None, :]
    graph = weights.to_graph()
    pair = paired(lambda: _core(x, rows, 999), lambda: _esda(values, graph, 999), runs=1)
    public = paired(lambda: local_moran(values, weights, seed=1, permutations=1_999).to_frame(), lambda: None, runs=3)
    _line(f"local Moran, {len(weights):,} × 999", "esda (warm, 1 thread)", pair.ours, pair.theirs, public.ours)
    code = (
        "import time, numpy as np\nfrom analysis.permutation import neighbour_tails, Rows\n"
        "n = 200256; side = 448; i = np.arange(n)\n"
        "near = np.stack([(i + s) % n for s in (1, -1, side, -side)], axis=1)\n"
        "rows = Rows(np.arange(0, 4 * n + 1, 4), near.ravel(), np.ones(4 * n))\n"
        "x = np.random.default_rng(0).normal(size=(1, n)); start = time.perf_counter()\n"
        "neighbour_tails(x, rows, permutations=99999, seed=1)\n"
        # Not ru_maxrss: a child inherits the peak of the process that started it.
        "peak = next(line for line in open('/proc/self/status') if line.startswith('VmHWM')).split()[1]\n"
        "print(time.perf_counter() - start, int(peak) / 1e6)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    seconds, gigabytes = (float(word) for word in done.stdout.split())
    _print(f"{'':44} 200,256 × 99,999 in {seconds:.2f} s with a peak of {gigabytes:.2f} GB, the interpreter included")


def general() -> None:
    """Unequal weights at 35,672 × 999: the gather method."""
    weights = _small_areas()
    values = _smooth(weights)
    rng = np.random.default_rng(0)
    uneven = Weights(
        weights.ids, weights.indptr, weights.indices, rng.uniform(0.5, 2, len(weights.data)), "uneven", weights.audit
    )
    rows = _rows(uneven)
    x = scaled(values.to_numpy())[None, :]
    graph = uneven.to_graph()
    pair = paired(lambda: _core(x, rows, 999), lambda: _esda(values, graph, 999), runs=3)
    public = paired(lambda: local_moran(values, uneven, seed=1, permutations=999).to_frame(), lambda: None, runs=3)
    agreement = _agree(_p(x, rows, 999), _esda(values, graph, 999).p_sim, 999)
    _line(
        f"unequal weights, {len(weights):,} × 999",
        "esda (warm, 1 thread)",
        pair.ours,
        pair.theirs,
        public.ours,
        agreement,
    )


def many() -> None:
    """50 outcomes on one graph of 361 areas."""
    weights = _lattice(19, 19)
    table = pd.DataFrame(np.random.default_rng(0).normal(size=(361, 50)), index=weights.ids)
    rows = _rows(weights)
    x = np.array([scaled(table[name].to_numpy()) for name in table])
    graph = weights.to_graph()
    pair = paired(lambda: _core(x, rows, 999), lambda: [_esda(table[at], graph, 999) for at in table], runs=5)
    public = paired(
        lambda: [result.to_frame() for result in local_moran_many(table, weights, seed=1, permutations=999).values()],
        lambda: None,
    )
    _line("50 outcomes, 361 × 999", "esda looped", pair.ours, pair.theirs, public.ours)


def draws() -> None:
    """1,000 error draws of one outcome on 361 areas; esda is timed on 100 of them."""
    weights = _lattice(19, 19)
    x = np.random.default_rng(0).normal(size=(1000, 361))
    rows = _rows(weights)
    graph = weights.to_graph()
    own = np.array([standardised(row) for row in x])
    inference = Inference(seed=1, permutations=999)
    pair = paired(lambda: _core(x, rows, 999), lambda: [_esda(row, graph, 999) for row in x[:100]], runs=3)
    public = paired(lambda: moran_tested(own, own, rows, inference), lambda: None)
    _line("1,000 error draws, 361 × 999", "esda looped (×10 of 100)", pair.ours, 10 * pair.theirs, public.ours)


def contiguity() -> None:
    """Queen neighbours of real small areas: the same edges."""
    from libpysal.graph import Graph

    path = DATA / "boundaries" / "small_areas" / "LSOA_DEC_2021_EW_BGC.parquet"
    if not path.is_file():
        _print(f"{'contiguity':44} no file of small areas at {path}")
        return
    layer = gpd.read_parquet(path).reset_index(drop=True)
    shapes = np.asarray(layer.geometry.array)
    pair = paired(
        lambda: contiguity_links(shapes, kind="queen"), lambda: Graph.build_contiguity(layer, rook=False), runs=3
    )
    heads, tails = contiguity_links(shapes, kind="queen")
    matrix = Graph.build_contiguity(layer, rook=False).sparse.tocoo()
    real = matrix.data != 0
    n = len(layer)
    same = np.array_equal(np.sort(heads * n + tails), np.sort(matrix.row[real].astype(np.int64) * n + matrix.col[real]))
    _line(
        f"contiguity, {n:,} small areas",
        "Graph.build_contiguity",
        pair.ours,
        pair.theirs,
        agreement=f"same edges: {same}",
    )


def calibration() -> None:
    """Error rates over the 361 districts of 2023, land borders and crossings: 1,000 maps of noise, and a gradient."""
    areas = load_boundary_set("LAD", dt.date(2023, 4, 1))
    weights = build_weights(areas)
    size = (len(weights), 1000)
    rng = np.random.default_rng(0)
    _print(f"\n{weights!r}: {size[1]} maps of noise, level 0.05")
    _print(
        f"{'statistic':12} {'noise':10} {'correction':11} {'draws':>6} {'areas called':>13} {'± error':>8} "
        f"{'by area':>16} {'maps with any':>14} {'± error':>8}"
    )
    for kind, table in (("normal", rng.normal(size=size)), ("lognormal", np.exp(rng.normal(size=size)))):
        frame = pd.DataFrame(table, index=weights.ids)
        for correction, draws_made in (("none", 9_999), ("fdr_bh", 99_999), ("fdr_by", 99_999), ("bonferroni", 99_999)):
            options: Options = {"seed": 1, "permutations": draws_made, "correction": correction}
            found = local_moran_many(frame, weights, **options)
            _rates("local Moran", kind, options, [result.frame["q"] for result in found.values()])
            stars = (local_g_star(frame[at], weights, **options) for at in frame)
            _rates("Gi*", kind, options, [result.frame["q"] for result in stars])
    shapes = areas.frame.set_index("code")
    values = shapes.geometry.centroid.y / 1e5 + 0.3 * pd.Series(rng.normal(size=size[0]), index=weights.ids)
    for words, tested in (
        ("a gradient to the north", values),
        ("its residuals from the means of regions", residuals(values, shapes["region_code"])),
    ):
        _print(f"{words}: {local_moran(tested, weights, seed=1)!r}")


def _rates(statistic: str, kind: str, options: Options, q: list[Any]) -> None:
    called = np.array(q) <= 0.05
    by_map, by_area = called.mean(axis=1), called.mean(axis=0)
    maps, family = len(called), called.any(axis=1).mean()
    span = f"{by_area.min():.3f} to {by_area.max():.3f}"
    _print(
        f"{statistic:12} {kind:10} {options['correction']:11} {options['permutations']:>6} {by_map.mean():13.4f} "
        f"{by_map.std() / np.sqrt(maps):8.4f} {span:>16} {family:14.3f} {np.sqrt(family * (1 - family) / maps):8.3f}"
    )


def _core(x: np.ndarray, rows: Rows, permutations: int) -> Any:
    """Do what the peers do: statistic and p of every area in arrays."""
    return moran_tested(x, x, rows, Inference(seed=1, permutations=permutations, correction="none"))


def _p(x: np.ndarray, rows: Rows, permutations: int) -> np.ndarray:
    tails = neighbour_tails(x, rows, permutations=permutations, seed=1)
    return np.minimum(tails.upper, tails.lower)[0] / permutations


def _esda(values: Any, graph: Any, permutations: int, *, jobs: int = 1) -> Any:
    import esda

    return esda.Moran_Local(values, graph, permutations=permutations, keep_simulations=False, n_jobs=jobs, seed=1)


def _pygeoda(weights: Weights, values: pd.Series) -> Any:
    """Return a call of pygeoda's look-up-table local Moran on the small areas, or None where it is not installed."""
    try:
        import pygeoda
    except ImportError:
        return None
    path = DATA / "boundaries" / "small_areas" / "LSOA_DEC_2021_EW_BGC.parquet"
    if not path.is_file() or len(weights) != 35_672:
        return None
    data = pygeoda.open(gpd.read_parquet(path)[["geometry"]].assign(value=values.to_numpy()))
    theirs = pygeoda.queen_weights(data)
    column = values.tolist()
    return lambda: pygeoda.local_moran(theirs, column, permutations=999, permutation_method="lookup", cpu_threads=1)


def _agree(ours: np.ndarray, theirs: np.ndarray, permutations: int) -> str:
    """Say how far two Monte-Carlo shares lie apart, in standard errors."""
    share = np.clip((ours + theirs) / 2, 1 / permutations, 0.5)
    score = (ours - theirs) / np.sqrt(2 * share * (1 - share) / permutations)
    return f"difference of p: sd {score.std():.2f} standard errors, mean {score.mean():+.2f}"


def _rows(weights: Weights) -> Rows:
    return row_standardised(Rows(weights.indptr, weights.indices, weights.data))


def _small_areas() -> Weights:
    path = DATA / "boundaries" / "small_areas" / "LSOA_DEC_2021_EW_BGC.parquet"
    if not path.is_file():
        return _lattice(188, 190)
    layer = gpd.read_parquet(path)
    shapes = gpd.GeoSeries(
        layer.geometry.to_numpy(), index=pd.Index([f"a{i:05d}" for i in range(len(layer))]), crs=layer.crs
    )
    if not shapely.is_valid(shapes.to_numpy()).all():
        shapes = shapes.make_valid()
    return queen(shapes)


def _lattice(rows: int, columns: int) -> Weights:
    place = np.arange(rows * columns).reshape(rows, columns)
    start = np.r_[place[:, :-1].ravel(), place[:-1].ravel()]
    end = np.r_[place[:, 1:].ravel(), place[1:].ravel()]
    names = np.array([f"a{i:06d}" for i in range(rows * columns)])
    return from_edges(pd.DataFrame({"from": names[start], "to": names[end]}), ids=pd.Index(names), symmetric=True)


def _smooth(weights: Weights) -> pd.Series:
    """Return noise averaged once over neighbours: a map with some pattern, without ties."""
    noise = np.random.default_rng(0).normal(size=len(weights))
    degrees = np.maximum(weights.degrees, 1)
    return pd.Series(noise + 0.5 * (weights.sparse() @ noise) / degrees, index=weights.ids)


def _fresh(parts: dict[str, str]) -> float:
    done = subprocess.run([sys.executable, "-c", FRESH.format(**parts)], capture_output=True, text=True, check=True)
    return float(done.stdout)


def _line(work: str, peer: str, ours: float, theirs: float, public: float | None = None, agreement: str = "") -> None:
    second = f"{public:9.4f} {theirs / public:8.1f}" if public else " " * 18
    _print(f"{work:44} {peer:>26} {ours:9.4f} {theirs:9.3f} {theirs / ours:8.1f} {second}  {agreement}")


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])

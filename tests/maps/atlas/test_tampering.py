"""A build that somebody changed after it was made: every way to do so is found by replay, and named."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from geo import cli
from geo.errors import OutputError
from geo.provenance import sha256_of
from maps.atlas.input_files import hashes_of_inputs
from maps.atlas.manifest import hashes, read_manifest, strangers
from maps.atlas.replaying import replay_build
from maps.atlas.run import build_atlas
from maps.atlas.signing import SIGNATURE, fault_of_signature, sign
from maps.atlas.versions import differences, versions_here

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ATLAS = """
schema = 1
title = "Pay"
slug = "pay"
[boundaries]
geography = "LAD"
date = 2023-04-01
within = "North East"
[[outcome]]
id = "pay"
file = "one/pay.csv"
title = "Pay"
measure = "mean"
favourable = "high"
[[outcome]]
id = "more"
file = "two/pay.csv"
title = "More"
measure = "mean"
favourable = "high"
[statistics]
permutations = 499
robustness = false
[outputs]
kinds = ["choropleth"]
formats = ["png"]
packs = []
"""
PEM, SSH = serialization.Encoding.PEM, serialization.Encoding.OpenSSH


def write_keys(folder: Path, *, form: str = "ssh") -> tuple[Path, Path]:
    key = ed25519.Ed25519PrivateKey.generate()
    kind = serialization.PrivateFormat.OpenSSH if form == "ssh" else serialization.PrivateFormat.PKCS8
    private, public = folder / f"{form}-key", folder / f"{form}-key.pub"
    private.write_bytes(key.private_bytes(PEM, kind, serialization.NoEncryption()))
    shape = serialization.PublicFormat.OpenSSH if form == "ssh" else serialization.PublicFormat.SubjectPublicKeyInfo
    public.write_bytes(key.public_key().public_bytes(SSH if form == "ssh" else PEM, shape))
    return private, public


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a signed build of two outcomes whose files have one name, the keys, and the configuration."""
    root = tmp_path_factory.mktemp("tampering")
    codes = ["E06000001", "E06000002", "E06000003", "E06000004", "E06000005", "E06000047", "E06000057", "E08000021"]
    codes += ["E08000022", "E08000023", "E08000024", "E08000037"]
    for name, factor in (("one", 1), ("two", 3)):
        (root / name).mkdir()
        lines = [f"{code},{20 + (place * factor) % 7}" for place, code in enumerate(codes)]
        (root / name / "pay.csv").write_text("\n".join(["code,value", *lines, ""]), encoding="utf-8")
    (root / "pay.toml").write_text(ATLAS, encoding="utf-8")
    private, _ = write_keys(root)
    build_atlas(str(root / "pay.toml"), out=root / "build", key=private)
    return root


def edit(change: Callable[[Any], object]) -> Callable[[Path], None]:
    def tamper(build: Path) -> None:
        said = json.loads((build / "manifest.json").read_text(encoding="utf-8"))
        change(said)
        (build / "manifest.json").write_text(json.dumps(said), encoding="utf-8")

    return tamper


def set_to(value: Any, *where: str) -> Callable[[Path], None]:
    def change(said: Any) -> None:
        for name in where[:-1]:
            said = said[name]
        said[where[-1]] = value

    return edit(change)


def first(folder: Path, pattern: str) -> Path:
    return min(folder.rglob(pattern))


def append(pattern: str) -> Callable[[Path], None]:
    def tamper(build: Path) -> None:
        path = first(build, pattern)
        path.write_bytes(path.read_bytes() + b" ")

    return tamper


def linked(build: Path) -> None:
    path = first(build, "*.png")
    kept = path.rename(build.parent / "kept.png")
    path.symlink_to(kept)


def swapped(build: Path) -> None:
    (build / "data" / "areas.csv").rename(build / "t")
    (build / "index.html").rename(build / "data" / "areas.csv")
    (build / "t").rename(build / "index.html")


def another_table(build: Path) -> None:
    """Change a table and the hash that the manifest gives of it, as who knows the manifest would."""
    path = build / "data" / "areas.csv"
    path.write_bytes(path.read_bytes().replace(b"Hartlepool", b"Hartlepoot"))
    set_to(sha256_of(path), "files", "data/areas.csv")(build)


TAMPERINGS: dict[str, tuple[Callable[[Path], object], str]] = {
    "a table": (append("areas.csv"), "changed on disk since they were written: data/areas.csv"),
    "a picture": (append("*.png"), "changed on disk"),
    "a page": (append("index.html"), "changed on disk"),
    "a receipt": (append("*.txt"), "changed on disk"),
    "a file gone": (lambda build: first(build, "*.png").unlink(), "gone from disk"),
    "a file more": (lambda build: (build / "x.html").touch(), "not of this build: x.html"),
    "a hidden file": (lambda build: (build / "data" / ".x").touch(), "not of this build: data/.x"),
    "a manifest below": (lambda build: (build / "data" / "manifest.json").touch(), "not of this build: data/manifest"),
    "an empty folder": (lambda build: (build / "x").mkdir(), r"not of this build: x/ \(an empty folder\)"),
    "a link more": (lambda build: (build / "x").symlink_to(build), r"x \(a link\)"),
    "a link instead": (linked, r"\(a link\)"),
    "a dead link": (lambda build: (build / "x").symlink_to("nowhere"), r"x \(a link\)"),
    "a pipe": (lambda build: os.mkfifo(build / "x"), r"x \(no file\)"),
    "two names swapped": (swapped, "changed on disk"),
    "a table and its hash": (another_table, "different when computed again: data/areas.csv"),
    "the date": (set_to("2024-04-01", "boundaries", "LAD", "date"), 'boundaries.LAD.date: "2024-04-01" is said'),
    "approximate areas": (set_to({"E06000001": "x"}, "boundaries", "LAD", "approximate"), "LAD.approximate"),
    "the number of areas": (set_to(13, "boundaries", "LAD", "areas"), "LAD.areas: 13 is said, 12 is computed"),
    "a licence": (set_to("mine", "sources", "pay", "licence"), 'sources.pay.licence: "mine" is said'),
    "a source gone": (edit(lambda said: said["sources"].pop("more")), "sources.more: null is said"),
    "a parameter": (set_to("x", "parameters", "pay", "forged"), 'parameters.pay.forged: "x" is said'),
    "the seed": (set_to(7, "config", "statistics", "seed"), "different when computed again|is said"),
}


@pytest.mark.parametrize("kind", TAMPERINGS)
def test_every_kind_of_tampering_is_found_and_named(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.chdir(built)
    build = tmp_path / "build"
    shutil.copytree(built / "build", build)
    tamper, said = TAMPERINGS[kind]
    tamper(build)
    found = replay_build(build, data=[built])
    assert found.faults
    with pytest.raises(OutputError, match=said):
        raise OutputError("not what was built", found.faults)


def test_what_nobody_changed_is_proved_whole_with_its_signature(
    built: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(built)
    words = ["replay", "build", "--data", ".", "--whole", "--public-key", "ssh-key.pub"]
    assert cli.run(words) == 0, capsys.readouterr().err
    out = capsys.readouterr().out
    assert "signed by ssh-key.pub" in out
    assert "equal     index.html" in out
    assert "DIFFERENT" not in out


def test_two_files_of_one_name_are_two_inputs_and_each_is_watched(built: Path, tmp_path: Path) -> None:
    manifest = read_manifest(built / "build")
    assert list(manifest.inputs) == ["outcome more: two/pay.csv", "outcome pay: one/pay.csv"]
    assert len(set(manifest.inputs.values())) == 2
    for name in ("one", "two"):
        shutil.copytree(built / name, tmp_path / name)
    table = tmp_path / "two" / "pay.csv"
    table.write_text(table.read_text(encoding="utf-8").replace(",21", ",22"), encoding="utf-8")
    with pytest.raises(OutputError, match=r"changed: outcome more: two/pay\.csv"):
        replay_build(built / "build", data=[tmp_path])


def test_an_input_more_or_less_is_named(built: Path, tmp_path: Path) -> None:
    build = tmp_path / "build"
    shutil.copytree(built / "build", build)
    edit(lambda said: said["inputs"].update({"layer: x.gpkg": said["inputs"].pop("outcome pay: one/pay.csv")}))(build)
    with pytest.raises(OutputError) as caught:
        replay_build(build, data=[built])
    assert caught.value.faults == ("not found now: layer: x.gpkg", "not read then: outcome pay: one/pay.csv")


def test_every_file_that_a_configuration_names_is_an_input(built: Path, tmp_path: Path) -> None:
    for name in ("m.csv", "l.gpkg", "s.toml", "links.csv", "t.toml", "i.csv"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    config = read_manifest(built / "build").config
    boundaries = config.boundaries.model_copy(update={"members": "m.csv", "layer": "l.gpkg", "scenario": "s.toml"})
    statistics = config.statistics.model_copy(update={"weights": "links.csv"})
    config = config.model_copy(update={"boundaries": boundaries, "statistics": statistics, "title": "i.csv"})
    found = hashes_of_inputs(config, {"pay": tmp_path / "i.csv"}, [tmp_path])
    assert list(found) == [
        "boundaries layer: l.gpkg",
        "boundaries members: m.csv",
        "boundaries scenario: s.toml",
        "outcome pay: one/pay.csv",
        "statistics weights: links.csv",
    ]


def test_versions_explain_a_difference(built: Path, tmp_path: Path) -> None:
    here = versions_here()
    assert {"Python", "numpy", "pandas", "GDAL", "GEOS", "PROJ", "matplotlib", "fonts"} <= here.keys()
    assert read_manifest(built / "build").versions == here
    assert differences(here) == ()
    assert differences(here | {"numpy": "1.0"}) == (f"numpy: 1.0 then, {here['numpy']} now",)
    assert differences({}) == ("the build did not record what it was made with",)
    build = tmp_path / "build"
    shutil.copytree(built / "build", build)
    set_to("1.0", "versions", "GEOS")(build)
    assert replay_build(build, data=[built]).faults == (), "another version alone is no fault"
    another_table(build)
    faults = replay_build(build, data=[built]).faults
    assert faults[-1] == f"  GEOS: 1.0 then, {here['GEOS']} now"


@pytest.mark.parametrize("form", ["ssh", "pem"])
def test_a_signature_is_of_one_manifest_by_one_key(tmp_path: Path, form: str) -> None:
    private, public = write_keys(tmp_path, form=form)
    manifest = tmp_path / "manifest.json"
    manifest.write_text("{}", encoding="utf-8")
    assert fault_of_signature(manifest, public) == "not signed: there is no manifest.json.sig"
    sign(manifest, private)
    assert fault_of_signature(manifest, public) is None
    other = tmp_path / "other"
    other.mkdir()
    _, stranger = write_keys(other, form=form)
    assert fault_of_signature(manifest, stranger) == f"{SIGNATURE} is not of this manifest by {stranger.name}"
    manifest.write_text("{ }", encoding="utf-8")
    assert fault_of_signature(manifest, public) == f"{SIGNATURE} is not of this manifest by {public.name}"
    (tmp_path / SIGNATURE).write_bytes(b"\xff")
    assert fault_of_signature(manifest, public) == f"{SIGNATURE} is not a signature"


def test_a_key_of_minisign_signs_as_its_own_program_would(built: Path, tmp_path: Path) -> None:
    import minisign  # noqa: PLC0415  # an extra of its own, which the oldest versions do without

    manifest = tmp_path / "manifest.json"
    manifest.write_text("{}", encoding="utf-8")
    for name in ("own", "other"):
        pair = minisign.KeyPair.generate()
        (tmp_path / name).write_bytes(bytes(pair.secret_key) + b"\n")
        (tmp_path / f"{name}.pub").write_bytes(bytes(pair.public_key) + b"\n")
    public = tmp_path / "own.pub"
    assert fault_of_signature(manifest, public) == "not signed: there is no manifest.json.minisig"
    first = sign(manifest, tmp_path / "own").read_bytes()
    assert sign(manifest, tmp_path / "own").read_bytes() == first, "no time is in it"
    assert fault_of_signature(manifest, public) is None
    minisign.PublicKey.from_file(public).verify_file(manifest)
    assert hashes(tmp_path).keys() == {"own", "own.pub", "other", "other.pub"}, "a signature is no file of the build"
    foreign = fault_of_signature(manifest, tmp_path / "other.pub")
    assert foreign == "manifest.json.minisig is not of this manifest by other.pub"
    signature = tmp_path / "manifest.json.minisig"
    signature.write_bytes(first.replace(b"the manifest of", b"the manifest in"))
    assert fault_of_signature(manifest, public) == "manifest.json.minisig is not of this manifest by own.pub"
    signature.write_bytes(first)
    manifest.write_text("{ }", encoding="utf-8")
    assert fault_of_signature(manifest, public) == "manifest.json.minisig is not of this manifest by own.pub"
    signature.write_bytes(b"hello")
    assert fault_of_signature(manifest, public) == "manifest.json.minisig is not a signature"
    with minisign.SecretKey.from_file(tmp_path / "own") as locked:
        locked.encrypt("x", opslimit=minisign.OPSLIMIT, memlimit=minisign.MEMLIMIT // 64)
        (tmp_path / "locked").write_bytes(bytes(locked))
    with pytest.raises(OutputError, match="cannot be used as a private key\n  it needs a password\n  make a pair"):
        build_atlas(str(built / "pay.toml"), out=tmp_path / "out", key=tmp_path / "locked")
    (tmp_path / "cut.pub").write_bytes(public.read_bytes()[:40])
    with pytest.raises(OutputError, match=r"cut\.pub cannot be used as a public key"):
        fault_of_signature(manifest, tmp_path / "cut.pub")


def test_a_key_that_cannot_be_used_is_told_before_the_work(built: Path, tmp_path: Path) -> None:
    curve = ec.generate_private_key(ec.SECP256R1())
    kind = serialization.PrivateFormat.PKCS8
    (tmp_path / "curve").write_bytes(curve.private_bytes(PEM, kind, serialization.NoEncryption()))
    shape = serialization.PublicFormat.SubjectPublicKeyInfo
    (tmp_path / "curve.pub").write_bytes(curve.public_key().public_bytes(PEM, shape))
    locked = ed25519.Ed25519PrivateKey.generate()
    (tmp_path / "locked").write_bytes(locked.private_bytes(PEM, kind, serialization.BestAvailableEncryption(b"x")))
    (tmp_path / "text").write_text("hello", encoding="utf-8")
    for name in ("curve", "locked", "text", "absent"):
        with pytest.raises(OutputError, match=f"{name} cannot be used as a private key"):
            build_atlas(str(built / "pay.toml"), out=tmp_path / "out", key=tmp_path / name)
    assert not (tmp_path / "out").exists()
    for name in ("curve.pub", "text", "absent"):
        with pytest.raises(OutputError, match="cannot be used as a public key"):
            fault_of_signature(built / "build" / "manifest.json", tmp_path / name)


def test_a_build_holds_no_strangers(built: Path) -> None:
    assert strangers(built / "build") == ()

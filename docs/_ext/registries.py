"""Tables that are made from the code they describe: registries, commands, configuration, columns, errors."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, Any, ClassVar

from sphinx.util.docutils import SphinxDirective

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from docutils import nodes
    from sphinx.application import Sphinx


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table."""
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(_cell(cell) for cell in row)} |" for row in rows]
    return "\n".join(lines) + "\n"


def _cell(text: object) -> str:
    plain = " ".join(str(text).split())
    return plain.replace("``", "`").replace("|", r"\|").replace("<", r"\<").replace("*", r"\*") or " "


def _code(text: object) -> str:
    return f"`{text}`"


def _first_line(thing: object) -> str:
    return (inspect.getdoc(thing) or "").partition("\n")[0]


def _installed(group: str) -> list[tuple[str, Any]]:
    from geo.plugins import extensions, load_named

    ours = [one for one in extensions() if one.group == group and one.distribution == "placeatlas"]
    return [(one.name, load_named(group, one.name)[1]) for one in ours]


_OF_EVERY_COMMAND = ("help", "install_completion", "show_completion")


def statistics() -> str:
    """List our statistics, then those of esda, then what cannot be called."""
    from analysis.statistics import Family, parameters_of, takes_columns

    own, families = [], []
    for name, function in _installed("placeatlas.statistics"):
        if isinstance(function, Family):
            families.append((name, function))
            continue
        columns = "yes" if takes_columns(function) else ""
        own.append((_code(name), _first_line(function), columns, ", ".join(map(_code, parameters_of(function)))))
    parts = ["## Ours", table(("name", "what it says", "looks at other columns", "parameters"), own)]
    for name, family in families:
        rows = []
        for member, words in family.listing().items():
            function = family.member(member)
            columns = "yes" if takes_columns(function) else ""
            rows.append((_code(f"{name}:{member}"), words, columns, ", ".join(map(_code, parameters_of(function)))))
        parts += [f"## Of {name}, by name", table(("name", "what it is", "looks at other columns", "parameters"), rows)]
        refused = [(_code(member), why) for member, why in family.refused().items()]
        parts += [f"## In {name}, and not to be had", table(("name", "why"), refused)]
    return "\n".join(parts)


def covariates() -> str:
    """List our covariates and the shape measures of esda."""
    from analysis.statistics import Family

    rows: list[tuple[str, str]] = []
    for name, function in _installed("placeatlas.covariates"):
        if isinstance(function, Family):
            rows += [(_code(f"{name}:{member}"), words) for member, words in function.listing().items()]
        else:
            rows.append((_code(name), _first_line(function)))
    return table(("name", "what it is"), rows)


def kinds() -> str:
    """List the kinds of map and chart."""
    from maps.kinds.needs import LACKING
    from maps.kinds.table import BUILT_IN, title_of

    rows = [
        (
            _code(kind.name),
            title_of(kind.name),
            "; ".join(LACKING[need] for need in kind.needs),
            ", ".join(map(_code, kind.takes)),
            "yes" if kind.is_layer else "",
            "yes" if kind.usual else "",
        )
        for kind in BUILT_IN
    ]
    head = ("name", "what a reader calls it", "needs", "takes", "lies on a map", "in an atlas by default")
    return table(head, rows)


def adapters() -> str:
    """List the adapters of publishers."""
    from boundaries.sources.registry import adapters as known

    return table(("source", "reads"), ((_code(name), _first_line(type(one))) for name, one in known().items()))


def types() -> str:
    """List the built-in definitions of kinds of place."""
    from analysis.typology.definitions import built_in_definitions, load_typology

    rules = [(name, load_typology(name)) for name in built_in_definitions()]
    return table(
        ("name", "kind of place", "rule", "nations"),
        ((_code(name), rule.dimension, rule.title, ", ".join(rule.nations)) for name, rule in rules),
    )


def commands() -> str:
    """List every verb with its arguments and options."""
    import typer

    parts = []
    for name, function in _installed("placeatlas.commands"):
        app = function
        if not isinstance(function, typer.Typer):
            app = typer.Typer(add_completion=False)
            app.command(name=name)(function)
        parts.append(_command(f"placeatlas {name}", typer.main.get_command(app)))
    return "\n".join(parts)


def _command(name: str, command: Any, depth: int = 2) -> str:
    about, _, example = (command.help or "").partition("Example: ")
    lines = [f"{'#' * depth} {name}", " ".join(about.split()), ""]
    if example:
        lines += ["```sh", example.strip(), "```", ""]
    rows = [
        (
            ", ".join(map(_code, option.opts)) if option.param_type_name == "option" else _code(option.name.upper()),
            getattr(option, "help", "") or "",
            _default(option.default),
        )
        for option in command.params
        if not getattr(option, "hidden", False) and option.name not in _OF_EVERY_COMMAND
    ]
    if rows:
        lines.append(table(("argument or option", "meaning", "default"), rows))
    for child, part in getattr(command, "commands", {}).items():
        lines.append(_command(f"{name} {child}", part, depth + 1))
    return "\n".join(lines)


def _default(value: Any) -> str:
    return "" if value in (None, False, "", ()) or callable(value) else _code(value)


def configuration() -> str:
    """List the keys of an atlas's configuration, from its schema."""
    from maps.atlas.schemas import schema_of

    schema = schema_of("config")
    parts = ["## Of the atlas", _keys(schema, schema)]
    where = {"boundaries": "[boundaries]", "outcome": "[[outcome]]", "covariate": "[[covariate]]", "type": "[[type]]"}
    where |= {"statistics": "[statistics]", "outputs": "[outputs]"}
    for key, shown in where.items():
        part = _resolved(schema["properties"][key], schema)
        parts += [f"## `{shown}`", part.get("description", ""), _keys(part, schema)]
    return "\n\n".join(parts)


def _keys(part: dict[str, Any], schema: dict[str, Any]) -> str:
    required = set(part.get("required", ()))
    rows = [
        (
            _code(name),
            about.get("description") or _resolved(about, schema).get("description", ""),
            _kind_of(about),
            "must be given" if name in required else _plain_default(about.get("default")),
        )
        for name, about in part.get("properties", {}).items()
    ]
    return table(("key", "meaning", "values", "default"), rows)


def _kind_of(about: dict[str, Any]) -> str:
    if "enum" in about:
        return ", ".join(_code(one) for one in about["enum"] if one != "")
    if "const" in about:
        return _code(about["const"])
    if "$ref" in about:
        return "a table"
    if options := about.get("anyOf"):
        return " or ".join(dict.fromkeys(_kind_of(one) for one in options if one.get("type") != "null"))
    if about.get("type") == "array":
        inner = _kind_of(about.get("items", {}))
        return "a list of tables" if inner == "a table" else f"a list of {inner}" if inner else "a list"
    words = {"string": "text", "integer": "a whole number", "number": "a number", "boolean": "true or false"}
    shown = words.get(about.get("type", ""), "a table" if about.get("type") == "object" else "")
    return "a date" if about.get("format") == "date" else shown


def _plain_default(value: Any) -> str:
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, dict):
        return ""
    return (
        ", ".join(_code(one) for one in value)
        if isinstance(value, list)
        else _code(str(value).lower() if isinstance(value, bool) else value)
    )


def _resolved(about: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    found = about.get("items", about)
    found = next((one for one in found.get("allOf", ()) if "$ref" in one), found)
    reference = found.get("$ref", "")
    return schema["$defs"][reference.rpartition("/")[2]] if reference else found


def columns() -> str:
    """List the columns of every table that is written."""
    from analysis import columns as known
    from analysis.further_columns import TABLES

    parts = [
        "## `areas`: what is known of a place",
        table(("column", "meaning", "unit"), ((_code(a), b, c) for a, b, c in known.PLACE_FIELDS)),
    ]
    one_kind = {f"coastal_{name}": words.format(kind="coastal") for name, words in known.KIND_FIELDS.items()}
    for title, fields in (
        ("`areas`: what a study finds, after `<outcome>__<period>__` in an atlas", known.STUDY_FIELDS),
        ("`levels.csv`", known.LEVEL_FIELDS),
        ("`profiles.csv`, before the band of each outcome", known.PROFILE_FIELDS),
        *((f"`{name}.csv`", fields) for name, (fields, _) in TABLES.items()),
        ("`claims.csv`", known.CLAIM_FIELDS),
        ("`clusters.csv`", known.CLUSTER_FIELDS),
        ("`clusters.csv`, of every kind of place; here of coastal", one_kind),
        ("`clusters-by-kind.csv`", known.CLUSTERED_KIND_FIELDS),
        ("`robustness.csv`", known.ROBUSTNESS_FIELDS),
        ("`whole-map.csv`", known.WHOLE_MAP_FIELDS),
    ):
        parts += [f"## {title}", table(("column", "meaning"), ((_code(name), words) for name, words in fields.items()))]
    return "\n\n".join(parts)


def errors() -> str:
    """List the tree of errors."""
    from geo import errors as tree

    found = [thing for _, thing in inspect.getmembers(tree, inspect.isclass) if issubclass(thing, tree.PlaceatlasError)]
    rows = []
    for thing in sorted(found, key=lambda one: (one is not tree.PlaceatlasError, one.__name__)):
        plain = [base.__name__ for base in (ValueError, TypeError) if issubclass(thing, base)]
        rows.append((_code(thing.__name__), _first_line(thing), ", ".join(map(_code, plain))))
    return table(("error", "when", "also a"), rows)


MAKERS: dict[str, Callable[[], str]] = {
    "statistics": statistics,
    "covariates": covariates,
    "kinds": kinds,
    "adapters": adapters,
    "types": types,
    "commands": commands,
    "configuration": configuration,
    "columns": columns,
    "errors": errors,
}
"""Name of a table → what makes it, as Markdown."""


class Registry(SphinxDirective):
    """``{registry} statistics``: one of the tables, made when the page is."""

    required_arguments: ClassVar[int] = 1

    def run(self) -> list[nodes.Node]:
        """Return the table as nodes."""
        text = MAKERS[self.arguments[0]]()
        return self.parse_text_to_nodes(text, allow_section_headings=True)


_HEADINGS = re.compile(r"^(Parameters|Returns|Raises|Notes|References|Examples)$")
_NAMED = re.compile(r"(?<![\w`]) ?((?:[a-z_]+)(?:, [a-z_]+)*) : ")


def parameters_apart(_app: Sphinx, _what: str, _name: str, _thing: object, _options: object, lines: list[str]) -> None:
    """Set every parameter on a line of its own with its meaning below: in the code several may share one."""
    found = next((at for at, line in enumerate(lines) if line.strip() == "Parameters"), None)
    if found is None:
        return
    first = found + 2
    last = next((at for at in range(first, len(lines)) if _HEADINGS.match(lines[at].strip())), len(lines))
    text = " ".join(line.strip() for line in lines[first:last] if line.strip())
    pieces = _NAMED.split(text)
    parted = [
        row for name, words in zip(pieces[1::2], pieces[2::2], strict=True) for row in (name, f"    {words.strip()}")
    ]
    lines[first:last] = [*parted, ""]


def setup(app: Sphinx) -> dict[str, bool]:
    """Give Sphinx the directive, and parameters on lines of their own."""
    app.add_directive("registry", Registry)
    # Before numpydoc, which takes what follows a colon for a type.
    app.connect("autodoc-process-docstring", parameters_apart, priority=100)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

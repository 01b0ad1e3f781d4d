"""The tables of these pages, made from the declarations. `make docs` writes each between its marker comments."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from enum import EnumMeta
from itertools import groupby
from pathlib import Path

from docs import emulated

from pulumi_entra_policies.definitions import KINDS, Kind
from pulumi_entra_policies.definitions.effect import words
from pulumi_entra_policies.definitions.fields import Field, Shape
from pulumi_entra_policies.definitions.targets import TARGETS
from pulumi_entra_policies.settings.clouds import CLOUDS, SYNONYMS
from pulumi_entra_policies.settings.methods import METHODS, Method
from pulumi_entra_policies.settings.sources import OPTIONS

DOCS = Path(__file__).parent
PAGES = (DOCS.parent / "README.md", *sorted(DOCS.glob("*.md")))
_MARKED = re.compile(r"(<!-- table: ([^\n]+) -->\n).*?(<!-- end -->)", re.DOTALL)
_TYPES = {"duration": "`datetime.timedelta`, or a string `hh:mm:ss`"}

Row = tuple[str, ...]


def main() -> None:
    for page in PAGES:
        page.write_text(current(page.read_text("utf-8")), "utf-8")


def current(text: str) -> str:
    """A page with its tables as they are declared."""
    tables = {
        "assignments": _assignments(),
        "effects": _effects(),
        "ways to sign in": _ways_to_sign_in(),
        "clouds": _clouds(),
    }
    tables |= {f"properties of {name}": _properties(KINDS[name]) for name in KINDS}
    tables |= {name: _table(header, rows) for name, (header, rows) in emulated.tables().items()}
    return _MARKED.sub(lambda marked: f"{marked[1]}\n{tables[marked[2]]}\n{marked[3]}", text)


def page_of(name: str) -> Path:
    """The page of a resource class."""
    return DOCS / f"{re.sub(r'(?<!^)(?=[A-Z])', '-', name).lower()}.md"


def parts(shape: Shape) -> list[Shape]:
    """The shapes inside a shape, at any depth; each once, those that a property names first."""
    direct = [field.type for field in shape.fields if isinstance(field.type, Shape)]
    return list(dict.fromkeys([*direct, *(inner for part in direct for inner in parts(part))]))


def _properties(kind: Kind) -> str:
    """The table of a definition, then a section for each of its parts."""
    sections = [f"### {part.name}Args\n\n{_fields(part)}" for part in parts(kind)]
    return "\n".join([_fields(kind), *sections])


def _fields(shape: Shape) -> str:
    """A line a property; neighbours that differ in the name alone have one."""
    rows = [(f"`{field.python}`", _type(field), _allowed(field), _meaning(field)) for field in shape.fields]
    lines = [(", ".join(row[0] for row in same), *rest) for rest, same in groupby(rows, lambda row: row[1:])]
    return _table(("property", "type", "allowed values", "meaning"), lines)


def _type(field: Field) -> str:
    if isinstance(field.type, Shape):
        word = f"[`{field.type.name}Args`](#{field.type.name.lower()}args)"
    else:
        word = f"{_TYPES.get(field.type, field.type)}{'s' if field.many else ''}"
    enumeration = f" or `{field.allowed.__name__}`" if isinstance(field.allowed, EnumMeta) else ""
    return f"{'list of ' if field.many else ''}{word}{enumeration}"


def _allowed(field: Field) -> str:
    if field.within[0]:
        return f"`{field.within[0]}` to `{field.within[1]}`"
    choices = ", ".join(f"`{choice}`" for choice in field.choices)
    return f"{choices}; others with a warning" if field.open_ended else choices or field.matching[1]


def _meaning(field: Field) -> str:
    """The note; whether it has to be given; and what the resource warns of when it is."""
    needed = "Required." if field.required else ""
    if field.default is not None:
        needed = f"Default: `{field.default}`."
    warning = f"Warning: it {field.warning}." if field.warning else ""
    return " ".join(filter(None, (field.note, needed, warning)))


def _assignments() -> str:
    """Which kind can be assigned to what, and which can be the organisation's default."""
    header = ("kind", *(f"to {target.noun}s" for target in TARGETS), "organisation's default", "warning")
    return _table(header, map(_assignable, KINDS.values()))


def _assignable(kind: Kind) -> Row:
    possible = ["yes" if target.collection in kind.targets else "no" for target in TARGETS]
    default = "yes" if kind.has_default else "no"
    return f"[`{kind.name}`]({page_of(kind.name).name})", *possible, default, kind.assignment_doubt


def _effects() -> str:
    """Which policy of a kind takes effect, what the service does without one, and what the pages do not say."""
    header = (
        "kind",
        "the first that there is",
        "without any",
        "not documented",
        "what else decides",
        "Microsoft's pages",
    )
    return _table(header, map(_effect, KINDS.values()))


def _effect(kind: Kind) -> Row:
    effect = kind.effect
    without = effect.built_in.text if effect.built_in else "Microsoft does not document it."
    also = " ".join(said.text for said in (*effect.excepted, *effect.also))
    pages = [effect.source, *(said.source for said in ([effect.built_in] if effect.built_in else []) + [*effect.also])]
    links = ", ".join(f"[{page.rsplit('/', 1)[-1]}]({page})" for page in dict.fromkeys(pages))
    order = "; then ".join(map(words, effect.order)) or "; or ".join(map(words, kind.places))
    return f"[`{kind.name}`]({page_of(kind.name).name})", order, without, effect.gap or "", also, links


def _ways_to_sign_in() -> str:
    """A line a method, in the order of choice: what it takes in each vocabulary."""
    spellings: list[Callable[[str], tuple[str, ...]]] = [
        lambda key: (key,),
        lambda key: OPTIONS[key].near,
        lambda key: OPTIONS[key].far,
    ]
    rows = ((method.name, *(_parts(method, names) for names in spellings)) for method in METHODS)
    return _table(("method", "configuration", "`ARM_*` and pipelines", "azure-identity"), rows)


def _parts(method: Method, names: Callable[[str], tuple[str, ...]]) -> str:
    """The switch, one of the alternatives, what else is needed; in brackets what is used if it is set."""
    switch = f"{_either(names(method.switch))} = `true`" if method.switch and names(method.switch) else ""
    given = _either(name for key in method.given for name in names(key))
    taken = (f"[{_either(names(key))}]" for key in method.takes if names(key))
    return "; ".join(filter(None, (switch, given, *(_either(names(key)) for key in method.needs), *taken)))


def _either(names: Iterable[str]) -> str:
    return " or ".join(f"`{name}`" for name in names)


def _clouds() -> str:
    """Which Graph belongs to which sign-in, and under which names."""
    rows = ((f"`{cloud.name}`", _synonyms(cloud.name), f"`{cloud.authority}`", f"`{cloud.graph}`") for cloud in CLOUDS)
    return _table(("`environment`", "also called", "sign-in", "Graph"), rows)


def _synonyms(name: str) -> str:
    return ", ".join(f"`{word}`" for word, cloud in SYNONYMS.items() if cloud == name)


def _table(header: Row, rows: Iterable[Row]) -> str:
    first, *others = (f"| {' | '.join(row)} |\n".replace("  ", " ") for row in (header, *rows))
    return "".join([first, f"|{'---|' * len(header)}\n", *others])


if __name__ == "__main__":
    main()

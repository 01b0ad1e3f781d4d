"""The query options of a request: which there are, and what they ask.

Directory reads know little of OData: what is not known here is refused, not ignored.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from . import refusals
from .conditions import Condition
from .entities import ANYTHING, Entity
from .filters import condition
from .paging import Sorting, Test
from .search import search

PAGE = 100  # "Paging Microsoft Graph data": the default of directory objects
LARGEST_PAGE = 999

EXPANDED = re.compile(r",(?![^(]*\))")
EXPANSION = re.compile(r"(?P<name>\w+)(?:\(\$select=(?P<select>[\w,]+)\))?")
SORTED = re.compile(r"\s*(?P<name>[\w/]+)(?:\s+(?P<direction>asc|desc))?\s*")

OPTIONS = {"$filter", "$select", "$top", "$skiptoken", "$expand"}
# "List applications", "List servicePrincipals"; policies do not know them.
ADVANCED = {"$count", "$orderby", "$search"}
REFERENCE = "@id"  # whose reference goes, where its path does not say it (OData 4.0, 11.4.6.2)
ELSEWHERE = {"$format", "$skip"}  # options of other collections
OF_ONE = {"$select", "$expand"}  # "$filter is only supported for collections" (microsoft-graph-docs#22100), as the rest
OF_REFERENCES = {"$top", "$skiptoken"}
OF_A_WRITE = {"DELETE": {REFERENCE}}


@dataclass(frozen=True)
class Query:
    entity: Entity = ANYTHING
    condition: Condition | None = None
    search: Test | None = None
    select: tuple[str, ...] = ()
    expand: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What is expanded, each with what is selected of it."""
    top: int = PAGE
    token: str = ""
    sorting: Sorting | None = None
    counts: bool = False

    @property
    def test(self) -> Test | None:
        tests = [test for test in (self.condition and self.condition.holds, self.search) if test]
        if len(tests) < 2:
            return tests[0] if tests else None
        return lambda row: all(test(row) for test in tests)

    @property
    def projection(self) -> str:
        """As `@odata.context` names what is selected and expanded ("OData JSON Format", 10)."""
        expanded = [f"{name}({','.join(select)})" for name, select in self.expand.items()]
        names = [*self.select, *expanded]
        return f"({','.join(names)})" if names else ""


def named(version: str, arguments: Iterable[tuple[str, str]]) -> dict[str, str]:
    """By their names with `$`, which beta may be asked without."""
    options: dict[str, str] = {}
    for argument, value in arguments:
        name = f"${argument}" if version == "beta" and f"${argument}" in OPTIONS | ADVANCED | ELSEWHERE else argument
        if not name.startswith("$") and name != REFERENCE:
            raise refusals.unknown_argument(argument)
        if name in options:
            raise refusals.repeated_option(name)
        options[name] = value
    return options


def only(applicable: Collection[str], options: Mapping[str, str]) -> None:
    """What would change nothing is refused, too."""
    others = [name for name in options if name not in applicable]
    if others:
        raise refusals.inapplicable(",".join(others))


def query(
    options: Mapping[str, str], expandable: Iterable[str] = (), entity: Entity = ANYTHING, *, eventual: bool = False
) -> Query:
    """eventual: the request carries `ConsistencyLevel: eventual`."""
    known = OPTIONS | ADVANCED if entity.knows_advanced_queries else OPTIONS
    for name in options:
        if name not in known:
            raise refusals.unsupported_query(name)
    counts = eventual and _truth(options.get("$count", "false"))
    asked = _Asked(options, entity, eventual, advanced=counts)
    expand = _expand(options.get("$expand", ""), set(expandable))
    top = _top(options.get("$top", str(PAGE)))
    return Query(
        entity=entity,
        condition=asked.condition(),
        search=asked.search(),
        select=asked.select(),
        expand=expand,
        # "Use query parameters", $expand: pages of 100 whatever $top says.
        top=min(top, PAGE) if expand else top,
        token=options.get("$skiptoken", ""),
        sorting=asked.sorting(),
        counts=counts,
    )


@dataclass(frozen=True)
class _Asked:
    options: Mapping[str, str]
    entity: Entity
    eventual: bool
    advanced: bool
    """Beside the header with $count=true: then all is known ("Advanced query capabilities on directory objects")."""

    def condition(self) -> Condition | None:
        if "$filter" not in self.options:
            return None
        found = condition(self.options["$filter"], self.entity)
        if found.needs and not self.advanced:
            raise refusals.only_advanced(found.needs)
        return found

    def search(self) -> Test | None:
        """The header is enough, without $count."""
        if "$search" not in self.options:
            return None
        if not self.eventual:
            raise refusals.search_without_header()
        return search(self.options["$search"], self.entity)

    def sorting(self) -> Sorting | None:
        """In a simple query by one property and without a filter (open: which); else in an advanced one."""
        if "$orderby" not in self.options:
            return None
        by = [self._sorted_by(part) for part in self.options["$orderby"].split(",")]
        simple = len(by) == 1 and not {"$filter", "$search"} & self.options.keys()
        if not self.advanced and (not simple or self.entity.properties[by[0][0]].advanced):
            raise refusals.only_advanced("Sorting not supported for current query.")
        return Sorting(tuple(by))

    def _sorted_by(self, part: str) -> tuple[str, bool]:
        match = SORTED.fullmatch(part)
        one = self.entity.properties.get(match["name"]) if match else None
        if match is None or one is None or not one.sorts:
            raise refusals.unsupported_sorting(part, self.entity.name)
        return match["name"], match["direction"] == "desc"

    def select(self) -> tuple[str, ...]:
        names = tuple(name.strip() for name in self.options.get("$select", "").split(",") if name.strip())
        known = self.entity.properties.keys() | self.entity.navigation | self.entity.in_beta
        for name in names:
            if self.entity is not ANYTHING and name not in known:
                raise refusals.unknown_selected(name, self.entity.type_name)
        return names


def _expand(text: str, expandable: set[str]) -> dict[str, tuple[str, ...]]:
    """`appliesTo` or `appliesTo($select=id)`: "Use query parameters" has both."""
    expanded: dict[str, tuple[str, ...]] = {}
    for item in filter(None, EXPANDED.split(text)):
        match = EXPANSION.fullmatch(item.strip())
        if match is None or match["name"] not in expandable:
            raise refusals.unsupported_query(f"$expand={item}")
        expanded[match["name"]] = tuple(filter(None, (match["select"] or "").split(",")))
    return expanded


def _top(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= LARGEST_PAGE):
        detail = f"Invalid page size specified: '{text}'. Must be between 1 and {LARGEST_PAGE} inclusive."
        raise refusals.unsupported_query(detail)
    return int(text)


def _truth(text: str) -> bool:
    if text not in ("true", "false"):
        raise refusals.invalid_count(text)
    return text == "true"

"""OData as Graph's directory speaks it: query options, pages and the error envelope.

Directory reads know little of OData: what is not listed here is refused with Request_UnsupportedQuery,
not ignored.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from . import refusals

Row = Mapping[str, Any]
Expansions = Mapping[str, Callable[[Row], Sequence[Row]]]

# As "Combine multiple HTTP requests" prints them; an error has neither, its type is plain application/json.
HEADERS = {
    "Content-Type": "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false"
    ";charset=utf-8",
    "OData-Version": "4.0",
}

PAGE = 100  # "Paging Microsoft Graph data": the default of directory objects
LARGEST_PAGE = 999
# "Use query parameters", $expand: at most 20 items, without a nextLink, and pages of 100 whatever $top says.
EXPANDED_ITEMS = 20

EXPANDED = re.compile(r",(?![^(]*\))")
EXPANSION = re.compile(r"(?P<name>\w+)(?:\(\$select=(?P<select>[\w,]+)\))?")

OPTIONS = {"$filter", "$select", "$top", "$skiptoken", "$expand"}
FILTERABLE = {"id": str, "appId": str, "displayName": str, "uniqueName": str, "isOrganizationDefault": bool}
COMPARISON = re.compile(r"\s*(?P<name>\w+)\s+eq\s+(?:'(?P<text>(?:[^']|'')*)'|(?P<truth>true|false))\s*")
SKIP_TOKEN = "RFNwdAoAAQ"  # noqa: S105  opaque to clients; what follows is where the next page starts
SKIP = re.compile(SKIP_TOKEN + r"(\d+)")


@dataclass(frozen=True)
class Query:
    conditions: Mapping[str, str | bool] = field(default_factory=dict)
    select: frozenset[str] = frozenset()
    expand: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """What is expanded, each with what is selected of it."""
    top: int = PAGE
    skip: int = 0

    def matches(self, row: Row) -> bool:
        return all(_same(row.get(name), wanted) for name, wanted in self.conditions.items())


def query(options: Mapping[str, str], expansions: Expansions) -> Query:
    for name in options:
        if name.startswith("$") and name not in OPTIONS:
            raise refusals.unsupported_query(name)
    expand = _expand(options.get("$expand", ""), expansions)
    top = _top(options.get("$top", str(PAGE)))
    return Query(
        conditions=_conditions(options["$filter"]) if "$filter" in options else {},
        select=frozenset(_names(options.get("$select", ""))),
        expand=expand,
        top=min(top, PAGE) if expand else top,
        skip=_skip(options["$skiptoken"]) if "$skiptoken" in options else 0,
    )


def collection(rows: Sequence[Row], address: str, options: Mapping[str, str], expansions: Expansions) -> dict[str, Any]:
    """One page of the rows, and the link to the next if there is more."""
    asked = query(options, expansions)
    found = [row for row in rows if asked.matches(row)] if asked.conditions else rows
    end = asked.skip + asked.top
    page: dict[str, Any] = {"value": [shaped(row, asked, expansions) for row in found[asked.skip : end]]}
    if len(found) > end:
        following = {**options, "$skiptoken": f"{SKIP_TOKEN}{end}"}
        page["@odata.nextLink"] = f"{address}?{urlencode(following, safe='$', quote_via=quote)}"
    return page


def shaped(row: Row, asked: Query, expansions: Expansions) -> dict[str, Any]:
    """The row as $select and $expand want it; annotations always stay."""
    kept = {name: value for name, value in row.items() if _kept(name, asked.select)}
    for name, select in asked.expand.items():
        items = expansions[name](row)[:EXPANDED_ITEMS]
        kept[name] = [{own: value for own, value in item.items() if _kept(own, select)} for item in items]
    return kept


def error(code: str, message: str, request_id: str, client_request_id: str, date: datetime) -> dict[str, Any]:
    inner = {
        "date": date.strftime("%Y-%m-%dT%H:%M:%S"),
        "request-id": request_id,
        "client-request-id": client_request_id,
    }
    return {"error": {"code": code, "message": message, "innerError": inner}}


def _same(value: object, wanted: str | bool) -> bool:
    """Strings compare without letter case: open, and the more demanding of the two for who looks up a name."""
    if isinstance(value, str) and isinstance(wanted, str):
        return value.casefold() == wanted.casefold()
    return value is wanted


def _conditions(text: str) -> dict[str, str | bool]:
    """`a eq 'x' and b eq true`. Everything else is refused, as the directory does for most of OData."""
    conditions: dict[str, str | bool] = {}
    position = 0
    while match := COMPARISON.match(text, position):
        name, wanted = match["name"], _literal(match)
        if name in conditions or FILTERABLE.get(name) is not type(wanted):
            raise refusals.unsupported_query(text)
        conditions[name] = wanted
        if match.end() == len(text):
            return conditions
        if not text.startswith("and ", match.end()):
            break
        position = match.end() + len("and ")
    raise refusals.unsupported_query(text)


def _literal(match: re.Match[str]) -> str | bool:
    text = match["text"]
    return match["truth"] == "true" if text is None else str(text).replace("''", "'")


def _kept(name: str, select: frozenset[str]) -> bool:
    return not select or name in select or name.startswith("@")


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _expand(text: str, expansions: Expansions) -> dict[str, frozenset[str]]:
    """`appliesTo` or `appliesTo($select=id)`: "Use query parameters" has both."""
    expanded: dict[str, frozenset[str]] = {}
    for item in filter(None, EXPANDED.split(text)):
        match = EXPANSION.fullmatch(item.strip())
        if match is None or match["name"] not in expansions:
            raise refusals.unsupported_query(f"$expand={item}")
        expanded[match["name"]] = frozenset(_names(match["select"] or ""))
    return expanded


def _top(text: str) -> int:
    if not (text.isdecimal() and 1 <= int(text) <= LARGEST_PAGE):
        detail = f"Invalid page size specified: '{text}'. Must be between 1 and {LARGEST_PAGE} inclusive."
        raise refusals.unsupported_query(detail)
    return int(text)


def _skip(text: str) -> int:
    match = SKIP.fullmatch(text)
    if not match:
        raise refusals.expired_page()
    return int(match[1])

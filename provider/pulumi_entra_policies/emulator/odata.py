"""OData as Graph's directory answers in it: pages of rows, what is kept of a row, and the error envelope."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from .options import Query
from .paging import page

Row = Mapping[str, Any]
Expansions = Mapping[str, Callable[[Row], Sequence[Row]]]

# As "Combine multiple HTTP requests" prints them; an error has neither, its type is plain application/json.
HEADERS = {
    "Content-Type": "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false"
    ";charset=utf-8",
    "OData-Version": "4.0",
}

# "Use query parameters", $expand: at most 20 items, without a nextLink.
EXPANDED_ITEMS = 20
# "keyCredential resource type": without $select of the list, the keys in it are null.
SECRETS = {"keyCredentials": "key"}


def collection(
    rows: Sequence[Row], address: str, options: Mapping[str, str], expansions: Expansions, asked: Query
) -> dict[str, Any]:
    """One page of the rows, and the link to the next if there is more."""
    found = page(rows, asked.top, asked.token, asked.test, asked.sorting)
    body: dict[str, Any] = {"value": [shaped(row, asked, expansions) for row in found.rows]}
    if found.token:
        following = {**options, "$skiptoken": found.token}
        body["@odata.nextLink"] = f"{address}?{urlencode(following, safe='$', quote_via=quote)}"
    if asked.counts and not asked.token:
        # "$count": on the first page alone.
        return {"@odata.count": counted(rows, asked), **body}
    return body


def counted(rows: Sequence[Row], asked: Query) -> int:
    test = asked.test
    return len(rows) if test is None else sum(map(test, rows))


def shaped(row: Row, asked: Query, expansions: Expansions) -> Row:
    """The row as $select and $expand want it; annotations always stay."""
    kept = _kept(row, asked.select)
    for name in asked.entity.in_beta.intersection(asked.select):
        kept = {**kept, name: None}
    for name, select in asked.expand.items():
        kept = {**kept, name: [_kept(item, select) for item in expansions[name](row)[:EXPANDED_ITEMS]]}
    return kept


def error(code: str, message: str, request_id: str, client_request_id: str, date: datetime) -> dict[str, Any]:
    inner = {
        "date": date.strftime("%Y-%m-%dT%H:%M:%S"),
        "request-id": request_id,
        "client-request-id": client_request_id,
    }
    return {"error": {"code": code, "message": message, "innerError": inner}}


def _kept(row: Row, select: Sequence[str]) -> Row:
    if select:
        wanted = {name: row[name] for name in select if name in row}
        return {**{name: value for name, value in row.items() if name[0] == "@"}, **wanted}
    for name, secret in SECRETS.items():
        if row.get(name):
            row = {**row, name: [{**item, secret: None} for item in row[name]]}
    return row

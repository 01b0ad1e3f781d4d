"""The five forms in which a definition is accepted, each as one mapping of plain data.

Keyword arguments as a mapping (snake_case or camelCase keys), Graph's mapping with its root key, the raw JSON string,
and Graph's one-element array of that.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .kinds import Kind
from .values import Problem, is_known, plain, shown

Bag = dict[str, Any]
PATH = "definition"
_LEVELS = 64  # of lists and objects in each other; Microsoft's definitions have 6, Pulumi's wire breaks at some 300
_TOO_DEEP = f"is nested deeper than {_LEVELS} levels"
SIGNATURE = "4dabf18193072939515e22adb298388d"
"""The key by which Pulumi tells its secrets, files and references from mappings, wherever it stands."""


class NotADefinition(Exception):
    """A value that no reading turns into a bag."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(reason)
        self.problem = Problem(path, reason)


def is_told(kind: Kind, value: Any) -> bool:
    """Whether the form of a value can be told yet: an unknown may be all there is in Graph's array or mapping."""
    if isinstance(value, (list, tuple)) and len(value) == 1:
        return is_known(value[0])
    if isinstance(value, Mapping) and len(value) == 1 and _names_root(kind, *value):
        return all(map(is_known, value.values()))
    return is_known(value)


def opened(kind: Kind, value: Any) -> tuple[Bag, bool]:
    """What is inside a definition of any form, and whether that is Graph's own; raises NotADefinition."""
    value = _unwrapped(value)
    document = parsed(value) if isinstance(value, str) else plain_data(dict(value))
    graphs_own = isinstance(value, str) or _has_root(kind, document)
    return (_inner(kind, document) if graphs_own else document), graphs_own


def parsed(text: str) -> Bag:
    """The JSON object that a text is; raises NotADefinition."""
    try:
        document = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except RecursionError:
        raise NotADefinition(PATH, _TOO_DEEP) from None
    except ValueError as error:
        where = f" ({error})" if isinstance(error, (json.JSONDecodeError, _Refused)) else ""
        raise NotADefinition(PATH, f"is not valid JSON{where}: {shown(text)}") from None
    if not isinstance(document, dict):
        raise NotADefinition(PATH, f"must be a JSON object, not {shown(document)}")
    result: Bag = plain_data(document)
    return result


def plain_data(value: Any) -> Any:
    """The value as plain data, if JSON and Pulumi's wire have words for all of it; what is not known yet passes."""
    flaw = _flaw(value, _LEVELS)
    if flaw:
        raise NotADefinition(PATH, flaw)
    try:
        value = plain(value)
        json.dumps(value, ensure_ascii=False, allow_nan=False, default=lambda unknown: None).encode()
    except ValueError as error:
        raise NotADefinition(PATH, f"cannot be written as JSON: {error}") from None
    return value


def _unwrapped(value: Any) -> Any:
    """Graph's array of one string as that string; mappings and strings as they are."""
    if isinstance(value, (list, tuple)):
        if len(value) != 1 or not isinstance(value[0], str):
            raise NotADefinition(PATH, f"must hold exactly one JSON string, not {_counted(value)}")
        return str(value[0])
    if not isinstance(value, (str, Mapping)):
        raise NotADefinition(PATH, f"must be an object or a JSON string, not {shown(value)}")
    return value


def _counted(values: Any) -> str:
    return f"{len(values)} of them" if len(values) != 1 else shown(values[0])


def _flaw(value: Any, levels: int) -> str | None:
    """What only Python has words for, and the key that Pulumi takes for its own."""
    if isinstance(value, Mapping):
        nameless = [key for key in value if not isinstance(key, str)]
        if nameless:
            return f"must have names as keys, not {shown(nameless[0])}"
        if SIGNATURE in value:
            return f"has the key {shown(SIGNATURE)}, which Pulumi keeps for values of its own"
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        if not levels:
            return _TOO_DEEP
        return next(filter(None, (_flaw(item, levels - 1) for item in value)), None)
    if isinstance(value, int) and not _is_exact(value):
        return f"holds {shown(value)}, a whole number that Pulumi would round"
    return None


def _is_exact(value: int) -> bool:
    """Whether a number survives Pulumi's wire, which carries floats."""
    try:
        return int(float(value)) == value
    except OverflowError:
        return False


class _Refused(ValueError):
    """JSON that a lenient parser would take and the service would not."""


def _unique(pairs: list[tuple[str, Any]]) -> Bag:
    document = dict(pairs)
    if len(document) != len(pairs):
        twice = next(key for key, _ in pairs if [name for name, _ in pairs].count(key) > 1)
        raise _Refused(f"the key {shown(twice)} stands twice")
    return document


def _no_constant(name: str) -> Any:
    raise _Refused(f"{name} is no JSON number")


def _has_root(kind: Kind, document: Bag) -> bool:
    """Whether a mapping is Graph's own: it has the root key, or one key, another policy's name, over an object."""
    alone = len(document) == 1 and all(_names_root(kind, key) for key in document)
    return kind.name in document or (alone and all(isinstance(inner, dict) for inner in document.values()))


def _names_root(kind: Kind, key: Any) -> bool:
    from . import KINDS  # which are complete only when this package is

    names = {name.lower() for name in (kind.name, *KINDS)}
    return isinstance(key, str) and key.lower() in names and kind.keyword(key) is None


def _inner(kind: Kind, document: Bag) -> Bag:
    if list(document) == [kind.name] and isinstance(document[kind.name], dict):
        return dict(document[kind.name])
    names = list(map(shown, document))
    found = " and ".join([*names[:3], f"{len(names) - 3} more"] if len(names) > 3 else names) or "none"
    raise NotADefinition(PATH, f'must have exactly one root key, "{kind.name}", over an object; found {found}')

"""The vocabulary: policy kinds, their definitions, the objects they attach to. Pure; standard library only.

A kind is a module here with the name `KIND`; nothing else needs to know of it.
"""

from importlib import import_module
from pkgutil import iter_modules

from .kinds import Kind

_MODULES = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
KINDS: dict[str, Kind] = {module.KIND.name: module.KIND for module in _MODULES if hasattr(module, "KIND")}
"""By Graph's type, which is also the name of the resource class."""

__all__ = ["KINDS", "Kind"]

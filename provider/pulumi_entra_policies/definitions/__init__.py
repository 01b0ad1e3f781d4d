"""The vocabulary: policy kinds, their definitions, the objects they attach to. Pure; standard library only."""

from .kinds import Kind
from .token_issuance import TOKEN_ISSUANCE
from .token_lifetime import TOKEN_LIFETIME

KINDS: dict[str, Kind] = {kind.name: kind for kind in (TOKEN_ISSUANCE, TOKEN_LIFETIME)}

__all__ = ["KINDS", "Kind"]

"""A program against the emulator, for users' own tests. The fixtures are in `pytest_entra_policies`, beside us."""

from .stacks import Configuration, Stacks
from .tenant import configuration, emulator

__all__ = ["Configuration", "Stacks", "configuration", "emulator"]

"""The policies a user writes in a program: their arguments, outputs and documentation. One module a kind."""

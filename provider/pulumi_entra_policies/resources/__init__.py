"""What a user writes: the policies, one module a kind, and the assignment; arguments, outputs, documentation."""

"""What a stack's program is made of: the same two functions for each provider that is compared."""

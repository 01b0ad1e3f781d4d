"""Who calls us: thin adapters from a host to the lifecycle."""

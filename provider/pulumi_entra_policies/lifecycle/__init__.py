"""What should happen, knowing neither Pulumi nor HTTP. `def` is pure; `async def` may touch Graph."""

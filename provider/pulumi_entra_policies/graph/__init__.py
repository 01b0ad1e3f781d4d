"""How Graph is spoken to. Knows no definition grammar; nothing of msgraph-sdk is seen above it."""

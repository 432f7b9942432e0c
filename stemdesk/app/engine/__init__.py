"""The engine: a model kept warm for hosts, asked by JSON-RPC 2.0 on this computer only."""

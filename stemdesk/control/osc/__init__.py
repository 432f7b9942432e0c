"""Open Sound Control: faders and transport over the network, in plain numbers."""

"""The docks beside the network; each shows a part of what the session holds."""

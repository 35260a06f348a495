"""The network as blocks joined by wires, with the ledger beside it."""

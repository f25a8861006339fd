"""The data plane: composition root, streaming entry (bootstrap) and buffered entry (handler)."""

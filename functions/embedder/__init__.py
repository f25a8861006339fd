"""The offline embedder: vectors of short texts without asking anybody."""

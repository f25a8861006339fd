"""Wire formats: one room per dialect, each with request, response, stream and errors. Pure: bytes and values in, bytes and values out."""

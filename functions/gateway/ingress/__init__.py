"""The door: what an HTTP request asks for, and how an answer leaves. ASGI in, values out."""

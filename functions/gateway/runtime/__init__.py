"""The Lambda streaming runtime: Runtime API on one side, an ASGI application on the other. See README.md."""

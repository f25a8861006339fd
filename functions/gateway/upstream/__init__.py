"""The only room that opens a connection to a provider."""

"""The gateway: everything the functions share. Start reading at `exchange.py`."""

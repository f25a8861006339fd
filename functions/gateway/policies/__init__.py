"""What a request must pass before it is served, and what is settled after it. The order is named in `proxy/app.py`."""

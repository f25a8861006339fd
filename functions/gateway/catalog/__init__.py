"""Facts and prices of vendors' models, as data."""

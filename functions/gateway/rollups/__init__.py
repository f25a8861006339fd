"""From log rows to hourly and daily figures, each row counted exactly once. See README.md."""

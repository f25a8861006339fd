"""Values that every room may see: standard library only, no await, no clock, no network, no environment."""

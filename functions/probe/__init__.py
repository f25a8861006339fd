"""The function that asks providers what they offer, on behalf of the control plane."""

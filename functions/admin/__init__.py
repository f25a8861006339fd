"""The control plane function."""

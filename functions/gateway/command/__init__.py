"""The command `gateway`: configuration as code from a shell or a pipeline, over the admin API. It is no part of a deployment.

Python's standard library and PyYAML are all it needs.
"""

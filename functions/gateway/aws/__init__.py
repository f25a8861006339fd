"""The data plane's calls to AWS: small, async, signed here, without botocore."""

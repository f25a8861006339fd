"""HTTP/1.1 over asyncio: the connections under `upstream` (providers) and `aws` (DynamoDB, KMS, S3).

Parsing is llhttp's (httptools), sockets and TLS are asyncio's; what is ours is the pool and the care about what a connection's death means.
Why not a client library: see infra/decisions/0001.
"""

"""Says whose an access token is: the data plane asks, and holds no key that could sign one."""

"""Which upstream serves a request. Pure: the plan is a function of the request, the key and the release."""

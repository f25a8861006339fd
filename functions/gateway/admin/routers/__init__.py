"""One thin router per noun: read the request, ask a service, shape the reply."""

"""The template, deployed into the local AWS with the bundles of a real build, and used through its API Gateway."""

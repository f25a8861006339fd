"""Puts the built dashboard into its bucket at deploy: a CloudFormation custom resource."""

"""Tests of what a deployment is made of: the template, the bundles, the locks."""

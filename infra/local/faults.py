"""What can stop the local stack from starting or running."""


class StackError(Exception):
    """One clear line for whoever typed the command: what is wrong and what to do. Never holds a secret."""

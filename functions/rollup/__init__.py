"""The function behind the log table's stream."""

"""Guardrails at work: what is found in texts, what becomes of a request, and of an answer while it streams. Pure but for a late import of RE2.

- `finding.py`: one guardrail's eyes: spans of a text
- `keywords.py`: hundreds of words in one pass
- `pii.py`: shapes of personal data and credentials, with their check digits
- `texts.py`: the texts of a request in any dialect, and the request with some of them replaced
- `input.py`, `output.py`: the checks before a provider is asked, and on its answer
"""

"""Answers that are given again. Pure:

- `eligible.py`: whether a request may be answered from what was kept, and what its client says of that
- `keys.py`: what decides an answer, as one digest
- `question.py`: the last question of a conversation, apart from all the rest
- `vectors.py`: embeddings in few bytes, and how alike two are
- `likeness.py`: why two questions that look alike do not mean the same
"""

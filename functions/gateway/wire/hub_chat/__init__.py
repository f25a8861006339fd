"""`POST /v1/chat`: a model by what it is good for (`smart`, `fast`, `cheap`, `any`), messages, and an answer in OpenAI's shape under that name."""

"""OpenAI Embeddings: https://platform.openai.com/docs/api-reference/embeddings. Errors are those of `openai_chat`."""

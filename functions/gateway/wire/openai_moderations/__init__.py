"""OpenAI Moderations: https://platform.openai.com/docs/api-reference/moderations. Errors are those of `openai_chat`."""

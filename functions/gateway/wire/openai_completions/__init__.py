"""OpenAI's legacy text completions (`prompt`): https://platform.openai.com/docs/api-reference/completions. Errors are those of `openai_chat`."""

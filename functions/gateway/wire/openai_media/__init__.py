"""OpenAI's pictures and sounds: images/generations, audio/speech (bytes out), audio/transcriptions and translations (multipart in).

https://platform.openai.com/docs/api-reference/images, …/audio. Errors are those of `openai_chat`.
"""

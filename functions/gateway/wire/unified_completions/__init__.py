"""One shape of completions for every provider, as gateways of the kind "one API for all models" offer it: messages in, one flat object out.

`POST /v1/completions` with `messages` (a body with `prompt` is OpenAI's legacy text completion) and `POST /v1/completions/stream`. A request is
turned into Chat Completions at the door and its answer back at the door, so everything between them is the same for all clients.
"""

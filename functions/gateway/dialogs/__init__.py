"""What makes a dialog out of single requests: the history that fits, the request, the answer's shape. Pure; `gateway.conversing` drives it.

- `reading`: what a client sends.
- `config`: how the model is asked: preset, dialog and message merged, and bounds.
- `window`: the newest messages that fit the model.
- `prompt`: the Chat Completions request.
- `shapes`: what the client reads, whole and streamed.
- `errors`: errors in this API's shape.
"""

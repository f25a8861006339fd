"""The control plane's HTTP interface: one thin FastAPI router per noun. Sees neither `exchange` nor `wire`."""

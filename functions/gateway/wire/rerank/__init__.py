"""Reranking as Cohere, Jina, Voyage, vLLM and others speak it: `query` and `documents` in, `results[{index, relevance_score}]` out.

https://docs.cohere.com/reference/rerank, https://jina.ai/reranker, https://docs.vllm.ai/en/stable/serving/openai_compatible_server.html#re-rank-api.
Errors are those of `openai_chat`, which also reads a bare `message` or `detail`.
"""

"""One client for every language model with an OpenAI-compatible address: limits, retries, prices, cache, ledger."""

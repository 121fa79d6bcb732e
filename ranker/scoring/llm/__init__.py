"""The engine that asks a language model: what is asked, how the answer is read, and the strategies."""

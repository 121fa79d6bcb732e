"""Prompt templates, one a task, and their versions: what a language model is told, before persona and leads are in it.

``shipped`` brings in those that come with the ranker, ``catalog`` reads them, ``versions`` adds one or puts one to use,
``version`` names a text by its hash. Rendering is in
``ranker.scoring.llm.templates``.
"""

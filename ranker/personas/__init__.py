"""A persona's text, and the specification that is derived from it.

The text is the truth. `read_persona` (in `reader`) derives a `PersonaSpec` (in `spec`), each value with its place;
`edit` changes one place; `version` names a text by its hash; `sizes` reads employee counts.
"""

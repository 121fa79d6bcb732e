"""Measure an answer against leads that a person labelled: read labels, compute figures, report them."""

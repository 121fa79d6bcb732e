"""Labelled leads of our own making, and the benchmark."""

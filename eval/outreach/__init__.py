"""Messages with the invented facts in them labelled, and how a checker of them is scored."""

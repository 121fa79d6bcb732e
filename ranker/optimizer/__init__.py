"""Make a variant better by what it gets wrong on labelled leads: critique → edit → evaluate → select."""

"""Durable work: pieces of a run are taken one by one, and go on after a crash. Only ``engine`` imports dbos."""

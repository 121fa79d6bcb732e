"""Read a file of leads: bytes → table (``reader``), headers → fields (``mapping``)."""

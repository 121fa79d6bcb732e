"""From the leads that rank to messages that a sales person would send: prospects, tone of voice, sequences."""

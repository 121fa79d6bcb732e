"""Looking after an installation: deletion, backup and restore, the doctor, the log."""

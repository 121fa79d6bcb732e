"""Write files that give back what was read, and that are safe to open in a spreadsheet."""

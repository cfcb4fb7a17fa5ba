"""The training doctor: signals of how the game goes, findings about them, remedies. Reading findings needs no torch."""

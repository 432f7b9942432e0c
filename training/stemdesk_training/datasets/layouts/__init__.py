"""How libraries lay out their songs on disk, one file for each."""

"""Remixes: a song's stems through a mix, into files."""

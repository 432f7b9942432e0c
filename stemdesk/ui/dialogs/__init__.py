"""Windows and bars that are asked for: settings, MIDI, shortcuts, problems, first steps."""

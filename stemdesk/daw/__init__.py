"""Interchange with DAWs: sessions, clips, tempo maps and markers, written and read."""

"""Playback: a render-ahead ring between what is played and the sound card, and the transport."""

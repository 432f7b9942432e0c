"""The singer: recordings taken apart by WORLD, joined along melodies and speech, sounded anew."""

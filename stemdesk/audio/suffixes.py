"""What audio files are called; what is in one is found out by reading it."""

AUDIO_SUFFIXES = frozenset(
    {
        *(".wav", ".wave", ".w64", ".rf64", ".bwf", ".flac", ".ogg", ".oga", ".opus", ".mp3"),
        *(".aif", ".aiff", ".aifc", ".caf", ".au", ".snd", ".wv", ".ape", ".tta"),
        *(".m4a", ".mp4", ".aac", ".wma", ".mka", ".mkv", ".webm", ".mov", ".avi"),
    }
)

"""Everything a user can do by name, with its keys: the table that menus and the sheet show."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ActionSpec:
    """One action.

    Attributes:
        id: by which code asks for it.
        group: menu it lies in.
        text: in the menu, with an ellipsis where a dialog follows.
        tip: what it does, one sentence.
        keys: shortcuts; the first is shown.
        checkable: stays on or off.
    """

    id: str
    group: str
    text: str
    tip: str
    keys: tuple[str, ...] = ()
    checkable: bool = False


def noop(_context: str, text: str) -> str:
    """Mark a text for translation; lupdate is told that this is its QT_TRANSLATE_NOOP."""
    return text


FILE = noop("Actions", "File")
EDIT = noop("Actions", "Edit")
PLAY = noop("Actions", "Playback")
VIEW = noop("Actions", "View")
SONG = noop("Actions", "Song")
MIX = noop("Actions", "Mix")
TOOLS = noop("Actions", "Tools")
HELP = noop("Actions", "Help")
GROUPS = (FILE, EDIT, SONG, PLAY, MIX, VIEW, TOOLS, HELP)

# fmt: off
ACTIONS = (
    ActionSpec("new", FILE, noop("Actions", "New project"),
        noop("Actions", "Begin with an empty project."), ("Ctrl+N",)),
    ActionSpec("open", FILE, noop("Actions", "Open songs…"),
        noop("Actions", "Add audio files to the project."), ("Ctrl+O",)),
    ActionSpec("open_project", FILE, noop("Actions", "Open project…"),
        noop("Actions", "Open a project folder."), ("Ctrl+Shift+O",)),
    ActionSpec("save", FILE, noop("Actions", "Save project"),
        noop("Actions", "Save the project with its songs and stems."), ("Ctrl+S",)),
    ActionSpec("save_as", FILE, noop("Actions", "Save project as…"),
        noop("Actions", "Save the project in another folder."), ("Ctrl+Shift+S",)),
    ActionSpec("export", FILE, noop("Actions", "Export…"),
        noop("Actions", "Write the mix or the stems into files."), ("Ctrl+Shift+E",)),
    ActionSpec("settings", FILE, noop("Actions", "Settings…"),
        noop("Actions", "Device, model, folders, theme and language."), ("Ctrl+,",)),
    ActionSpec("quit", FILE, noop("Actions", "Quit"),
        noop("Actions", "Close StemDesk; work in hand is kept."), ("Ctrl+Q",)),

    ActionSpec("undo", EDIT, noop("Actions", "Undo"),
        noop("Actions", "Take back the last change."), ("Ctrl+Z",)),
    ActionSpec("redo", EDIT, noop("Actions", "Redo"),
        noop("Actions", "Make the change again."), ("Ctrl+Shift+Z", "Ctrl+Y")),
    ActionSpec("select_all", EDIT, noop("Actions", "Select all"),
        noop("Actions", "Select the whole song."), ("Ctrl+A",)),
    ActionSpec("select_none", EDIT, noop("Actions", "Select nothing"),
        noop("Actions", "Drop the selection."), ("Escape",)),
    ActionSpec("mute_region", EDIT, noop("Actions", "Mute selection in lane"),
        noop("Actions", "Silence the selected stretch of the focused stem."), ("Ctrl+M",)),
    ActionSpec("gain_region", EDIT, noop("Actions", "Gain of selection…"),
        noop("Actions", "Raise or lower the selected stretch of the focused stem."),
        ("Ctrl+G",)),
    ActionSpec("clear_region", EDIT, noop("Actions", "Reset selection in lane"),
        noop("Actions", "Let the selected stretch sound as it was."), ("Delete",)),
    ActionSpec("snap", EDIT, noop("Actions", "Snap to beats"),
        noop("Actions", "Let selections and markers fall on beats."), ("N",), checkable=True),

    ActionSpec("separate", SONG, noop("Actions", "Separate"),
        noop("Actions", "Take the song apart into stems."), ("Ctrl+Return",)),
    ActionSpec("separate_with_options", SONG, noop("Actions", "Separate with options…"),
        noop("Actions", "Let the model learn from the song first, or a stem take more of it.")),
    ActionSpec("separate_all", SONG, noop("Actions", "Separate all songs"),
        noop("Actions", "Queue every song that has no stems yet.")),
    ActionSpec("next_song", SONG, noop("Actions", "Next song"),
        noop("Actions", "Show the next song of the project."), ("Ctrl+PgDown",)),
    ActionSpec("previous_song", SONG, noop("Actions", "Previous song"),
        noop("Actions", "Show the song before."), ("Ctrl+PgUp",)),
    ActionSpec("rename_song", SONG, noop("Actions", "Rename song…"),
        noop("Actions", "Give the song another name.")),
    ActionSpec("song_forward", SONG, noop("Actions", "Move song forward"),
        noop("Actions", "One place nearer to the beginning of the list."),
        ("Ctrl+Shift+PgUp",)),
    ActionSpec("song_back", SONG, noop("Actions", "Move song back"),
        noop("Actions", "One place nearer to the end of the list."), ("Ctrl+Shift+PgDown",)),
    ActionSpec("remove_song", SONG, noop("Actions", "Remove song"),
        noop("Actions", "Take the song out of the project; its file stays.")),
    ActionSpec("find_missing", SONG, noop("Actions", "Find missing files…"),
        noop("Actions", "Look in a folder for songs and stems that are not where they were.")),
    ActionSpec("tap_tempo", SONG, noop("Actions", "Tap tempo"),
        noop("Actions", "Press on the beat, four times or more."), ("T",)),
    ActionSpec("find_tempo", SONG, noop("Actions", "Find tempo"),
        noop("Actions", "Listen for the song's tempo and first beat.")),

    ActionSpec("play", PLAY, noop("Actions", "Play or stop"),
        noop("Actions", "Play from where playback began, or stop there."), ("Space",)),
    ActionSpec("pause", PLAY, noop("Actions", "Play or pause"),
        noop("Actions", "Play, or stay where you are."), ("Shift+Space",)),
    ActionSpec("to_start", PLAY, noop("Actions", "To the beginning"),
        noop("Actions", "Go to the beginning of the song."), ("Home",)),
    ActionSpec("to_end", PLAY, noop("Actions", "To the end"),
        noop("Actions", "Go to the end of the song."), ("End",)),
    ActionSpec("back", PLAY, noop("Actions", "Back 5 s"),
        noop("Actions", "Go back by five seconds."), ("Q",)),
    ActionSpec("forward", PLAY, noop("Actions", "Forward 5 s"),
        noop("Actions", "Go on by five seconds."), ("W",)),
    ActionSpec("loop", PLAY, noop("Actions", "Loop"),
        noop("Actions", "Repeat the loop, or the selection."), ("L",), checkable=True),
    ActionSpec("clear_loop", PLAY, noop("Actions", "Remove loop"),
        noop("Actions", "Repeat nothing; the loop goes from the ruler."), ("Shift+L",)),
    ActionSpec("original", PLAY, noop("Actions", "Hear the original"),
        noop("Actions", "Compare with the song as it was, equally loud."), ("O",), checkable=True),
    ActionSpec("record", PLAY, noop("Actions", "Write automation"),
        noop("Actions", "While playing, what faders do becomes automation."),
        ("R",), checkable=True),
    ActionSpec("marker", PLAY, noop("Actions", "Add marker"),
        noop("Actions", "Put a marker at the playhead."), ("Shift+M",)),
    ActionSpec("next_marker", PLAY, noop("Actions", "Next marker"),
        noop("Actions", "Go to the next marker."), ("J",)),
    ActionSpec("previous_marker", PLAY, noop("Actions", "Previous marker"),
        noop("Actions", "Go to the marker before."), ("Shift+J",)),

    ActionSpec("bypass_all", MIX, noop("Actions", "Bypass all effects"),
        noop("Actions", "Hear the mix without any effect."), ("Ctrl+B",), checkable=True),
    ActionSpec("neutral", MIX, noop("Actions", "Reset the mix"),
        noop("Actions", "All faders to 0 dB, no effects, no automation.")),
    ActionSpec("karaoke", MIX, noop("Actions", "Mute vocals"),
        noop("Actions", "Sing yourself: silence the vocals, or let them in again."),
        ("K",)),
    ActionSpec("clear_solo", MIX, noop("Actions", "Clear solo and mute"),
        noop("Actions", "No strip is soloed or muted."), ("Ctrl+Shift+M",)),
    ActionSpec("open_mix", MIX, noop("Actions", "Apply mix recipe…"),
        noop("Actions", "Take levels and effects from a recipe file.")),
    ActionSpec("save_mix", MIX, noop("Actions", "Save mix recipe…"),
        noop("Actions", "Keep levels and effects for other songs.")),

    ActionSpec("zoom_in", VIEW, noop("Actions", "Zoom in"),
        noop("Actions", "See less of the song, more closely."), ("Ctrl+1", "Ctrl++")),
    ActionSpec("zoom_normal", VIEW, noop("Actions", "Normal zoom"),
        noop("Actions", "100 pixels a second."), ("Ctrl+2",)),
    ActionSpec("zoom_out", VIEW, noop("Actions", "Zoom out"),
        noop("Actions", "See more of the song."), ("Ctrl+3", "Ctrl+-")),
    ActionSpec("zoom_selection", VIEW, noop("Actions", "Fit selection"),
        noop("Actions", "The selection fills the window."), ("Ctrl+E",)),
    ActionSpec("zoom_fit", VIEW, noop("Actions", "Fit song"),
        noop("Actions", "The whole song fills the window."), ("Ctrl+F",)),
    ActionSpec("follow", VIEW, noop("Actions", "Follow playhead"),
        noop("Actions", "Keep what sounds in view."), ("F",), checkable=True),
    ActionSpec("spectrogram", VIEW, noop("Actions", "Spectrogram"),
        noop("Actions", "Show lanes as spectrograms."), ("Ctrl+Shift+G",), checkable=True),
    ActionSpec("automation", VIEW, noop("Actions", "Automation lanes"),
        noop("Actions", "Fold automation out under each stem."), ("Ctrl+Shift+A",), checkable=True),
    ActionSpec("show_sum", VIEW, noop("Actions", "Sum lane"),
        noop("Actions", "Show what the stems add up to."), (), checkable=True),
    ActionSpec("show_residual", VIEW, noop("Actions", "Residual lane"),
        noop("Actions", "Show what the stems lack of the song, 60 dB louder."), (), checkable=True),
    ActionSpec("show_mixer", VIEW, noop("Actions", "Mixer"),
        noop("Actions", "Show or hide the mixer."), ("F3",), checkable=True),
    ActionSpec("show_side", VIEW, noop("Actions", "Jobs, null and inspector"),
        noop("Actions", "Show or hide the panels on the right."), ("F4",), checkable=True),
    ActionSpec("full_screen", VIEW, noop("Actions", "Full screen"),
        noop("Actions", "Use the whole screen."), ("F11",), checkable=True),

    ActionSpec("midi", TOOLS, noop("Actions", "MIDI control…"),
        noop("Actions", "Control surfaces, mappings and time code.")),
    ActionSpec("models", TOOLS, noop("Actions", "Models…"),
        noop("Actions", "What separates, and how well.")),
    ActionSpec("train", TOOLS, noop("Actions", "Train a model…"),
        noop("Actions", "Make a model of your own from songs in stems."), ("Ctrl+T",)),

    ActionSpec("shortcuts", HELP, noop("Actions", "Keyboard shortcuts"),
        noop("Actions", "All keys on one page."), ("F1",)),
    ActionSpec("welcome", HELP, noop("Actions", "Welcome…"),
        noop("Actions", "The first steps again.")),
    ActionSpec("about", HELP, noop("Actions", "About StemDesk"),
        noop("Actions", "Version, licences and credits.")),
)
# fmt: on

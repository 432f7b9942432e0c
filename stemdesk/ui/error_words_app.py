"""What separating, exporting, remixing and training refuse, in English, for translation.

Problems and remedies of the `UserError`s in `stemdesk.app` and `stemdesk.ui`, an entry each;
`stemdesk.ui.words` looks them up among these. An errand's title stands within its problems.
"""

from __future__ import annotations

from stemdesk.ui.action_table import noop

BENCH = (
    noop("Words", "{path} cannot be read ({reason})"),
    noop("Words", "check the disk it lies on"),
    noop("Words", "The {lane} of {song} is not at {path}"),
    noop("Words", "put the file back, or find it with Song > Find missing files"),
    noop("Words", "{path} is not there"),
    noop("Words", "put the file back, or relink it"),
    noop("Words", "The song is not in the project any more"),
    noop("Words", "choose one from the list"),
    noop("Words", "{count} of {others} files is not below {folder}"),
    noop("Words", "{count} of {others} files are not below {folder}"),
    noop("Words", "look in another folder"),
    noop("Words", "look the project over before you save it"),
    noop("Words", "choose another plug-in, or update this one"),
    noop("Words", "The window of {effect} does not open ({reason})"),
    noop("Words", "turn its parameters in the inspector"),
    noop("Words", "choose another output"),
)
LIVE = (
    noop("Words", "The model {model} hears what is still to come"),
    noop("Words", "choose one for live use, such as bandmask_live"),
    noop("Words", "The model {model} needs whole songs"),
    noop("Words", "choose one such as bandmask_live"),
    noop("Words", "{stage} would have to hear the whole song"),
    noop("Words", "leave it out while sound comes live"),
    noop("Words", "The model has no stem {stem}"),
    noop("Words", "choose one of {stems}"),
    noop("Words", "{level} dB is too loud for the {stem}"),
    noop("Words", "use at most {level} dB"),
)
SEPARATION = (
    noop("Words", "{song} is being separated"),
    noop("Words", "wait for it, or cancel it first"),
    noop("Words", "The separation of {song} gave no files"),
    noop("Words", "separate it again"),
    noop("Words", "The separation of {song} broke off (exit status {count})"),
    noop("Words", "The system ended the separation of {song}, as it does when memory runs out"),
    noop("Words",
        "close other programs or choose a smaller model, then try again: it goes on where it "
        "was"),
    noop("Words", "StemDesk is closing"),
    noop("Words", "start it again to go on"),
    noop("Words", "The process that separates cannot be started ({reason})"),
    noop("Words", "close other programs and try again"),
    noop("Words", "The model {model} has no {stem} for the gate to shut"),
    noop("Words", "leave gate out"),
    noop(
        "Words",
        "The model {model} gives each part of the sound to one stem whole, so that stems share "
        "nothing that one could claim",
    ),
    noop("Words", "leave {claims} out, or choose another model"),
    noop("Words", "The model {model} cannot be adapted to a song"),
    noop("Words", "choose another model, or separate without adapting"),
    noop("Words", "Only a model whose stems sum to the song can be adapted to it"),
    noop("Words", "separate without adapting"),
    noop(
        "Words", "Some stems of {song} are there already, and those made now do not fit them"
    ),
    noop(
        "Words",
        "use the options that those were made with, name another folder with --stems, or move "
        "them away",
    ),
    noop("Words", "The channels of {path} number {count}, where its song has {wanted}"),
    noop("Words", "put the file back that was there, or open the song anew"),
    noop("Words", "A stem is named twice"),
    noop("Words", "name each stem once in --stems"),
    noop("Words", "The stems {names} overlap"),
    noop("Words", "name {name} for everything not named"),
    noop("Words", "This model has no stem {name}"),
    noop("Words", "choose from {known}, rest"),
    noop("Words", "perhaps {name} is meant; choose from {known}, rest"),
    noop("Words", "Nothing is left for {name}"),
    noop("Words", "name fewer stems beside {name}"),
    noop("Words", "{name} would be the whole song"),
    noop("Words", "name stems beside it from {known}"),
)  # fmt: skip
TRUE_STEMS = (
    noop("Words", "{folder} holds no stems to make masks from"),
    noop("Words", "put a file of each true stem there, such as vocals.wav and accompaniment.wav"),
    noop("Words", "{folder} cannot be listed ({reason})"),
    noop("Words", "name the folder of the true stems"),
    noop("Words", "{other} and {path} are the same stem"),
    noop("Words", "leave one there"),
    noop("Words", "{path} has {count} channels, the song {others}"),
    noop("Words", "give the stem as many as the song has"),
)
PLACES = (
    noop("Words", "The system refuses {path} ({reason})"),
    noop("Words", "check the name, the disk and your permissions"),
    noop("Words", "free some space or choose another --output folder"),
    noop("Words",
        "free some space, and the same command goes on where this run was (a hidden folder "
        ".stemdesk-*.partial in {folder} keeps the work so far)"),
    noop("Words", "The file {path} has come into being since this run began"),
    noop("Words", "move it away, or start again with --overwrite skip, rename or yes"),
    noop("Words", "The stems would lie among the songs in {folder}"),
    noop("Words", "choose another --output folder; one inside it will do"),
    noop("Words", "The folder {folder} holds no audio files"),
    noop("Words", "name another folder"),
    noop("Words", "With the name {template} all stems get one file"),
    noop("Words", "put {stem} into it"),
    noop("Words", "A stem would replace the song {path}"),
    noop("Words", "choose another --output or --name, or use --overwrite rename"),
    noop("Words", "Another song of this run has its stems in {folder}"),
    noop("Words", "use --overwrite rename, or a --name that tells the songs apart"),
)  # fmt: skip
MANIFESTS = (
    noop("Words", "The manifest {path} is a folder"),
    noop("Words", "name a file"),
    noop("Words", "The manifest would replace the song {path}"),
    noop("Words", "name another file"),
    noop("Words", "The manifest {path} would replace a stem"),
    noop("Words", "{path} exists and is not a manifest of StemDesk"),
    noop("Words", "name another file, or use --overwrite yes"),
    noop("Words", "The manifest {path} cannot be written ({reason})"),
)
CLIPS = (
    noop("Words", "The file {path} exists already"),
    noop("Words", "choose another folder, or set overwrite to rename, skip or yes"),
    noop("Words", "There are no stems to mix"),
    noop("Words", "give one clip at least"),
    noop("Words", "{name} of the shape {shape} cannot be separated"),
    noop("Words", "{name} of the shape {shape} cannot be mixed"),
    noop("Words", "give [channels, frames] with 1 to {count} channels"),
    noop("Words", "{name} has {hz} Hz, outside 8 to 192 kHz"),
    noop("Words", "give its sample rate in Hz"),
    noop("Words", "{name} has samples that are not numbers"),
    noop("Words", "replace them by 0"),
)
EXPORTING = (
    noop("Words", "{path} is what the export is made from"),
    noop("Words", "choose another name or folder"),
    noop("Words", "{path} was not read back as it was written"),
    noop("Words", "check the disk, and export it again or to another one"),
    noop("Words", "mend it, or leave it out of the mix"),
    noop("Words", "{format} is not a format that can be written"),
    noop("Words", "choose one of {formats}"),
    noop("Words", "{song} has not been separated yet"),
    noop("Words", "separate it first, or export the mix"),
    noop("Words", "{song} has no stem {stem}"),
    noop("Words", "choose from {names}"),
    noop("Words", "The selection is not within {song}"),
    noop("Words", "select a part of it, or export all"),
    noop("Words", "A loudness would change the balance of stems"),
    noop("Words", "leave the loudness off, or export the mix"),
    noop("Words", "No stem is named that the song shall go without"),
    noop("Words", "choose one"),
    noop("Words", "A loudness of {loudness} LUFS cannot be reached"),
    noop("Words", "A true peak of {peak} dBTP cannot be reached"),
    noop("Words", "choose {count} to {others}"),
)
REMIXING = (
    noop("Words", "{path} says no format that a mix can be written in"),
    noop("Words", "end its name in one of {suffixes}"),
    noop("Words", "{path} is what a remix is made from"),
    noop("Words", "choose another name"),
    noop("Words", "Two remixes would be {path}"),
    noop("Words", "remix them one by one with --output"),
    noop("Words", "The folder {folder} holds no stems"),
    noop("Words", "name a song, or a folder of stems"),
    noop("Words", "The stems in {folder} do not sum to {song}"),
    noop("Words", "name another folder with --stems, or move these away if they are of no use"),
    noop("Words", "{folder} holds two stems named {name}"),
    noop("Words", "move one of them away"),
)
TIME_CODE = (
    noop("Words", "No time code can be sent without MIDI"),
    noop("Words", "There is no MIDI output {port}"),
    noop("Words", "outputs are: none"),
    noop("Words", "outputs are: {ports}"),
)
ERRANDS = (
    noop("Words", "The training of {name}"),
    noop("Words", "The check of {name}"),
    noop("Words", "The measuring of this machine"),
    noop("Words", "The measuring of blends"),
    noop("Words", "The blend with {share} of the new model"),
)
TRAINING_ERRORS = (
    noop("Words", "The trainer cannot be started ({reason})"),
    noop("Words", "{who} was ended by the system, as happens when memory runs out"),
    noop("Words", "close other programs, or choose a smaller batch, then go on"),
    noop("Words", "{who} ended too early"),
    noop("Words", "{who} was not saved"),
    noop("Words", "{who} ended without a recipe"),
    noop("Words", "try again"),
    noop("Words", "The training was not finished"),
    noop("Words", "go on with it, or begin anew"),
    noop("Words", "find a blend with the base model on the last page of Tools > Train a model"),
    noop("Words", "The songs of {name} can only be taken all, for files hold several stems"),
    noop("Words", "tick all songs, or move those to be left out into another folder"),
    noop("Words", "The songs of the run {name} are not at {path}"),
    noop("Words", "begin a new run with the songs where they are now"),
    noop("Words", "The run {name} cannot be read ({reason})"),
    noop("Words", "choose another one"),
    noop("Words", "The renderings in {folder} have different sample rates"),
    noop("Words", "render them anew"),
    noop("Words", "The recipe {path} cannot be read ({reason})"),
    noop("Words", "choose a TOML file"),
    noop("Words", "The repaired copies would lie among the songs of {name}"),
    noop("Words", "choose a folder outside of it"),
)
APP_ERRORS = (
    *BENCH,
    *LIVE,
    *SEPARATION,
    *TRUE_STEMS,
    *PLACES,
    *MANIFESTS,
    *CLIPS,
    *EXPORTING,
    *REMIXING,
    *TIME_CODE,
    *ERRANDS,
    *TRAINING_ERRORS,
)
"""All of them; what is in braces stands for anything."""

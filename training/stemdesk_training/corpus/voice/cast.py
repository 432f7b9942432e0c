"""Who sings and speaks: voices by split; training and validation share none.

Chants are split by file, not by singer: one third of them is held out.
"""

from pathlib import Path

from stemdesk_training.corpus.voice.bank import VoiceBank
from stemdesk_training.corpus.voice.store import RecordingStore
from stemdesk_training.corpus.waveform import Rng, pick, weighted

_IONA = "utsu_iona_beta/src/main/resources/assets/sounds/Iona_Beta"
# Folder under voices/ to drawing weight; one singer may have a folder per pitch.
BANKS = {
    "train": {
        "alys_db_001_ja/A4": 0.8,
        "alys_db_001_ja/C4": 0.8,
        "alys_db_001_ja/E4": 0.8,
        "scottpoid_ja": 0.5,
        "scottpoid_ja/A3": 0.6,
        "scottpoid_ja/C4": 0.6,
        "scottpoid_ja/E3": 0.6,
        "scottpoid_ja/G3": 0.6,
        "dorodoro_ja_vcv": 2.0,
        _IONA: 1.6,
        "solfege_samples/samples/chengu/notes": 0.6,
        "solfege_samples/samples/jennifer/notes": 0.4,
    },
    "valid": {"utau_yuki": 1.0},
}
CHOIRS = {"train": "berklee_olpc_voices", "valid": None}
# Read speech, one folder under speech/ per speaker.
SPEAKERS = {
    "train": ("rhasspy_kathleen_en", "rhasspy_nathalie_nl", "rhasspy_flemishguy_nl"),
    "valid": ("rhasspy_kerstin_de",),
}
# Every third chant by name: of these folders validation has these files, training the others.
HELD_OUT_CHANTS = {
    "veromary_repleatur": (
        "12Pente-03.opus",
        "XIXPP00-all.opus",
        "alleluia.opus",
        "gradual.opus",
        "pente03gradalle.opus",
    ),
    "pockettorah": ("Behar-6.mp3", "Tzav-1.mp3"),
}
# Real singing, a pattern under voices/ per singer; the chant comes twice for its words.
SUNG = {
    "train": (
        "veromary_repleatur/*.opus",
        "veromary_repleatur/*.opus",
        "sms_tools_ccby/sounds/singing-female.opus",
        "sms_tools_ccby/sounds/vignesh.opus",
        "solfege_samples/samples/chengu/songs/*.opus",
        "solfege_samples/samples/jennifer/songs/*.opus",
    ),
    "valid": (
        "nit_song070_029/*.opus",
        "vocadito_basicpitch/tests/resources/*.opus",
        "oatsu_singing/antagata_dokosa/*.opus",
        "veromary_repleatur/*.opus",
    ),
}
# Ends near 8 kHz; a file per singer.
CHANT = "pockettorah/*.mp3"
BREATHS = {
    "train": (
        "alys_db_001_ja/breaths/*.opus",
        "scottpoid_ja/_*吸.opus",
        "dorodoro_ja_vcv/_br*.opus",
        "utsu_iona_beta/**/breath.opus",
    ),
    "valid": ("utau_yuki/*br*.opus",),
}


class Cast:
    """The voices of a split."""

    def __init__(self, audio_root: Path, split: str, store: RecordingStore) -> None:
        """Index the voices under ``audio_root`` (with voices/ and speech/)."""
        voices = audio_root / "voices"
        self._store = store
        self._folders = [(voices / name, weight) for name, weight in BANKS[split].items()]
        self._banks: dict[Path, VoiceBank] = {}
        choir = CHOIRS[split]
        self._choir = None if choir is None else voices / choir
        speech = audio_root / "speech"
        self.speakers = _groups([sorted((speech / s).glob("*.opus")) for s in SPEAKERS[split]])
        self.sung = sung(voices, split)
        self.chant = chants(voices, split)
        self.breaths = sorted(path for pattern in BREATHS[split] for path in voices.glob(pattern))

    def bank(self, rng: Rng) -> VoiceBank:
        """A singer's bank."""
        return self._bank(weighted(rng, self._folders))

    def choir(self, rng: Rng) -> VoiceBank:
        """A bank for many voices: recorded groups where the split has them, or any singer."""
        if self._choir is None:
            return self.bank(rng)
        return self._bank(pick(rng, [self._choir, *(folder for folder, _ in self._folders)]))

    def _bank(self, folder: Path) -> VoiceBank:
        if folder not in self._banks:
            self._banks[folder] = VoiceBank(folder, self._store)
        return self._banks[folder]


def sung(voices: Path, split: str) -> list[list[Path]]:
    """Files of real singing, a list per singer, under the folder ``voices``."""
    return _groups([_recordings(voices, pattern, split) for pattern in SUNG[split]])


def chants(voices: Path, split: str) -> list[list[Path]]:
    """Files of band-limited real chant, each a singer of its own, under the folder ``voices``."""
    return [[path] for path in _recordings(voices, CHANT, split)]


def _recordings(voices: Path, pattern: str, split: str) -> list[Path]:
    held_out = HELD_OUT_CHANTS.get(pattern.split("/")[0])
    found = sorted(voices.glob(pattern))
    if held_out is None:
        return found
    return [path for path in found if (path.name in held_out) == (split == "valid")]


def _groups(groups: list[list[Path]]) -> list[list[Path]]:
    return [group for group in groups if group]

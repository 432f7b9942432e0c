"""Whose voices the pool is made of, and which of them training never hears."""

from stemdesk_training.corpus.voice.cast import HELD_OUT_CHANTS

CREDITS: dict[str, str] = {
    "voices/alys_db_001_ja": "ALYS voice bank, GPL-3.0",
    "voices/scottpoid_ja": "SCOTTPOID / Scott, permissive with credit",
    "voices/utau_yuki": "Yuki, public-domain dedication",
    "voices/dorodoro_ja_vcv": "dorodoro, permissive with a link to the official page (SOURCE.txt)",
    "voices/utsu_iona_beta": "Utsu Iona Beta, MIT",
    "voices/solfege_samples": "solfege samples, GPL-3.0",
    "voices/berklee_olpc_voices": "Berklee / OLPC voices, CC BY 3.0",
    "voices/vocadito_basicpitch": "vocadito, CC BY 4.0",
    "voices/oatsu_singing": "oatsu, MIT",
    "voices/sms_tools_ccby": "sms-tools sounds, CC BY 4.0",
    "voices/veromary_repleatur": "Veronica Brandt, MIT",
    "voices/pockettorah": "PocketTorah, GPL-3.0",
    "voices/nit_song070_029": "Nitech SONG070 F001, CC BY 3.0",
    "speech": "rhasspy speech sets (kathleen, nathalie, flemishguy, kerstin), CC0",
}

HELD_OUT: dict[str, list[str]] = {
    "vocals": [
        "utau_yuki",
        "nit_song070_029",
        "vocadito_basicpitch",
        "oatsu_singing",
        "rhasspy_kerstin_de",
        *(f"{folder}/{name}" for folder, names in HELD_OUT_CHANTS.items() for name in names),
    ],
}

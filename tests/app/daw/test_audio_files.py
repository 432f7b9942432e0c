from __future__ import annotations

import numpy as np
import pytest
import soundfile

from stemdesk.app.daw.audio_files import Form, common_form, in_form
from stemdesk.errors import UserError
from tests.app.tiny import RATE, music, read_exactly, save_song


def formed(path, form, tmp_path):
    told = []
    out = in_form(path, form, tmp_path / "formed.wav", told.append)
    assert told[-1] == 1.0
    return out


def test_a_wav_file_of_the_form_is_taken_as_it_is(tmp_path):
    for subtype in ("PCM_16", "PCM_24", "FLOAT"):
        path = save_song(tmp_path / "a.wav", music(1000), subtype=subtype)
        assert formed(path, Form(RATE, 2, 1000), tmp_path) == path


def test_flac_becomes_wav_without_a_change(tmp_path):
    path = save_song(tmp_path / "a.flac", music(70_001, bits=24), subtype="PCM_24")
    out = formed(path, Form(RATE, 2, 70_001), tmp_path)
    assert soundfile.info(out).format == "WAV"
    assert soundfile.info(out).subtype == "PCM_24"
    np.testing.assert_array_equal(read_exactly(out), read_exactly(path))


def test_a_file_that_only_says_it_is_wav_is_converted(tmp_path):
    save_song(tmp_path / "a.flac", music(1000))
    path = (tmp_path / "a.flac").rename(tmp_path / "a.wav")
    out = formed(path, Form(RATE, 2, 1000), tmp_path)
    assert soundfile.info(out).format == "WAV"


def test_mono_sounds_on_all_channels_and_short_files_end_in_silence(tmp_path):
    path = save_song(tmp_path / "a.wav", music(500, channels=1))
    out = read_exactly(formed(path, Form(RATE, 2, 800), tmp_path))
    wanted = read_exactly(path)
    for channel in out:
        np.testing.assert_array_equal(channel[:500], wanted[0])
        assert not channel[500:].any()
    assert out.shape == (2, 800)


def test_a_lossy_file_above_full_scale_becomes_float(tmp_path):
    square = np.sign(np.sin(np.arange(40_000) / 20))[None, :] * 0.999
    path = save_song(tmp_path / "a.ogg", np.repeat(square, 2, axis=0), subtype="VORBIS")
    with soundfile.SoundFile(path) as file:
        frames, loudest = file.frames, np.abs(file.read()).max()
    assert loudest > 1.0
    out = formed(path, Form(RATE, 2, frames), tmp_path)
    assert soundfile.info(out).subtype == "FLOAT"
    assert np.abs(read_exactly(out)).max() > 1.0


def test_the_form_is_as_wide_and_as_long_as_any(tmp_path):
    mono = save_song(tmp_path / "a.wav", music(900, channels=1))
    stereo = save_song(tmp_path / "b.wav", music(700))
    assert common_form([mono, stereo]) == Form(RATE, 2, 900)


def test_what_does_not_go_together_is_refused(tmp_path):
    stereo = save_song(tmp_path / "a.wav", music(700))
    other_rate = save_song(tmp_path / "b.wav", music(700), 48_000)
    surround = save_song(tmp_path / "c.wav", music(700, channels=6))
    with pytest.raises(UserError, match="48000 Hz"):
        common_form([stereo, other_rate])
    with pytest.raises(UserError, match="channels"):
        common_form([stereo, surround])

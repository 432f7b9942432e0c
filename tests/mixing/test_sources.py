import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from stemdesk.audio.clip import AudioClip
from stemdesk.mixing.sources import ClipStem, FileStem
from tests.mixing.conftest import grid_noise


@pytest.fixture(scope="module")
def stem_file(tmp_path_factory):
    samples = grid_noise(2, 60_000, 1)
    path = tmp_path_factory.mktemp("stem") / "vocals.wav"
    soundfile.write(path, samples.T, 48000, "PCM_24")
    return path, samples


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(-3000, 63_000), st.integers(0, 9000)), min_size=1, max_size=12)
)
def test_any_reads_give_the_file_s_samples_and_zeros_around_them(stem_file, reads):
    path, samples = stem_file
    padded = np.pad(samples, ((0, 0), (3000, 12_000)))
    clip = ClipStem(AudioClip(samples, 48000))
    stem = FileStem(path)
    for frame, count in reads:
        wanted = padded[:, 3000 + frame : 3000 + frame + count]
        np.testing.assert_array_equal(stem.read_at(frame, count), wanted)
        np.testing.assert_array_equal(clip.read_at(frame, count), wanted)
    stem.close()


def test_what_it_is_is_known(stem_file):
    stem = FileStem(stem_file[0])
    assert (stem.sample_rate, stem.channels, stem.frames) == (48000, 2, 60_000)
    stem.close()


def test_clips_of_other_number_types_become_float32():
    stem = ClipStem(AudioClip(np.full((2, 100), 0.25), 48000))
    for frame in (0, 90):
        part = stem.read_at(frame, 20)
        assert part.dtype == np.float32
        assert part.max() == 0.25

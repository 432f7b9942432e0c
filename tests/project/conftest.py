"""Songs to work on, without sound."""

from __future__ import annotations

import pytest

from stemdesk.project import edits
from stemdesk.project.document import MediaRef, Project, StemSet

FRAMES = 441_000


def ref(path="/songs/song.wav", **fields):
    facts = {"frames": FRAMES, "sample_rate": 44_100, "channels": 2}
    return MediaRef(path=path, **{**facts, **fields})


def stem_set(*names, **fields):
    return StemSet(model="m", stems={name: ref(f"media/{name}.wav", **fields) for name in names})


@pytest.fixture
def mixture():
    """A song of 10 s that is not separated."""
    return edits.new_track("Song", ref())


@pytest.fixture
def track(mixture):
    """The same with four stems."""
    return edits.attach_stems(mixture, stem_set("vocals", "drums", "bass", "other"))


@pytest.fixture
def project(track):
    return edits.add_track(Project(), track)


@pytest.fixture
def make_ref():
    return ref


@pytest.fixture
def make_stems():
    return stem_set

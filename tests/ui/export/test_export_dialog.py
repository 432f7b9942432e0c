from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLineEdit, QPushButton, QRadioButton

from stemdesk.app.exporting.request import ExportRequest
from stemdesk.app.exporting.source import ExportSource
from stemdesk.audio.info import AudioInfo
from stemdesk.files import OverwritePolicy
from stemdesk.mixing.settings import changed as mix_changed
from stemdesk.mixing.settings import neutral
from stemdesk.project.document import MediaRef, Span, StemSet, Tempo, Track, changed
from stemdesk.settings import Preferences
from stemdesk.ui.export.dialog import ExportDialog
from stemdesk.ui.export.stem_box import StemBox
from stemdesk.ui.theme import apply_theme, theme

STEMS = ("vocals", "drums", "bass", "other")
LEFT = Qt.MouseButton.LeftButton
SELECTION = Span(first_frame=44_100, end_frame=88_200)


def ref(name):
    return MediaRef(path=f"/music/{name}.wav", frames=441_000, sample_rate=44_100, channels=2)


def info(name):
    tags = {"title": "Blue", "artist": "Me", "date": "2021"} if name == "mixture" else {}
    return AudioInfo(Path(name), "WAV", "PCM_16", 44_100, 2, 441_000, 15, False, tags)


@pytest.fixture
def track():
    stems = StemSet(model="m", stems={name: ref(name) for name in STEMS})
    return Track(
        id="1", name="Song", mixture=ref("song"), separated=stems, mix=neutral(list(STEMS))
    )


@pytest.fixture
def source():
    return ExportSource(info("mixture"), {name: info(name) for name in STEMS})


@pytest.fixture
def opened(qtbot, track, tmp_path, source):
    def make(track=track, selection=SELECTION, source=source, **preferences):
        preferences.setdefault("exports", str(tmp_path))
        dialog = ExportDialog(track, selection, Preferences(**preferences), "Album")
        qtbot.addWidget(dialog)
        if source is not None:
            dialog.show_source(source)
        dialog.show()
        return dialog

    return make


def part(dialog, kind, name):
    found = dialog.findChild(kind, name)
    assert found is not None, name
    return found


def click(qtbot, dialog, name, kind=QRadioButton):
    widget = part(dialog, kind, name)
    qtbot.mouseClick(widget, LEFT, pos=QPoint(12, widget.height() // 2))


def pick(dialog, name, data):
    box = part(dialog, QComboBox, name)
    box.setCurrentIndex(box.findData(data))


def names(dialog):
    return dialog._names.shown


def exported(qtbot, dialog):
    with qtbot.waitSignal(dialog.exported) as signal:
        qtbot.mouseClick(part(dialog, QPushButton, "exportnow"), LEFT)
    return signal.args[0]


def test_it_begins_with_the_mix_of_the_whole_song(opened, qtbot, tmp_path):
    dialog = opened()
    assert names(dialog) == ("Song - mix.wav",)
    assert dialog._outlook.kind == "exact"
    assert exported(qtbot, dialog) == ExportRequest("mix", folder=tmp_path, project="Album")
    assert not dialog.isVisible()


def test_everything_that_is_chosen_is_in_the_request(opened, qtbot, tmp_path):
    dialog = opened()
    click(qtbot, dialog, "what:minus")
    pick(dialog, "stem", "drums")
    click(qtbot, dialog, "range:part")
    pick(dialog, "format", "flac")
    pick(dialog, "subtype", "pcm24")
    loudness = part(dialog, QComboBox, "loudness")
    loudness.lineEdit().selectAll()
    qtbot.keyClicks(loudness.lineEdit(), "-18,5")
    part(dialog, QDoubleSpinBox, "truepeak").setValue(-2.0)
    title = part(dialog, QLineEdit, "tag:title")
    title.selectAll()
    qtbot.keyClicks(title, "Red")
    part(dialog, QLineEdit, "name").setText("{artist} {title} {stem}")
    assert names(dialog) == ("Me Red no drums.flac",)
    assert exported(qtbot, dialog) == ExportRequest(
        "minus_one",
        folder=tmp_path,
        stem="drums",
        format="flac",
        subtype="pcm24",
        selection=SELECTION,
        name="{artist} {title} {stem}",
        project="Album",
        loudness_lufs=-18.5,
        true_peak_dbtp=-2.0,
        tags={"title": "Red"},
    )


def test_stems_are_ticked_by_mouse_and_keys_and_named_at_once(opened, qtbot):
    dialog = opened()
    click(qtbot, dialog, "what:stems")
    assert names(dialog) == tuple(f"Song - {name}.wav" for name in STEMS)
    click(qtbot, dialog, "export:drums", StemBox)
    box = part(dialog, StemBox, "export:other")
    qtbot.keyClick(box, Qt.Key.Key_Space)
    assert names(dialog) == ("Song - vocals.wav", "Song - bass.wav")
    assert dialog._outlook.kind == "open"
    assert "drums, other" in dialog._outlook.text.lower()
    assert dialog.request.stems == ("vocals", "bass")
    for name in ("vocals", "bass"):
        click(qtbot, dialog, f"export:{name}", StemBox)
    assert dialog._outlook.kind == "refused"
    assert not part(dialog, QPushButton, "exportnow").isEnabled()


def test_a_loudness_is_offered_for_mixes_only(opened, qtbot):
    dialog = opened()
    loudness = part(dialog, QComboBox, "loudness")
    loudness.setCurrentIndex(1)
    assert dialog.request.loudness_lufs == -14.0
    click(qtbot, dialog, "what:stems")
    assert not loudness.isEnabled()
    assert dialog.request.loudness_lufs is None
    assert dialog._outlook.kind == "exact"
    click(qtbot, dialog, "what:minus")
    assert dialog.request.loudness_lufs == -14.0
    pick(dialog, "way", "exact")
    assert not loudness.isEnabled()
    assert (dialog.request.loudness_lufs, dialog._outlook.kind) == (None, "exact")


@pytest.mark.parametrize(
    ("field", "text", "told"),
    [
        ("name", "{nonsense}", "unknown token"),
        ("name", "", "empty part"),
        ("name", "../{song}", "leads out"),
        ("folder", "", "no folder"),
        ("loudness", "loud", "is no loudness"),
        ("loudness", "5", "is no loudness"),
    ],
)
def test_what_cannot_be_is_told_while_it_is_typed(opened, qtbot, field, text, told):
    dialog = opened()
    if field == "loudness":
        part(dialog, QComboBox, field).setEditText(text)
    else:
        part(dialog, QLineEdit, field).setText(text)
    assert dialog._outlook.kind == "refused"
    assert told in dialog._outlook.text
    assert not part(dialog, QPushButton, "exportnow").isEnabled()
    with qtbot.assertNotEmitted(dialog.exported):
        dialog.accept()


def test_the_null_is_told_in_advance_with_reasons(opened, track, qtbot):
    strips = (mix_changed(track.mix.strips[0], level_db=-3.0), *track.mix.strips[1:])
    dialog = opened(changed(track, mix=mix_changed(track.mix, strips=strips)))
    assert (dialog._outlook.kind, "moved" in dialog._outlook.text) == ("open", True)
    click(qtbot, dialog, "what:stems")
    assert dialog._outlook.kind == "exact"
    pick(dialog, "format", "mp3")
    assert (dialog._outlook.kind, "lossy" in dialog._outlook.text) == ("open", True)
    assert dialog._outlook.accessibleName() == "Will not null"


def test_until_the_song_is_looked_at_nothing_is_promised_and_its_tags_come_then(
    opened, source, qtbot
):
    dialog = opened(source=None)
    assert dialog._outlook.kind == "unknown"
    artist = part(dialog, QLineEdit, "tag:artist")
    qtbot.keyClicks(artist, "You")
    dialog.show_source(source)
    assert dialog._outlook.kind == "exact"
    assert artist.text() == "You"
    assert part(dialog, QLineEdit, "tag:title").text() == "Blue"
    assert dialog.request.tags == {"artist": "You"}


def test_formats_offer_only_samples_they_can_hold(opened):
    dialog = opened()
    pick(dialog, "subtype", "float")
    subtype = part(dialog, QComboBox, "subtype")
    pick(dialog, "format", "flac")
    assert [subtype.itemData(i) for i in range(subtype.count())] == ["match", "pcm16", "pcm24"]
    pick(dialog, "format", "ogg")
    assert (dialog.request.subtype, subtype.isEnabled()) == ("match", False)
    pick(dialog, "format", "wav")
    assert subtype.findData("float") >= 0


@pytest.mark.parametrize(
    ("button", "policy"),
    [
        ("replace", OverwritePolicy.YES),
        ("rename", OverwritePolicy.RENAME),
        ("skip", OverwritePolicy.SKIP),
    ],
)
def test_files_that_are_there_are_asked_about_once(opened, qtbot, tmp_path, button, policy):
    (tmp_path / "Song - bass.wav").write_bytes(b"x")
    dialog = opened()
    click(qtbot, dialog, "what:stems")
    with qtbot.assertNotEmitted(dialog.exported):
        qtbot.mouseClick(part(dialog, QPushButton, "exportnow"), LEFT)
    assert dialog._question.isVisible()
    assert not part(dialog, QPushButton, "exportnow").isVisible()
    with qtbot.waitSignal(dialog.exported) as signal:
        qtbot.mouseClick(part(dialog, QPushButton, button), LEFT)
    assert signal.args[0].overwrite is policy


def test_the_question_can_be_withdrawn_and_skipping_all_is_not_offered(opened, qtbot, tmp_path):
    (tmp_path / "Song - mix.wav").write_bytes(b"x")
    dialog = opened()
    qtbot.mouseClick(part(dialog, QPushButton, "exportnow"), LEFT)
    assert not part(dialog, QPushButton, "skip").isVisible()
    qtbot.keyClick(part(dialog, QPushButton, "rename"), Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert not dialog._question.isVisible()
    part(dialog, QLineEdit, "name").setText("another")
    assert exported(qtbot, dialog).overwrite is OverwritePolicy.ASK


def test_a_song_without_stems_offers_its_mix_alone(opened, track):
    alone = changed(track, separated=None, mix=neutral(["mixture"]))
    dialog = opened(alone, selection=None, source=ExportSource(info("mixture"), {}))
    for name in ("stems", "effects", "minus"):
        button = part(dialog, QRadioButton, f"what:{name}")
        assert not button.isEnabled()
        assert "Separate" in button.toolTip()
    assert not part(dialog, QRadioButton, "range:part").isEnabled()
    assert dialog._outlook.kind == "exact"


def test_it_begins_in_the_users_folder_or_beside_the_song(opened, track, tmp_path):
    assert opened().request.folder == tmp_path
    assert opened(exports="").request.folder == Path("/music")


def test_tokens_are_inserted_at_the_cursor(opened, track):
    dialog = opened(changed(track, tempo=Tempo(bpm=120.0)))
    field = part(dialog, QLineEdit, "name")
    field.setText("a b")
    field.setCursorPosition(2)
    action = next(
        a for a in dialog._names._insert.menu().actions() if a.objectName() == "token:bpm"
    )
    action.trigger()
    assert field.text() == "a {bpm}b"
    assert names(dialog) == ("a 120b.wav",)


@pytest.mark.parametrize("kind", ["dark", "light"])
def test_ticks_are_painted_in_lane_colours_of_the_theme(qapp, opened, qtbot, kind):
    apply_theme(qapp, kind)
    dialog = opened()
    click(qtbot, dialog, "what:stems")
    box = part(dialog, StemBox, "export:vocals")

    def count(colour):
        image = box.grab().toImage()
        places = ((x, y) for x in range(image.width()) for y in range(image.height()))
        return sum(image.pixelColor(*place) == colour for place in places)

    assert count(QColor(theme().lane("vocals"))) > 10
    ticked = count(theme().good)
    box.setChecked(False)
    assert (ticked > 2, count(theme().good)) == (True, 0)
    apply_theme(qapp, "dark")


def test_all_of_it_can_be_reached_by_keys_and_has_a_name(opened):
    dialog = opened()
    for kind in (QLineEdit, QComboBox, QDoubleSpinBox, QRadioButton, QPushButton):
        for widget in dialog.findChildren(kind):
            if widget.objectName() in ("", "qt_spinbox_lineedit"):
                continue
            assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus, widget.objectName()
            named = widget.accessibleName() or getattr(widget, "text", str)()
            assert named or isinstance(widget, QLineEdit), widget.objectName()

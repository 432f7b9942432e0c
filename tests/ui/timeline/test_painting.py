from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor

from stemdesk.mixing.addresses import with_value
from stemdesk.mixing.settings import neutral
from stemdesk.project.document import Marker, Region, Span
from stemdesk.ui.theme import DARK, LIGHT, apply_theme
from stemdesk.ui.timeline.strip import Strip
from tests.ui.timeline.hands import SHIFT, Paints, wheel
from tests.ui.timeline.songs import RATE, STEMS, FakePeaks, song

PX = 882


class Tiles:
    def __init__(self):
        self.ready, self.asked = False, []

    def tile(self, first_frame, end_frame, width, height):
        self.asked.append((first_frame, end_frame))
        return np.full((height, width), 200, np.uint8) if self.ready else None


def picture(view):
    """RGB of the canvas, `[height, width, 3]`."""
    image = (
        view.canvas.grab()
        .toImage()
        .convertToFormat(view.canvas.grab().toImage().Format.Format_RGB32)
    )
    flat = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)
    return flat[:, : image.width(), 2::-1].astype(int)


def lane(view, name):
    """The part of the canvas that a lane takes, without its hair line."""
    row = next(row for row in view.scene.rows if row.lane == name and not row.address)
    return picture(view)[row.top_px : row.bottom_px - 1]


def near(pixels, colour, tolerance=6):
    wanted = np.array(colour.getRgb()[:3])
    return np.abs(pixels - wanted).max(axis=-1) <= tolerance


@pytest.fixture
def plain(view, noise):
    """No beats, so that nothing but the lane itself is drawn in it."""
    view.show_track(song(tempo=None))
    for name in ("mixture", *STEMS):
        view.set_peaks(name, noise)
    return view


@pytest.mark.parametrize(("name", "colours"), [("dark", DARK), ("light", LIGHT)])
def test_body_in_the_lane_s_colour_and_outline_at_60_percent(plain, qapp, name, colours):
    apply_theme(qapp, name)
    pixels = lane(plain, "vocals")[:, 300:700]
    body, ground = colours.lane("vocals"), colours.background
    assert near(pixels, body).mean() > 0.1
    mixed = [round(0.6 * a + 0.4 * b) for a, b in zip(body.getRgb(), ground.getRgb(), strict=True)]
    assert near(pixels, QColor(*mixed[:3])).mean() > 0.1
    assert near(pixels, ground).mean() > 0.05


def test_muted_and_not_soloed_lanes_are_dimmed(plain):
    mix = with_value(neutral(STEMS), "bass.mute", 1.0)
    plain.show_track(song(mix=mix, tempo=None))
    assert not near(lane(plain, "bass"), DARK.lane("bass")).any()
    assert near(lane(plain, "drums"), DARK.lane("drums")).any()
    plain.show_track(song(mix=with_value(neutral(STEMS), "drums.solo", 1.0), tempo=None))
    assert not near(lane(plain, "vocals"), DARK.lane("vocals")).any()
    assert near(lane(plain, "drums"), DARK.lane("drums")).any()


def test_what_is_not_separated_is_hatched_and_the_span_grows(plain):
    def solid():
        body = near(lane(plain, "vocals"), DARK.lane("vocals"), 2)
        columns = np.flatnonzero(body.sum(axis=0) > 12)
        return columns.min(), columns.max()

    plain.set_coverage([Span(first_frame=300 * PX, end_frame=500 * PX)])
    assert solid() == (pytest.approx(299, abs=2), pytest.approx(500, abs=2))
    hatched = lane(plain, "vocals")[:, 600:900]
    assert len(np.unique(hatched.reshape(-1, 3), axis=0)) > 3  # a pattern, no plain ground
    assert near(hatched, DARK.panel).mean() > 0.3
    plain.set_coverage([Span(first_frame=250 * PX, end_frame=700 * PX)])
    assert solid() == (pytest.approx(249, abs=2), pytest.approx(700, abs=2))
    mixture = near(lane(plain, "mixture"), DARK.lane("mixture"), 2)
    assert (mixture.sum(axis=0) > 5).mean() > 0.95  # the mixture is there from the start


def test_hatching_stays_with_the_song_when_it_is_scrolled(plain):
    plain.set_coverage([])
    plain.scene.view = plain.scene.view.zoomed(4, 0).starting_at(100 * PX)
    before = lane(plain, "vocals")
    plain.scroll_along(37)
    after = lane(plain, "vocals")
    assert np.array_equal(before[:, 137:900], after[:, 100:863])


def test_peaks_that_become_known_are_drawn(plain, noise):
    late = FakePeaks(np.zeros_like(noise.sound))
    late.known_spans = ()
    plain.set_peaks("vocals", late)
    assert not near(lane(plain, "vocals"), DARK.lane("vocals"), 2).any()
    end = 400 * PX // 256 * 256
    late.pyramid.put(0, noise.sound[:, :end])
    late.known_spans = (Span(first_frame=0, end_frame=end),)
    paints = Paints(plain.canvas)
    drawn = plain.canvas.strips.waves["vocals"].drawn_columns
    plain.refresh_data()
    plain.canvas.grab()
    assert plain.canvas.strips.waves["vocals"].drawn_columns - drawn < 410  # no more than needed
    grown = picture(plain)
    plain.canvas.strips.waves["vocals"] = Strip()
    assert np.array_equal(grown, picture(plain))
    columns = near(lane(plain, "vocals"), DARK.lane("vocals"), 2).sum(axis=0) > 5
    assert columns[:390].mean() > 0.9
    assert not columns[410:].any()
    assert paints.rects
    drawn = plain.canvas.strips.waves["vocals"].drawn_columns
    plain.refresh_data()
    plain.canvas.grab()
    assert plain.canvas.strips.waves["vocals"].drawn_columns == drawn


def test_what_becomes_known_out_of_view_costs_nothing(plain, noise):
    plain.set_coverage([])
    plain.scene.view = plain.scene.view.zoomed(8, 0)
    plain.canvas.grab()
    drawn = plain.canvas.strips.waves["vocals"].drawn_columns
    plain.set_coverage([Span(first_frame=500 * PX, end_frame=600 * PX)])
    plain.canvas.grab()
    assert plain.canvas.strips.waves["vocals"].drawn_columns == drawn


def test_the_residual_is_shown_60_db_louder(plain, noise):
    plain.set_lanes(with_sum=False, with_residual=True)
    plain.set_peaks("residual", FakePeaks(noise.sound / 1000))
    residual, drums = lane(plain, "residual"), lane(plain, "drums")
    tall = near(residual, DARK.lane("residual")).sum(axis=0)
    assert tall.mean() == pytest.approx(
        near(drums, DARK.lane("drums")).sum(axis=0).mean(), rel=0.05
    )


def test_samples_that_come_later_take_the_pyramid_s_place(plain, noise):
    noise.at_hand = False
    plain.scene.view = plain.scene.view.fitted(5 * RATE, 5 * RATE + 3000)
    coarse = lane(plain, "vocals")
    plain.refresh_data()
    noise.at_hand = True
    plain.refresh_data()
    assert not np.array_equal(lane(plain, "vocals"), coarse)
    strip = plain.canvas.strips.waves["vocals"]
    drawn = strip.drawn_columns
    plain.refresh_data()
    plain.canvas.grab()
    assert strip.drawn_columns == drawn


def test_scrolling_draws_only_new_columns_and_gives_the_same_picture(plain):
    plain.scene.view = plain.scene.view.zoomed(8, 500)
    plain.canvas.grab()
    strip = plain.canvas.strips.waves["vocals"]
    for px in (13, -40, 7, 300):
        before = strip.drawn_columns
        plain.scroll_along(px)
        scrolled = picture(plain)
        assert strip.drawn_columns - before <= abs(px)
        plain.canvas.strips.waves.clear()
        assert np.array_equal(scrolled, picture(plain))
        strip = plain.canvas.strips.waves["vocals"]


def test_the_playhead_repaints_two_narrow_stripes(plain, qapp):
    plain.set_position(100 * PX)
    qapp.processEvents()
    drawn = plain.canvas.strips.waves["vocals"].drawn_columns
    for widget in (plain.canvas, plain.ruler):
        paints = Paints(widget)
        plain.set_position(plain.scene.position_frames + 300 * PX)
        qapp.processEvents()
        assert 1 <= len(paints.rects) <= 2
        assert all(width <= 13 for _, width in paints.rects)
    paints = Paints(plain.canvas)
    plain.set_position(plain.scene.position_frames + 10)  # the same pixel
    qapp.processEvents()
    assert not paints.rects
    assert plain.canvas.strips.waves["vocals"].drawn_columns == drawn


def test_a_moving_playhead_leaves_nothing_behind(plain, qapp):
    plain.show_track(song(markers=(Marker(frame=150 * PX, name="x"),)))
    plain.unfold("vocals")
    qapp.processEvents()
    for place in (100, 103, 149, 152, 400):
        plain.set_position(place * PX)
        qapp.processEvents()
    kept = picture_on_screen(plain)
    plain.repaint_song()
    qapp.processEvents()
    assert np.array_equal(kept, picture_on_screen(plain))


def picture_on_screen(view):
    """What is in the window, without painting it anew."""
    image = view.screen().grabWindow(view.winId()).toImage()
    image = image.convertToFormat(image.Format.Format_RGB32)
    assert not image.isNull()
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)[..., :3].copy()


def test_the_playhead_goes_through_all_lanes_and_is_seen_on_each(plain):
    plain.unfold("drums")
    plain.set_position(400 * PX)
    plain.ruler.setFocus()  # no ring round the lanes
    column = picture(plain)[: plain.scene.rows[-1].bottom_px - 1, 400]
    assert near(column, DARK.text).all()


def test_the_page_turns_when_the_playhead_leaves_the_view(plain):
    plain.scene.view = plain.scene.view.zoomed(4, 0)
    plain.set_position(240 * PX)
    assert plain.scene.view.first_frame == 0
    plain.set_position(251 * PX)
    assert plain.scene.view.first_frame == 251 * PX
    plain.set_follow(on=False)
    plain.set_position(600 * PX)
    assert plain.scene.view.first_frame == 251 * PX


def test_the_page_turns_back_where_a_loop_or_a_hand_jumps_back(plain):
    plain.scene.view = plain.scene.view.zoomed(4, 0)
    plain.set_position(251 * PX)
    plain.set_position(100 * PX)
    assert plain.scene.view.first_frame == 100 * PX


def test_who_has_scrolled_away_stays_there_until_a_hand_moves_the_playhead(plain):
    plain.scene.view = plain.scene.view.zoomed(4, 0).starting_at(600 * PX)
    plain.set_position(10 * PX)
    assert plain.scene.view.first_frame == 600 * PX
    plain.reveal(10 * PX)
    assert plain.scene.view.first_frame == 10 * PX
    plain.set_follow(on=False)
    plain.reveal(900 * PX)
    assert plain.scene.view.first_frame == 10 * PX


def test_a_region_says_what_it_does_and_a_mute_dims(plain):
    regions = (
        Region(stem="drums", first_frame=100 * PX, end_frame=300 * PX, mute=True),
        Region(stem="drums", first_frame=500 * PX, end_frame=700 * PX, gain_db=-6.0),
    )
    plain.show_track(song(regions=regions, tempo=None))
    body = near(lane(plain, "drums"), DARK.lane("drums"), 3)
    assert not body[:, 105:295].any()
    assert body[:, 505:695].any()
    bar = lane(plain, "drums")[2:18]
    assert near(bar[:, 105:295], DARK.mute).mean() > 0.5
    assert near(bar[:, 505:560], DARK.text, 60).any()


def test_the_selection_is_tinted_in_its_lanes_alone(plain):
    from stemdesk.ui.timeline.selection import Selection

    plain.scene.selection = Selection(300 * PX, 600 * PX, "drums", "bass")
    for name, selected in (("vocals", False), ("drums", True), ("bass", True), ("other", False)):
        tinted = not near(lane(plain, name)[:3, 310:590], DARK.background).any()
        assert tinted == selected


def test_a_spectrogram_is_asked_for_on_a_fixed_grid_until_it_is_there(plain):
    tiles = Tiles()
    plain.set_tiles("drums", tiles)
    plain.set_spectrograms(on=True)
    assert not near(lane(plain, "drums"), DARK.lane("drums")).any()
    grid = {(first, end) for first, end in tiles.asked}
    for first, end in grid:
        assert end - first == pytest.approx(256 * PX)
        assert first % (256 * PX) == pytest.approx(0, abs=1e-3)
    tiles.ready = True
    paints = Paints(plain.canvas)
    plain.refresh_data()
    shown = lane(plain, "drums")
    assert near(shown[20:80], QColor(*shown[50, 500].tolist())).mean() > 0.99
    assert not near(shown, DARK.background)[20:80].any()
    assert paints.rects
    asked = len(tiles.asked)
    plain.canvas.grab()
    assert len(tiles.asked) == asked  # kept
    plain.set_spectrograms(on=False)
    assert near(lane(plain, "drums"), DARK.lane("drums")).any()


def test_a_change_of_theme_repaints_everything(plain, qapp):
    dark = picture(plain)
    apply_theme(qapp, "light")
    qapp.processEvents()
    assert near(picture_on_screen(plain), LIGHT.panel).mean() > 0.1
    assert (picture(plain)[-20:] != dark[-20:]).any()


def test_the_same_track_costs_nothing(plain, qapp):
    qapp.processEvents()
    paints = Paints(plain.canvas)
    plain.show_track(plain.scene.track)
    qapp.processEvents()
    assert not paints.rects


def test_another_song_begins_anew(plain, noise):
    from stemdesk.project.document import changed

    wheel(plain.canvas, 500, 100, -1, SHIFT)
    plain.zoom_in()
    plain.set_position(5 * RATE)
    plain.select_all()
    plain.show_track(changed(song(8.0), id="2", separated=None))
    scene = plain.scene
    assert scene.view.is_whole
    assert (scene.position_frames, scene.selection, scene.peaks) == (0, None, {})
    assert scene.coverage == ()
    plain.canvas.grab()
    plain.show_track(None)
    plain.canvas.grab()


@pytest.mark.parametrize("channels", [1, 2, 8])
def test_any_number_of_channels(plain, channels):
    sound = np.random.default_rng(0).normal(0, 0.2, (channels, 20 * RATE // 256 * 256))
    plain.set_peaks("vocals", FakePeaks(sound))
    body = near(lane(plain, "vocals"), DARK.lane("vocals"))
    assert (body.sum(axis=0) > 5).mean() > 0.9


def test_a_moved_level_paints_its_header_and_neither_lanes_nor_ruler(plain, qapp):
    mix = plain.scene.track.mix
    qapp.processEvents()
    still = [Paints(plain.canvas), Paints(plain.ruler), Paints(plain.headers.headers["drums"])]
    moved = Paints(plain.headers.headers["bass"].number)
    plain.show_track(song(mix=with_value(mix, "bass.level_db", -7.0), tempo=None))
    qapp.processEvents()
    assert moved.rects
    assert not any(paints.rects for paints in still)
    assert plain.headers.headers["bass"].number.text().endswith("7.0 dB")


@pytest.mark.parametrize("address", ["bass.mute", "drums.solo"])
def test_a_switch_paints_the_lanes_that_it_dims(plain, qapp, address):
    qapp.processEvents()
    paints = Paints(plain.canvas)
    plain.show_track(song(mix=with_value(plain.scene.track.mix, address, 1.0), tempo=None))
    qapp.processEvents()
    assert paints.rects


def test_a_level_moves_the_line_of_automation_folded_out(plain, qapp):
    plain.unfold("bass", "bass.level_db")
    qapp.processEvents()
    paints = Paints(plain.canvas)
    mix = with_value(plain.scene.track.mix, "bass.level_db", -20.0)
    plain.show_track(song(mix=mix, tempo=None))
    qapp.processEvents()
    assert paints.rects

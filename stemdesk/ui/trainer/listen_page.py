"""The fourth page of the trainer: the new model against the base by ear, blind or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QSlider,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from stemdesk.app.training.blind import BASE, TUNED, BlindTest, Question
from stemdesk.ui.dialogs.choices import choose, chooser
from stemdesk.ui.own_keys import OwnKeys
from stemdesk.ui.panels.buttons import give_role, plain_button
from stemdesk.ui.panels.labels import heading, paragraph
from stemdesk.ui.theme import GRID_PX, ROW_PX, TARGET_PX
from stemdesk.ui.words import stem_title

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QToolButton

translate = QCoreApplication.translate

LARGE = f"QToolButton {{ min-width: 120px; min-height: {2 * ROW_PX}px; font-size: 18px; }}"
TRIALS, MOST_TRIALS = 8, 64
SURE_P = 0.05
_STEPS = 1000


class ListenPage(OwnKeys, QWidget):
    """See the module. Keys: Space plays, A, B and X switch.

    Signals:
        pair_chosen(step, stem): another rendering is to be heard.
        heard(name): `base` or `tuned` is to sound now.
        play_requested(): sound, or rest.
        sought(fraction): go on from there.
        answered(test): the last trial of a test was answered.

    Args:
        parent: the window.
    """

    pair_chosen = Signal(int, str)
    heard = Signal(str)
    play_requested = Signal()
    sought = Signal(float)
    answered = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("listenpage")
        self._test: BlindTest | None = None
        self._pairs: dict[int, tuple[str, ...]] = {}
        self._is_ready = False
        self._step = chooser("listenstep", self.tr("Checkpoint"))
        self._stem = chooser("listenstem", self.tr("Stem"))
        self._question = chooser("listenquestion", self.tr("What is asked"))
        for text, question in (
            (self.tr("Blind: which is better?"), Question.BETTER),
            (self.tr("Blind: can they be told apart? (ABX)"), Question.SAME),
            (self.tr("Not blind"), Question.OPEN),
        ):
            self._question.addItem(text, question)
        self._question.setMinimumContentsLength(32)
        self._count = QSpinBox()
        self._count.setObjectName("trials")
        self._count.setAccessibleName(self.tr("Number of trials"))
        self._count.setRange(1, MOST_TRIALS)
        self._count.setValue(TRIALS)
        self._count.setMinimumHeight(TARGET_PX)
        self._step.activated.connect(lambda _: self._choose_step())
        self._stem.activated.connect(lambda _: self._choose_pair())
        self._question.activated.connect(lambda _: self.begin())
        self._count.valueChanged.connect(lambda _: self.begin())
        self._switches = {name: self._switch(name) for name in ("A", "B", "X")}
        self._group = QButtonGroup(self)
        for button in self._switches.values():
            self._group.addButton(button)
        self._play = plain_button(
            "listenplay", self.tr("Play"), self.tr("Play or pause (Space)"), "play"
        )
        self._play.clicked.connect(self.play_requested)
        self._place = QSlider(Qt.Orientation.Horizontal)
        self._place.setObjectName("listenplace")
        self._place.setAccessibleName(self.tr("Place in the song"))
        self._place.setRange(0, _STEPS)
        self._place.actionTriggered.connect(self._seek)
        self._standing = QLabel()
        self._standing.setObjectName("trialtold")
        self._first = plain_button("answera", "")
        self._second = plain_button("answerb", "")
        self._first.clicked.connect(lambda: self._answer("A"))
        self._second.clicked.connect(lambda: self._answer("B"))
        self._undo = plain_button("undoanswer", self.tr("Take back"), picture="back")
        self._undo.clicked.connect(self._take_back)
        self._again = plain_button("testagain", self.tr("Begin again"), picture="retry")
        self._again.clicked.connect(self.begin)
        self._told = paragraph("listentold")
        self._record = paragraph("listenrecord", is_dim=True)
        self._hint = paragraph("listenhint", is_dim=True)
        self._lay_out()
        self.show_pairs({})

    @property
    def test(self) -> BlindTest | None:
        """The test at hand; None where nothing is asked."""
        return self._test

    @property
    def pair(self) -> tuple[int, str] | None:
        """The checkpoint and stem that are compared; None where there are none."""
        if self._step.currentIndex() < 0 or self._stem.currentIndex() < 0:
            return None
        return self._step.currentData(), self._stem.currentData()

    def show_pairs(self, pairs: dict[int, tuple[str, ...]]) -> None:
        """What can be listened to: step -> stems; the newest is chosen at first."""
        if pairs == self._pairs and pairs:
            return
        before = self.pair
        # Whoever looks at the newest, and is not in the middle of a test, wants the next one, too.
        is_idle = self._test is None or not self._test.answers
        follows = before is not None and before[0] == max(self._pairs, default=-1) and is_idle
        self._pairs = dict(pairs)
        self._step.clear()
        for step in sorted(pairs, reverse=True):
            self._step.addItem(self.tr("Step {step}").format(step=step), step)
        if before and before[0] in pairs and not follows:
            choose(self._step, before[0])  # type: ignore[arg-type]
        self._fill_stems(before[1] if before else "")
        self._hint.setVisible(not pairs)
        self._panel.setVisible(bool(pairs))
        if self.pair != before and self.pair is not None:
            self._choose_pair()

    def set_ready(self, *, on: bool) -> None:
        """Whether the chosen pair can be heard."""
        self._is_ready = on
        self._show_trial()
        if on:
            self._hear(self._checked)

    def show_playing(self, *, on: bool, fraction: float) -> None:
        """Where it plays."""
        give_role(self._play, "pause" if on else "play", self.tr("Play or pause (Space)"))
        self._play.setText(self.tr("Pause") if on else self.tr("Play"))
        if not self._place.isSliderDown():
            self._place.setValue(round(fraction * _STEPS))

    def show_record(self, sentences: Sequence[str]) -> None:
        """Earlier tests, one line each."""
        self._record.setText("\n".join(sentences))

    def begin(self) -> None:
        """A new test."""
        question = self._question.currentData()
        is_blind = question is not Question.OPEN
        self._test = BlindTest(question, self._count.value()) if is_blind else None
        self._told.setText("")
        self._show_trial()
        self._hear("A")

    def _deed(self, event: QKeyEvent) -> Callable[[], object] | None:
        if event.modifiers() != Qt.KeyboardModifier.NoModifier or not self._is_ready:
            return None
        key = Qt.Key(event.key())
        if key is Qt.Key.Key_Space:
            return self.play_requested.emit
        name = {Qt.Key.Key_A: "A", Qt.Key.Key_B: "B", Qt.Key.Key_X: "X"}.get(key)
        if name is None or self._switches[name].isHidden():
            return None
        return self._switches[name].click

    @property
    def _checked(self) -> str:
        return next((name for name, each in self._switches.items() if each.isChecked()), "A")

    def _hear(self, name: str) -> None:
        self._switches[name].setChecked(True)
        if self._test is None:
            self.heard.emit(BASE if name == "A" else TUNED)
        else:
            self.heard.emit(self._test.current.behind(name))

    def _answer(self, button: str) -> None:
        test = self._test
        if test is None or test.is_over:
            return
        test.answer(button)
        if test.is_over:
            self._told.setText(outcome_told(test))
            self.answered.emit(test)
        self._show_trial()
        self._hear("A")

    def _take_back(self) -> None:
        if self._test is not None:
            self._test.undo()
            self._show_trial()
            self._hear("A")

    def _seek(self, _: int) -> None:
        self.sought.emit(self._place.sliderPosition() / _STEPS)

    def _choose_step(self) -> None:
        self._fill_stems(self._stem.currentData() or "")
        self._choose_pair()

    def _choose_pair(self) -> None:
        pair = self.pair
        if pair is not None:
            self._is_ready = False
            self.begin()
            self.pair_chosen.emit(*pair)

    def _fill_stems(self, wanted: str) -> None:
        stems = self._pairs.get(self._step.currentData(), ())
        self._stem.clear()
        for stem in stems:
            self._stem.addItem(stem_title(stem), stem)
        if wanted in stems:
            choose(self._stem, wanted)

    def _show_trial(self) -> None:
        test = self._test
        is_abx = test is not None and test.question is Question.SAME
        self._switches["X"].setVisible(is_abx)
        self._switches["A"].setText("A" if test else self.tr("Base model"))
        self._switches["B"].setText("B" if test else self.tr("New model"))
        for name, button in self._switches.items():
            told = button.text() if test is None else name
            button.setAccessibleName(self.tr("Hear {name}").format(name=told))
            button.setToolTip(f"{button.accessibleName()} ({name})")
            button.setEnabled(self._is_ready)
        self._play.setEnabled(self._is_ready)
        asks = test is not None and not test.is_over
        for button, text in (
            (self._first, self.tr("X is A") if is_abx else self.tr("A is better")),
            (self._second, self.tr("X is B") if is_abx else self.tr("B is better")),
        ):
            button.setText(text)
            button.setAccessibleName(text)
            button.setToolTip(text)
            button.setVisible(asks)
            button.setEnabled(self._is_ready)
        self._undo.setVisible(asks)
        self._undo.setEnabled(bool(test and test.answers))
        self._again.setVisible(test is not None and bool(test.answers))
        self._count.setEnabled(test is not None)
        if test is None:
            self._standing.setText("")
        elif test.is_over:
            self._standing.setText(self.tr("All trials are answered."))
        else:
            told = self.tr("Trial {number} of {count}")
            self._standing.setText(
                told.format(number=len(test.answers) + 1, count=len(test.trials))
            )

    def _switch(self, name: str) -> QToolButton:
        button = plain_button(f"hear:{name}", name)
        button.setCheckable(True)
        button.setStyleSheet(LARGE)
        button.clicked.connect(lambda: self._hear(name))
        return button

    def _lay_out(self) -> None:
        self._hint.setText(
            self.tr("Choose a song to listen to in the recipe. After each check of the training "
                "it can be heard here, by the new model and by the base, equally loud.")
        )  # fmt: skip
        choices = QHBoxLayout()
        choices.setSpacing(2 * GRID_PX)
        for label, field in (
            (self.tr("Checkpoint"), self._step),
            (self.tr("Stem"), self._stem),
            (self.tr("Question"), self._question),
            (self.tr("Trials"), self._count),
        ):
            column = QVBoxLayout()
            column.setSpacing(GRID_PX)
            column.addWidget(heading("", label))
            column.addWidget(field)
            choices.addLayout(column)
        choices.addStretch(1)
        buttons = QHBoxLayout()
        buttons.setSpacing(2 * GRID_PX)
        for button in self._switches.values():
            buttons.addWidget(button)
        buttons.addStretch(1)
        transport = QHBoxLayout()
        transport.setSpacing(2 * GRID_PX)
        transport.addWidget(self._play)
        transport.addWidget(self._place, 1)
        answers = QHBoxLayout()
        answers.setSpacing(2 * GRID_PX)
        for widget in (self._standing, self._first, self._second, self._undo, self._again):
            answers.addWidget(widget)
        answers.addStretch(1)
        self._panel = QWidget()
        inner = QVBoxLayout(self._panel)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(4 * GRID_PX)
        for row in (choices, buttons, transport, answers):
            inner.addLayout(row)
        inner.addWidget(self._told)
        inner.addWidget(self._record)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(3 * GRID_PX, 3 * GRID_PX, 3 * GRID_PX, 2 * GRID_PX)
        whole.addWidget(self._hint)
        whole.addWidget(self._panel)
        whole.addStretch(1)


def outcome_told(test: BlindTest) -> str:
    """What came of a test, in a sentence or two."""
    outcome = test.outcome
    if test.question is Question.SAME:
        told = translate("Listening", "X was told rightly in {right} of {count} trials.")
    else:
        told = translate("Listening", "The new model was preferred in {right} of {count} trials.")
    chance = translate("Listening", "By chance alone this happens with p = {p}:")
    verdict = (
        translate("Listening", "the difference is heard.")
        if outcome.p_value < SURE_P
        else translate("Listening", "no difference is proved.")
    )
    first = told.format(right=outcome.tuned, count=outcome.trials)
    return f"{first} {chance.format(p=f'{outcome.p_value:.3f}')} {verdict}"

from hypothesis import given
from hypothesis import strategies as st

from stemdesk.project.document import Span
from stemdesk.ui.timeline.spans import difference, gaps, merged, overlap

END = 40


@st.composite
def spans(draw):
    pairs = draw(st.lists(st.tuples(st.integers(0, END), st.integers(0, END)), max_size=6))
    return tuple(Span(first_frame=min(pair), end_frame=max(pair)) for pair in pairs)


def frames(some):
    return {frame for span in some for frame in range(span.first_frame, span.end_frame)}


def is_tidy(some):
    ends = [edge for span in some for edge in (span.first_frame, span.end_frame)]
    return ends == sorted(set(ends))


@given(spans(), spans())
def test_they_are_sets_of_frames(one, other):
    assert frames(merged(one)) == frames(one)
    assert is_tidy(merged(one))
    one, other = merged(one), merged(other)
    assert frames(overlap(one, other)) == frames(one) & frames(other)
    assert frames(difference(one, other)) == frames(one) ^ frames(other)
    assert frames(gaps(one, 5, 30)) == set(range(5, 30)) - frames(one)
    assert is_tidy(gaps(one, 5, 30))

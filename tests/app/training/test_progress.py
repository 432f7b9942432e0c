from stemdesk.app.training.progress import MOST_LOSSES, Progress, replayed


def step(number, loss):
    return {"event": "step", "step": number, "loss": loss, "seconds": 0.1, "waited_seconds": 0.0}


def test_a_long_run_keeps_few_points_and_its_shape():
    told = Progress()
    for number in range(1, 50_001):
        told.take(step(number, 100.0 / number))
    assert len(told.losses) < MOST_LOSSES
    steps = [place for place, _ in told.losses]
    assert steps == sorted(set(steps))
    assert steps[-1] > 49_900
    middle = min(told.losses, key=lambda each: abs(each[0] - 25_000))
    assert abs(middle[1] - 100 / 25_000) < 1e-4


def test_a_resume_goes_over_what_came_after_its_checkpoint_once_more():
    told = Progress()
    for number in range(1, 6):
        told.take(step(number, 1.0))
    told.take({"event": "validation", "step": 4, "scores": {"mean": 1.0}})
    told.take({"event": "started", "step": 3, "steps": 6, "device": "cpu"})
    for number in range(4, 7):
        told.take(step(number, 2.0))
    assert told.losses == [(1, 1.0), (2, 1.0), (3, 1.0), (4, 2.0), (5, 2.0), (6, 2.0)]
    assert told.scored == []
    assert told.fraction == 1.0


def test_a_log_that_is_torn_is_read_as_far_as_it_goes(tmp_path):
    log = tmp_path / "log.jsonl"
    log.write_text('{"event": "started", "step": 0, "steps": 4, "device": "cpu"}\n{"event": "st')
    assert replayed(log).steps == 4
    assert replayed(tmp_path / "none").losses == []
    log.write_bytes(b"\xff\xfe\n" + b'{"event": "note", "text": "x"}\n')
    assert replayed(log).remarks == [(0, "x")]

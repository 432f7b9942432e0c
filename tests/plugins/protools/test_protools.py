"""The Pro Tools client against a server made from the scripting library's own protocol."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath

import numpy as np
import pytest
import soundfile

from stemdesk.errors import UserError
from stemdesk_plugins.protools import selection as protools
from stemdesk_plugins.protools.library import ProTools
from stemdesk_plugins.protools.paths import with_colons
from stemdesk_plugins.separation import separate

grpc = pytest.importorskip("grpc")
pt = pytest.importorskip("ptsl.PTSL_pb2")
services = pytest.importorskip("ptsl.PTSL_pb2_grpc")
FIRST = 172_800_123


class Server(services.PTSLServicer):
    """A session with one stereo clip, selected; requests are read with the protocol's messages."""

    def __init__(self, clip: Path):
        self.clip, self.calls, self.refuse = clip, [], ""
        self.frames = soundfile.info(clip).frames

    def SendGrpcRequest(self, request, context):  # noqa: N802 - the protocol's name
        name = pt.CommandId.Name(request.header.command)
        response = pt.Response()
        response.header.command = request.header.command
        response.header.status = pt.Completed
        body = json.loads(request.request_body_json or "{}")
        self.calls.append((name, body))
        if name == self.refuse:
            response.header.status = pt.Failed
            error = {"command_error_type": "PT_UnknownError", "command_error_message": "a dialog"}
            response.response_error_json = json.dumps({"errors": [error]})
            return response
        answer = getattr(self, f"on_{name}", None)
        if answer is None:
            context.abort(grpc.StatusCode.UNIMPLEMENTED, f"no {name}")
        if name not in ("HostReadyCheck", "RegisterConnection"):
            assert request.header.session_id == "a session"
            message = getattr(pt, f"{name}RequestBody")()
            from google.protobuf import json_format

            json_format.ParseDict(body, message)  # an unknown field is an error
        response.response_body_json = json.dumps(answer(body))
        return response

    def on_HostReadyCheck(self, _body):  # noqa: N802
        return {"is_host_ready": True}

    def on_RegisterConnection(self, body):  # noqa: N802
        assert body["company_name"]
        return {"session_id": "a session"}

    def on_GetTimelineSelection(self, body):  # noqa: N802
        assert body["time_scale"] == "Samples"
        return {"in_time": str(FIRST), "out_time": str(FIRST + self.frames)}

    def on_GetTrackList(self, body):  # noqa: N802
        assert body["track_filter_list"][0]["filter"] == "SelectedExplicitly"
        return {"track_list": [{"name": "Mix"}]}

    def on_ExportClipsAsFiles(self, body):  # noqa: N802
        assert body["bit_depth"] == "Bit32Float"
        assert body["format"] == "EF_Interleaved"
        samples, rate_hz = soundfile.read(self.clip)
        folder = Path(body["file_path"].rstrip("\\"))
        soundfile.write(folder / "Mix-01.wav", samples, rate_hz, subtype="FLOAT")
        return {}

    def on_Import(self, body):  # noqa: N802
        assert all(Path(each).is_file() for each in body["audio_data"]["file_list"])
        return {}

    def on_SetTrackMuteState(self, _body):  # noqa: N802
        return {}


@pytest.fixture
def session(music):
    """A server on a free port: its address, and what it was asked."""
    server = Server(music)
    listener = grpc.server(ThreadPoolExecutor(2))
    services.add_PTSLServicer_to_server(server, listener)
    port = listener.add_insecure_port("127.0.0.1:0")
    listener.start()
    yield f"127.0.0.1:{port}", server
    listener.stop(0).wait()


@pytest.mark.slow
def test_the_selected_clip_comes_back_as_stems_at_its_place(session, tmp_path, music):
    address, server = session
    tools = ProTools(address)
    chosen = protools.selected(tools)
    stems = separate(chosen.passage(tmp_path, ""), lambda *_: None)
    chosen.put_back(stems)
    chosen.close()
    calls = dict(server.calls)
    audio = calls["Import"]["audio_data"]
    assert calls["Import"]["import_type"] == "Audio"
    assert audio["file_list"] == [str(stem.path) for stem in stems]
    assert [Path(each).stem for each in audio["file_list"]] == ["vocals", "drums", "bass", "other"]
    assert (audio["audio_destination"], audio["audio_location"]) == ("MD_NewTrack", "ML_Spot")
    place = {"location_value": str(FIRST), "location_options": "Samples", "location_type": "Start"}
    assert audio["location_data"] == place
    assert calls["SetTrackMuteState"] == {"track_names": ["Mix"], "enabled": True}
    assert [name for name, _ in server.calls][-2:] == ["Import", "SetTrackMuteState"]
    total = sum(soundfile.read(stem.path)[0] for stem in stems)
    assert np.count_nonzero(total - soundfile.read(music)[0]) == 0


def test_a_selection_that_is_no_whole_clip_is_refused(session, tmp_path):
    address, server = session
    server.frames -= 1
    chosen = protools.selected(ProTools(address))
    with pytest.raises(UserError, match="not one whole clip"):
        chosen.passage(tmp_path, "")
    chosen.close()


def test_nothing_selected_and_refusals_are_sentences(session, tmp_path):
    address, server = session
    server.frames = 0
    tools = ProTools(address)
    with pytest.raises(UserError, match="Nothing is selected"):
        protools.selected(tools)
    server.frames = 5
    chosen = protools.selected(tools)
    server.refuse = "ExportClipsAsFiles"
    with pytest.raises(UserError, match="a dialog"):
        chosen.passage(tmp_path, "")
    chosen.close()


def test_no_pro_tools_is_one_sentence():
    with pytest.raises(UserError, match="Pro Tools does not answer"):
        ProTools("127.0.0.1:1")


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("/people/me/Music/Stems", "Macintosh HD:people:me:Music:Stems:"),
        ("/Volumes/Audio/a:b", "Audio:a/b:"),
    ],
)
def test_macos_paths_are_those_that_pro_tools_reads(path, wanted):
    assert with_colons(PurePosixPath(path), "Macintosh HD") == wanted

"""DAWprojects as DAWs save them: one that counts in beats and warps, one that counts in seconds."""

from __future__ import annotations

import zipfile

import numpy as np
import soundfile

RATE = 44_100

_HEAD = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Project version="1.0">
  <Application name="{name}" version="5.0"/>
  <Transport>
    <Tempo max="666.000000" min="20.000000" unit="bpm" value="120.000000" id="id0" name="Tempo"/>
    <TimeSignature denominator="4" numerator="4" id="id1"/>
  </Transport>
  <Structure>
    <Track contentType="audio" loaded="true" id="id2" name="Mix" color="#a2eabf">
      <Channel audioChannels="2" destination="id40" role="regular" solo="false" id="id3">
        {devices}
        <Mute value="false" id="id4" name="Mute"/>
        <Pan max="1" min="0" unit="normalized" value="0.5" id="id5" name="Pan"/>
        {sends}
        <Volume max="2" min="0" unit="linear" value="0.5" id="id6" name="Volume"/>
      </Channel>
    </Track>
    <Track contentType="notes" loaded="true" id="id7" name="Keys">
      <Channel audioChannels="2" destination="id40" role="regular" solo="false" id="id8"/>
    </Track>
    <Track contentType="audio notes" loaded="true" id="id39" name="Master">
      <Channel audioChannels="2" role="master" solo="false" id="id40">
        <Mute value="false" id="id41" name="Mute"/>
        <Pan max="1" min="0" unit="normalized" value="0.5" id="id42" name="Pan"/>
        <Volume max="2" min="0" unit="linear" value="1" id="id43" name="Volume"/>
      </Channel>
    </Track>
  </Structure>
"""

_SENDS = """<Sends><Send destination="id40" type="post" id="id30">
          <Volume max="1" min="0" unit="linear" value="0" id="id31" name="Send"/></Send></Sends>"""
_DEVICES = (
    """<Devices><BuiltinDevice deviceName="Comp" deviceRole="audioFX" id="id32"/></Devices>"""
)
_AUDIO = """<Audio algorithm="{algorithm}" channels="2" duration="{seconds}" sampleRate="44100"
  id="{id}"><File path="{path}"/></Audio>"""

BEATS = (
    _HEAD.format(name="Beats", devices=_DEVICES, sends=_SENDS)
    + """
  <Arrangement id="id9">
    <Lanes timeUnit="beats" id="id10">
      <Lanes track="id2" id="id11">
        <Clips id="id12">
          <Clip time="4.0" duration="6.0" playStart="1.0" name="Take 1">
            <Clips id="id13">
              <Clip time="0.0" duration="8.0" contentTimeUnit="beats" playStart="0.0"
                fadeTimeUnit="beats" fadeInTime="0.0" fadeOutTime="0.0">
                <Warps contentTimeUnit="seconds" timeUnit="beats" id="id14">
                  {audio}
                  <Warp time="0.0" contentTime="0.25"/>
                  <Warp time="4.0" contentTime="1.25"/>
                  <Warp time="8.0" contentTime="3.25"/>
                </Warps>
              </Clip>
            </Clips>
          </Clip>
          <Clip time="12.0" duration="4.0" playStart="0.0" loopStart="0.0" loopEnd="1.0"
            enable="false" reference="id13"/>
        </Clips>
        <Points unit="linear" id="id20"><Target parameter="id6"/>
          <RealPoint time="0.0" value="0.5" interpolation="linear"/>
          <RealPoint time="16.0" value="0.25" interpolation="linear"/></Points>
        <Points unit="linear" id="id21"><Target parameter="id32"/>
          <RealPoint time="0.0" value="0.5"/></Points>
      </Lanes>
      <Lanes track="id7" id="id22"><Clips id="id23">
        <Clip time="0.0" duration="4.0"><Notes id="id24"/></Clip></Clips></Lanes>
    </Lanes>
  </Arrangement>
  <Scenes/>
</Project>
"""
)

SECONDS = (
    _HEAD.format(name="Seconds", devices="", sends="")
    + """
  <Arrangement id="id9">
    <Lanes timeUnit="seconds" id="id10">
      <Clips track="id2" id="id12">
        <Clip time="1.0" duration="0.5" contentTimeUnit="seconds" playStart="0.25" name="A">
          {audio}
        </Clip>
        <Clip time="2.0" duration="0.75" contentTimeUnit="seconds" playStart="0.0" name="B">
          {other}
        </Clip>
      </Clips>
    </Lanes>
    <TempoAutomation timeUnit="beats" unit="bpm" id="id25"><Target parameter="id0"/>
      <RealPoint time="0.0" value="120" interpolation="hold"/>
      <RealPoint time="4.0" value="60" interpolation="hold"/></TempoAutomation>
  </Arrangement>
</Project>
"""
)


def save_project(path, text, **files):
    """A project file; `files` are samples by the name of their file in it."""
    audio = path.parent / "audio of the project"
    audio.mkdir(exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("metadata.xml", "<MetaData/>")
        archive.writestr("project.xml", text)
        archive.writestr("plugins/comp.fxb", b"state" * 100)
        for name, samples in files.items():
            soundfile.write(audio / f"{name}.wav", samples, RATE, "PCM_24")
            archive.write(audio / f"{name}.wav", f"audio/{name}.wav")
    return path


def noise(seconds, seed=0):
    """On the grid of 24 bits."""
    random = np.random.default_rng(seed)
    return np.rint(random.uniform(-0.2, 0.2, (round(seconds * RATE), 2)) * 2**20) / 2**20


def beats_project(folder):
    audio = _AUDIO.format(algorithm="stretch", seconds=4.0, id="id15", path="audio/mix.wav")
    return save_project(
        folder / "beats.dawproject", BEATS.format(audio=audio), mix=noise(4.0), unused=noise(0.1)
    )


def seconds_project(folder):
    audio = _AUDIO.format(algorithm="raw", seconds=1.0, id="id15", path="audio/mix.wav")
    other = _AUDIO.format(algorithm="raw", seconds=0.75, id="id16", path="audio/solo.wav")
    text = SECONDS.format(audio=audio, other=other)
    return save_project(
        folder / "seconds.dawproject", text, mix=noise(1.0), solo=noise(0.75, seed=1)
    )

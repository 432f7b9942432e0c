"""Another excitation for a voice: a synthesiser speaks, as through a channel vocoder."""

import numpy as np
from numpy.typing import NDArray

Mono = NDArray[np.float32]

_SIZE = 1024
_HOP = 256
# Cepstral lags kept: the envelope of the vocal tract without the harmonics of the pitch.
_LAGS = 40


def excite(voice: Mono, carrier: Mono) -> Mono:
    """Impose the spectral envelope of ``voice [frames]`` on ``carrier``, level kept.

    Both have one length; what is too short for a window comes back as it is.
    """
    if len(voice) < 2 * _SIZE:
        return voice
    window = np.hanning(_SIZE + 1)[:_SIZE].astype(np.float32)
    count = (len(voice) - _SIZE) // _HOP + 1
    index = np.arange(_SIZE)[None, :] + _HOP * np.arange(count)[:, None]
    spectrum = np.abs(np.fft.rfft(voice[index] * window, axis=1)) + 1e-6
    cepstrum = np.fft.irfft(np.log(spectrum), axis=1)
    cepstrum[:, _LAGS : _SIZE - _LAGS] = 0.0
    envelope = np.exp(np.fft.rfft(cepstrum, axis=1).real)
    excited = np.fft.rfft(carrier[index] * window, axis=1) * envelope
    grains = (np.fft.irfft(excited, axis=1) * window).astype(np.float32)
    out = np.zeros(len(voice), dtype=np.float32)
    for step in range(count):
        out[step * _HOP : step * _HOP + _SIZE] += grains[step]
    scale = np.sqrt(np.mean(voice**2) / (np.mean(out**2) + 1e-12))
    return np.asarray(out * np.float32(min(scale, 100.0)), dtype=np.float32)

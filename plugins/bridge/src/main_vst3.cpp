// DPF's VST3 plug-in, with two corrections made by name.
//
// Steinberg's projectTimeSamples is always valid; the flag that DPF asks for is that of the time
// in quarter notes, without which it would follow the continuous time, which knows no loops.
// And when a host restores a state, the names of the parameters may have changed as well.
#define DISTRHO_PLUGIN_TARGET_VST3
#include "quiet_dpf.hpp"
#include "travesty/audio_processor.h"
#include "travesty/edit_controller.h"

namespace {
constexpr int kAnyProcessFlag = ~0;
constexpr int kValuesAndTitlesChanged =
    V3_RESTART_PARAM_VALUES_CHANGED | V3_RESTART_PARAM_TITLES_CHANGED;
}  // namespace
#define V3_PROCESS_CTX_PROJECT_TIME_VALID kAnyProcessFlag
#define V3_RESTART_PARAM_VALUES_CHANGED kValuesAndTitlesChanged

#include "DistrhoPluginMain.cpp"

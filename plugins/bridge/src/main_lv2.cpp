// DPF's LV2 plug-in.
#define DISTRHO_PLUGIN_TARGET_LV2
#include "quiet_dpf.hpp"
#include "DistrhoPluginMain.cpp"

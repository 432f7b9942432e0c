// DPF's CLAP plug-in; clap_wrapper.cpp stands between it and the host.
#define DISTRHO_PLUGIN_TARGET_CLAP
#include "quiet_dpf.hpp"
#define clap_entry dpf_clap_entry
#include "DistrhoPluginMain.cpp"

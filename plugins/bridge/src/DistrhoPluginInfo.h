// What DPF wants to know at compile time; -DSTEMDESK_BRIDGE_MONO builds the mono variant.
#pragma once

#ifdef STEMDESK_BRIDGE_MONO
#define STEMDESK_BRIDGE_CHANNELS 1
#define DISTRHO_PLUGIN_NAME "StemDesk Bridge Mono"
#define DISTRHO_PLUGIN_URI "urn:stemdesk:bridge-mono"
#define DISTRHO_PLUGIN_CLAP_ID "org.stemdesk.bridge-mono"
#define DISTRHO_PLUGIN_CLAP_FEATURES "audio-effect", "utility", "mono"
#else
#define STEMDESK_BRIDGE_CHANNELS 2
#define DISTRHO_PLUGIN_NAME "StemDesk Bridge"
#define DISTRHO_PLUGIN_URI "urn:stemdesk:bridge"
#define DISTRHO_PLUGIN_CLAP_ID "org.stemdesk.bridge"
#define DISTRHO_PLUGIN_CLAP_FEATURES "audio-effect", "utility", "stereo"
#endif

#define DISTRHO_PLUGIN_BRAND "StemDesk"
#define DISTRHO_PLUGIN_HAS_UI 0
#define DISTRHO_PLUGIN_IS_RT_SAFE 1
#define DISTRHO_PLUGIN_NUM_INPUTS STEMDESK_BRIDGE_CHANNELS
#define DISTRHO_PLUGIN_NUM_OUTPUTS STEMDESK_BRIDGE_CHANNELS
#define DISTRHO_PLUGIN_WANT_TIMEPOS 1
#define DISTRHO_PLUGIN_WANT_STATE 1
#define DISTRHO_PLUGIN_WANT_FULL_STATE 1
#define DISTRHO_PLUGIN_LV2_CATEGORY "lv2:UtilityPlugin"
#define DISTRHO_PLUGIN_VST3_CATEGORIES "Fx|Tools"

// What the DISTRHO Plugin Framework wants to know of the plug-in at compile time.
#pragma once
#ifndef CHANNELS
#define CHANNELS 2
#endif
#define DISTRHO_PLUGIN_BRAND "StemDesk"
#define DISTRHO_PLUGIN_NAME "Troublemaker"
#define DISTRHO_PLUGIN_URI "urn:stemdesk:troublemaker"
#define DISTRHO_PLUGIN_HAS_UI 0
#define DISTRHO_PLUGIN_IS_RT_SAFE 1
#define DISTRHO_PLUGIN_NUM_INPUTS CHANNELS
#define DISTRHO_PLUGIN_NUM_OUTPUTS CHANNELS
#define DISTRHO_PLUGIN_WANT_LATENCY 1
#define DISTRHO_PLUGIN_VST3_CATEGORIES "Fx|Tools"

// The Bridge as DPF knows it, which makes VST3, CLAP and LV2 of it.
#pragma once

#include <array>

#include "DistrhoPlugin.hpp"
#include "bridge.hpp"

START_NAMESPACE_DISTRHO

class BridgePlugin : public Plugin {
 public:
  BridgePlugin();

  stemdesk::bridge::Bridge& bridge() noexcept { return bridge_; }

  // Puts the stems' names into the parameters'. For the host's main thread, which reads them.
  void refresh_names();

 protected:
  const char* getLabel() const override { return "stemdesk_bridge"; }
  const char* getMaker() const override { return "StemDesk"; }
  const char* getLicense() const override { return "GPL-3.0-or-later"; }
  const char* getDescription() const override {
    return "Levels of the stems that StemDesk made of this track";
  }
  uint32_t getVersion() const override { return d_version(0, 1, 0); }
  int64_t getUniqueId() const override;

  void initParameter(uint32_t index, Parameter& parameter) override;
  float getParameterValue(uint32_t index) const override;
  void setParameterValue(uint32_t index, float value) override;

  void initState(uint32_t index, State& state) override;
  String getState(const char* key) const override;
  void setState(const char* key, const char* value) override;

  void activate() override;
  void deactivate() override;
  void sampleRateChanged(double rate_hz) override;
  void run(const float** in, float** out, uint32_t frames) override;

 private:
  stemdesk::bridge::Bridge bridge_;
  std::array<Parameter*, stemdesk::bridge::kMaxStems> levels_{};  // DPF's own, for their names
};

// The plug-in that createPlugin() made last in this thread: CLAP's wrapper has no other way to it.
BridgePlugin* last_created() noexcept;

END_NAMESPACE_DISTRHO

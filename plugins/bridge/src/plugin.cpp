#include "plugin.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>

START_NAMESPACE_DISTRHO

using stemdesk::bridge::CaptureTap;
using stemdesk::bridge::Clock;
using stemdesk::bridge::kLevelMaxDb;
using stemdesk::bridge::kLevelMinDb;
using stemdesk::bridge::kMaxSlot;
using stemdesk::bridge::kMaxStems;
using stemdesk::bridge::kOwnSlot;
using stemdesk::bridge::kStatusWords;
using stemdesk::bridge::StemNames;

namespace {

enum Index : uint32_t {
  kSlot = kMaxStems,  // after the levels
  kCapture,
  kClock,
  kStatus,
  kParameterCount,
};

// LV2 hands parameters over only with the first block, and a bounce does not wait for stems: the
// slot is in the state as well, which comes before.
constexpr const char* kStateKeys[] = {"own", "slot"};

thread_local BridgePlugin* created = nullptr;

void name_values(Parameter& parameter, std::initializer_list<const char*> labels, bool restricted) {
  auto* const values = new ParameterEnumerationValue[labels.size()];  // DPF deletes it
  parameter.enumValues.count = static_cast<uint8_t>(labels.size());
  parameter.enumValues.restrictedMode = restricted;
  parameter.enumValues.values = values;
  float value = parameter.ranges.min;
  for (const char* const label : labels) {
    values[static_cast<std::size_t>(value - parameter.ranges.min)].value = value;
    values[static_cast<std::size_t>(value - parameter.ranges.min)].label = label;
    value += 1.0F;
  }
}

void set_ranges(Parameter& parameter, float def, float min, float max) {
  parameter.ranges.def = def;
  parameter.ranges.min = min;
  parameter.ranges.max = max;
}

String level_name(const StemNames& names, uint32_t stem) {
  if (!names[stem].empty()) return String(names[stem].c_str()) + " level";
  return String("Stem ") + String(stem + 1) + " level";
}

void init_level(Parameter& parameter, uint32_t stem) {
  parameter.hints = kParameterIsAutomatable;
  parameter.name = level_name({}, stem);
  parameter.symbol = String("stem") + String(stem + 1);
  parameter.unit = "dB";
  set_ranges(parameter, 0.0F, kLevelMinDb, kLevelMaxDb);
}

void init_slot(Parameter& parameter) {
  parameter.hints = kParameterIsAutomatable | kParameterIsInteger;
  parameter.name = "Slot";
  parameter.symbol = "slot";
  set_ranges(parameter, kOwnSlot, kOwnSlot, kMaxSlot);
  name_values(parameter, {"This track's own"}, false);
}

void init_capture(Parameter& parameter) {
  parameter.hints = kParameterIsAutomatable | kParameterIsBoolean | kParameterIsInteger;
  parameter.name = "Capture";
  parameter.symbol = "capture";
  set_ranges(parameter, 0.0F, 0.0F, 1.0F);
}

void init_clock(Parameter& parameter) {
  parameter.hints = kParameterIsAutomatable | kParameterIsInteger;
  parameter.name = "Clock";
  parameter.symbol = "clock";
  set_ranges(parameter, 0.0F, 0.0F, 1.0F);
  name_values(parameter, {"Host's timeline", "Free: from the first block"}, true);
}

void init_status(Parameter& parameter) {
  parameter.hints = kParameterIsOutput | kParameterIsInteger;
  parameter.name = "Status";
  parameter.symbol = "status";
  set_ranges(parameter, 0.0F, 0.0F, static_cast<float>(kStatusWords.size() - 1));
  auto* const values = new ParameterEnumerationValue[kStatusWords.size()];  // DPF deletes it
  for (std::size_t index = 0; index < kStatusWords.size(); ++index) {
    values[index].value = static_cast<float>(index);
    values[index].label = kStatusWords[index];
  }
  parameter.enumValues.count = static_cast<uint8_t>(kStatusWords.size());
  parameter.enumValues.restrictedMode = true;
  parameter.enumValues.values = values;
}

int slot_of(float value) noexcept {
  if (!(value >= kOwnSlot)) return kOwnSlot;  // NaN too
  return static_cast<int>(std::lround(std::min(value, static_cast<float>(kMaxSlot))));
}

}  // namespace

BridgePlugin::BridgePlugin()
    : Plugin(kParameterCount, 0, sizeof kStateKeys / sizeof *kStateKeys),
      bridge_(STEMDESK_BRIDGE_CHANNELS, getSampleRate(),
              isDummyInstance() ? 1 : CaptureTap::kRingFrames) {
  if (!isDummyInstance()) bridge_.watcher().start();
}

int64_t BridgePlugin::getUniqueId() const {
  return STEMDESK_BRIDGE_CHANNELS == 1 ? d_cconst('S', 'd', 'B', 'm') : d_cconst('S', 'd', 'B', 'r');
}

void BridgePlugin::refresh_names() {
  const StemNames names = bridge_.watcher().stem_names();
  for (uint32_t stem = 0; stem < kMaxStems; ++stem)
    if (levels_[stem] != nullptr) levels_[stem]->name = level_name(names, stem);
}

void BridgePlugin::initParameter(uint32_t index, Parameter& parameter) {
  switch (index) {
    case kSlot:
      return init_slot(parameter);
    case kCapture:
      return init_capture(parameter);
    case kClock:
      return init_clock(parameter);
    case kStatus:
      return init_status(parameter);
    default:
      levels_[index] = &parameter;
      return init_level(parameter, index);
  }
}

float BridgePlugin::getParameterValue(uint32_t index) const {
  stemdesk::bridge::Bridge& bridge = const_cast<BridgePlugin*>(this)->bridge_;
  switch (index) {
    case kSlot:
      return static_cast<float>(bridge.watcher().slot());
    case kCapture:
      return bridge_.capture() ? 1.0F : 0.0F;
    case kClock:
      return static_cast<float>(bridge_.clock());
    case kStatus:
      return static_cast<float>(bridge_.status());
    default:
      return index < kMaxStems ? bridge_.level_db(index) : 0.0F;
  }
}

void BridgePlugin::setParameterValue(uint32_t index, float value) {
  switch (index) {
    case kSlot:
      return bridge_.watcher().set_slot(slot_of(value));
    case kCapture:
      return bridge_.set_capture(value > 0.5F);
    case kClock:
      return bridge_.set_clock(value > 0.5F ? Clock::Free : Clock::Host);
    default:
      if (index < kMaxStems && std::isfinite(value))
        bridge_.set_level_db(index, std::clamp(value, kLevelMinDb, kLevelMaxDb));
  }
}

void BridgePlugin::initState(uint32_t index, State& state) {
  state.key = kStateKeys[index];
  state.hints = kStateIsOnlyForDSP;
}

String BridgePlugin::getState(const char* key) const {
  const auto& watcher = const_cast<BridgePlugin*>(this)->bridge_.watcher();
  if (std::strcmp(key, "own") == 0) return String(watcher.own_id().c_str());
  if (std::strcmp(key, "slot") == 0) return String(watcher.slot());
  return String();
}

void BridgePlugin::setState(const char* key, const char* value) {
  if (std::strcmp(key, "own") == 0) bridge_.watcher().set_own_id(value);
  if (std::strcmp(key, "slot") == 0) {
    bridge_.watcher().set_slot(slot_of(static_cast<float>(std::atof(value))));
    bridge_.watcher().look_now();
  }
  refresh_names();
}

void BridgePlugin::activate() { bridge_.activate(); }

void BridgePlugin::deactivate() { bridge_.deactivate(); }

void BridgePlugin::sampleRateChanged(double rate_hz) { bridge_.set_rate(rate_hz); }

void BridgePlugin::run(const float** in, float** out, uint32_t frames) {
  const TimePosition& position = getTimePosition();
  bridge_.process(in, out, frames, {position.playing, static_cast<int64_t>(position.frame)});
}

BridgePlugin* last_created() noexcept { return created; }

Plugin* createPlugin() {
  created = new BridgePlugin;  // DPF deletes it
  return created;
}

END_NAMESPACE_DISTRHO

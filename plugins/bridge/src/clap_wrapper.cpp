// A thin wrapper around DPF's CLAP plug-in that corrects what the Bridge cannot live with:
//
// - DPF takes the position from `steady_time`, which only counts on; the Bridge needs the place on
//   the timeline. The wrapper puts that place, rounded to a frame, where DPF looks.
// - DPF checks the size of events that it does not use and prints when it is another than it
//   thought; the wrapper passes on parameter values only.
// - Hosts are told when the names of the parameters change.
// - A state survives a host that takes or gives it in small pieces, which DPF mixes up.
#include <cmath>
#include <cstring>
#include <memory>
#include <string>

#include "clap/entry.h"
#include "clap/ext/params.h"
#include "clap/ext/state.h"
#include "clap/plugin-factory.h"
#include "plugin.hpp"

extern "C" const clap_plugin_entry_t dpf_clap_entry;  // main_clap.cpp renames it

namespace {

struct Wrapper {
  clap_plugin_t plugin;  // first: hosts hold its address
  const clap_plugin_t* inner = nullptr;
  const clap_host_t* host = nullptr;
  DISTRHO_NAMESPACE::BridgePlugin* bridge = nullptr;
  double rate_hz = 0.0;
  uint32_t parameters = 0;
};

Wrapper& of(const clap_plugin_t* plugin) {
  return *reinterpret_cast<Wrapper*>(const_cast<clap_plugin_t*>(plugin));
}

// --- events -------------------------------------------------------------------------------------

struct ValuesOnly {
  clap_input_events_t list;  // first: DPF holds its address
  const clap_input_events_t* all;
  uint32_t parameters;
};

uint32_t count_events(const clap_input_events_t* list) {
  const auto* const self = reinterpret_cast<const ValuesOnly*>(list);
  return self->all->size(self->all);
}

const clap_event_header_t* get_event(const clap_input_events_t* list, uint32_t index) {
  static const clap_event_header_t ignored = {sizeof(clap_event_header_t), 0, 0,
                                              CLAP_EVENT_NOTE_END, 0};
  const auto* const self = reinterpret_cast<const ValuesOnly*>(list);
  const clap_event_header_t* const event = self->all->get(self->all, index);
  if (event == nullptr || event->space_id != CLAP_CORE_EVENT_SPACE_ID ||
      event->type != CLAP_EVENT_PARAM_VALUE || event->size != sizeof(clap_event_param_value_t))
    return &ignored;
  const auto* const value = reinterpret_cast<const clap_event_param_value_t*>(event);
  return value->param_id < self->parameters ? event : &ignored;
}

ValuesOnly values_only(const clap_input_events_t* all, uint32_t parameters) {
  return {{nullptr, count_events, get_event}, all, parameters};
}

// --- time ---------------------------------------------------------------------------------------

clap_process_status process(const clap_plugin_t* plugin, const clap_process_t* wanted) {
  const Wrapper& self = of(plugin);
  clap_process_t process = *wanted;
  clap_event_transport_t transport;
  if (wanted->transport != nullptr) {
    transport = *wanted->transport;
    const double seconds =
        static_cast<double>(transport.song_pos_seconds) / static_cast<double>(CLAP_SECTIME_FACTOR);
    process.steady_time = std::llround(seconds * self.rate_hz);
    const bool has_place = (transport.flags & CLAP_TRANSPORT_HAS_SECONDS_TIMELINE) != 0;
    // DPF would take a place before the song's beginning for the beginning.
    if (!has_place || process.steady_time < 0)
      transport.flags &= ~static_cast<uint32_t>(CLAP_TRANSPORT_IS_PLAYING);
    process.transport = &transport;
  }
  ValuesOnly values = values_only(wanted->in_events, self.parameters);
  if (wanted->in_events != nullptr) process.in_events = &values.list;
  return self.inner->process(self.inner, &process);
}

// --- parameters ---------------------------------------------------------------------------------

void flush(const clap_plugin_t* plugin, const clap_input_events_t* in,
           const clap_output_events_t* out) {
  const Wrapper& self = of(plugin);
  const auto* const inner =
      static_cast<const clap_plugin_params_t*>(self.inner->get_extension(self.inner, CLAP_EXT_PARAMS));
  ValuesOnly values = values_only(in, self.parameters);
  inner->flush(self.inner, in != nullptr ? &values.list : nullptr, out);
}

void on_main_thread(const clap_plugin_t* plugin) {
  const Wrapper& self = of(plugin);
  self.inner->on_main_thread(self.inner);
  self.bridge->refresh_names();
  const auto* const params =
      static_cast<const clap_host_params_t*>(self.host->get_extension(self.host, CLAP_EXT_PARAMS));
  if (params != nullptr && params->rescan != nullptr)
    params->rescan(self.host, CLAP_PARAM_RESCAN_INFO);
}

// --- state --------------------------------------------------------------------------------------

constexpr std::size_t kMaxStateBytes = 1 << 20;

struct Memory {
  std::string bytes;
  std::size_t read = 0;
};

int64_t append(const clap_ostream_t* stream, const void* data, uint64_t size) {
  static_cast<Memory*>(stream->ctx)->bytes.append(static_cast<const char*>(data), size);
  return static_cast<int64_t>(size);
}

int64_t take(const clap_istream_t* stream, void* data, uint64_t size) {
  auto& memory = *static_cast<Memory*>(stream->ctx);
  const std::size_t taken = memory.bytes.copy(static_cast<char*>(data), size, memory.read);
  memory.read += taken;
  return static_cast<int64_t>(taken);
}

const clap_plugin_state_t& inner_state(const Wrapper& self) {
  return *static_cast<const clap_plugin_state_t*>(
      self.inner->get_extension(self.inner, CLAP_EXT_STATE));
}

bool save_state(const clap_plugin_t* plugin, const clap_ostream_t* stream) {
  const Wrapper& self = of(plugin);
  Memory memory;
  const clap_ostream_t whole = {&memory, append};
  if (!inner_state(self).save(self.inner, &whole)) return false;
  for (std::size_t done = 0; done < memory.bytes.size();) {
    const int64_t written =
        stream->write(stream, memory.bytes.data() + done, memory.bytes.size() - done);
    if (written <= 0) return false;
    done += static_cast<std::size_t>(written);
  }
  return true;
}

bool load_state(const clap_plugin_t* plugin, const clap_istream_t* stream) {
  const Wrapper& self = of(plugin);
  Memory memory;
  char piece[4096];
  for (int64_t size; (size = stream->read(stream, piece, sizeof piece)) != 0;) {
    if (size < 0 || memory.bytes.size() > kMaxStateBytes) return false;
    memory.bytes.append(piece, static_cast<std::size_t>(size));
  }
  const clap_istream_t whole = {&memory, take};
  return inner_state(self).load(self.inner, &whole);
}

// --- life ---------------------------------------------------------------------------------------

bool init(const clap_plugin_t* plugin) {
  Wrapper& self = of(plugin);
  if (!self.inner->init(self.inner)) return false;
  self.bridge->bridge().watcher().set_names_listener(
      [host = self.host] { host->request_callback(host); });
  return true;
}

void destroy(const clap_plugin_t* plugin) {
  const std::unique_ptr<Wrapper> self(&of(plugin));
  self->inner->destroy(self->inner);
}

bool activate(const clap_plugin_t* plugin, double rate_hz, uint32_t min_frames,
              uint32_t max_frames) {
  Wrapper& self = of(plugin);
  self.rate_hz = rate_hz;
  return self.inner->activate(self.inner, rate_hz, min_frames, max_frames);
}

const void* get_extension(const clap_plugin_t* plugin, const char* id) {
  const Wrapper& self = of(plugin);
  const void* const inner = self.inner->get_extension(self.inner, id);
  if (inner != nullptr && std::strcmp(id, CLAP_EXT_PARAMS) == 0) {
    static const clap_plugin_params_t params = [inner] {
      clap_plugin_params_t corrected = *static_cast<const clap_plugin_params_t*>(inner);
      corrected.flush = flush;
      return corrected;
    }();
    return &params;
  }
  static const clap_plugin_state_t state = {save_state, load_state};
  return inner != nullptr && std::strcmp(id, CLAP_EXT_STATE) == 0 ? &state : inner;
}

const clap_plugin_factory_t& inner_factory() {
  return *static_cast<const clap_plugin_factory_t*>(
      dpf_clap_entry.get_factory(CLAP_PLUGIN_FACTORY_ID));
}

const clap_plugin_t* create(const clap_plugin_factory_t*, const clap_host_t* host, const char* id) {
  const clap_plugin_factory_t& factory = inner_factory();
  if (std::strcmp(id, DISTRHO_PLUGIN_CLAP_ID) != 0) return nullptr;
  auto self = std::make_unique<Wrapper>();
  self->inner = factory.create_plugin(&factory, host, id);
  if (self->inner == nullptr) return nullptr;
  self->host = host;
  self->bridge = DISTRHO_NAMESPACE::last_created();
  const auto* const params = static_cast<const clap_plugin_params_t*>(
      self->inner->get_extension(self->inner, CLAP_EXT_PARAMS));
  self->parameters = params->count(self->inner);
  // The extensions that are not wrapped find DPF's own object in `plugin_data`.
  self->plugin = *self->inner;
  self->plugin.init = init;
  self->plugin.destroy = destroy;
  self->plugin.activate = activate;
  self->plugin.process = process;
  self->plugin.get_extension = get_extension;
  self->plugin.on_main_thread = on_main_thread;
  return &self.release()->plugin;
}

const void* get_factory(const char* id) {
  static const clap_plugin_factory_t factory = {
      [](const clap_plugin_factory_t*) { return inner_factory().get_plugin_count(&inner_factory()); },
      [](const clap_plugin_factory_t*, uint32_t index) {
        return inner_factory().get_plugin_descriptor(&inner_factory(), index);
      },
      create,
  };
  return std::strcmp(id, CLAP_PLUGIN_FACTORY_ID) == 0 ? &factory : nullptr;
}

}  // namespace

DISTRHO_PLUGIN_EXPORT
const clap_plugin_entry_t clap_entry = {CLAP_VERSION, dpf_clap_entry.init, dpf_clap_entry.deinit,
                                        get_factory};

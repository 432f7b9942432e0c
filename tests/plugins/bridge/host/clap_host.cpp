// A CLAP host that does what a script says, on an audio thread of its own.
//
//   clap_host PLUGIN.clap SCRIPT SONG.f32 OUT.f32 CHANNELS RATE
//
// SONG is what the track plays, interleaved from the timeline's frame 0 on; OUT is what comes out of
// the plug-in, block after block. SCRIPT has one command a line:
//
//   set ID VALUE                        with the next block
//   glide ID FROM TO                    during the next `play`, a step a block
//   play FRAME FRAMES BLOCK             of the timeline
//   live FRAME FRAMES BLOCK             the same sound while the transport rests
//   sleep MS | wait STATUS MS           until the status parameter has that value
//   names COUNT MS                      until parameters were renamed so many times
//   save FILE | load FILE               the plug-in's state, a byte at a time
//   rate HZ                             deactivate and activate
//   move FROM TO | cut FILE BYTES       rename or shorten a file
//   tell                                print status and names
//
// GUARDED=1: no allocation, lock or output in process(); SEALED=1: no system call either.
#include <dlfcn.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "clap/entry.h"
#include "clap/ext/params.h"
#include "clap/ext/state.h"
#include "clap/plugin-factory.h"
#include "guard.hpp"

namespace {

[[noreturn]] void fail(const std::string& what) {
  std::fprintf(stderr, "%s\n", what.c_str());
  std::_Exit(2);
}

// --- the host's side of CLAP -----------------------------------------------------------------------

std::atomic<bool> wants_callback{false};
std::atomic<int> rescans{0};
const clap_host_params_t host_params = {
    [](const clap_host_t*, clap_param_rescan_flags flags) {
      if ((flags & CLAP_PARAM_RESCAN_INFO) != 0) ++rescans;
    },
    [](const clap_host_t*, clap_id, clap_param_clear_flags) {}, [](const clap_host_t*) {}};
const clap_host_t host = {
    CLAP_VERSION, nullptr, "script", "StemDesk", "", "1",
    [](const clap_host_t*, const char* id) -> const void* {
      return std::strcmp(id, CLAP_EXT_PARAMS) == 0 ? &host_params : nullptr;
    },
    [](const clap_host_t*) {}, [](const clap_host_t*) {},
    [](const clap_host_t*) { wants_callback = true; }};

struct Events {
  std::vector<clap_event_param_value_t> values;
  clap_event_param_gesture_t gesture{};  // hosts send what the plug-in does not use, too
};

uint32_t count(const clap_input_events_t* list) {
  return static_cast<uint32_t>(static_cast<const Events*>(list->ctx)->values.size()) + 1;
}
const clap_event_header_t* get(const clap_input_events_t* list, uint32_t index) {
  const auto* const events = static_cast<const Events*>(list->ctx);
  return index == 0 ? &events->gesture.header : &events->values[index - 1].header;
}

// --- the audio thread --------------------------------------------------------------------------------

class AudioThread {
 public:
  explicit AudioThread(bool sealed) {
    thread_ = std::thread([this, sealed] {
      if (sealed && !guard::seal()) {
        std::fprintf(stderr, "this system cannot seal a thread\n");
        std::_Exit(77);
      }
      while (true) {
        while (!has_work_.load(std::memory_order_acquire)) sched_yield();
        work_();
        has_work_.store(false, std::memory_order_release);
      }
    });
    thread_.detach();  // a sealed thread cannot even end; the process does
  }
  void run(std::function<void()> work) {
    work_ = std::move(work);
    has_work_.store(true, std::memory_order_release);
    while (has_work_.load(std::memory_order_acquire)) sched_yield();
  }

 private:
  std::thread thread_;
  std::function<void()> work_;
  std::atomic<bool> has_work_{false};
};

// --- one plug-in ---------------------------------------------------------------------------------------

class Host {
 public:
  Host(const char* library, unsigned channels, double rate_hz)
      : channels_(channels),
        rate_hz_(rate_hz),
        is_guarded_(std::getenv("GUARDED") != nullptr),
        thread_(std::getenv("SEALED") != nullptr) {
    void* const handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) fail(dlerror());
    entry_ = static_cast<const clap_plugin_entry_t*>(dlsym(handle, "clap_entry"));
    if (entry_ == nullptr || !entry_->init(library)) fail("no CLAP entry");
    const auto* const factory =
        static_cast<const clap_plugin_factory_t*>(entry_->get_factory(CLAP_PLUGIN_FACTORY_ID));
    plugin_ = factory->create_plugin(factory, &host, factory->get_plugin_descriptor(factory, 0)->id);
    if (plugin_ == nullptr || !plugin_->init(plugin_)) fail("no plug-in");
    params_ = extension<clap_plugin_params_t>(CLAP_EXT_PARAMS);
    state_ = extension<clap_plugin_state_t>(CLAP_EXT_STATE);
    for (status_id_ = 0; name_of(status_id_) != "Status"; ++status_id_) {
    }
    events_.gesture.header = {sizeof events_.gesture, 0, 0, CLAP_EVENT_PARAM_GESTURE_BEGIN, 0};
    activate();
  }

  void end() {
    deactivate();
    plugin_->destroy(plugin_);
    entry_->deinit();
  }

  void activate() {
    if (!plugin_->activate(plugin_, rate_hz_, 1, 1U << 16)) fail("not activated");
    plugin_->start_processing(plugin_);
  }
  void deactivate() {
    plugin_->stop_processing(plugin_);
    plugin_->deactivate(plugin_);
  }
  void set_rate(double rate_hz) {
    deactivate();
    rate_hz_ = rate_hz;
    activate();
  }

  void set(clap_id id, double value) {
    clap_event_param_value_t event{};
    event.header = {sizeof event, 0, CLAP_CORE_EVENT_SPACE_ID, CLAP_EVENT_PARAM_VALUE, 0};
    event.param_id = id;
    event.note_id = event.port_index = event.channel = event.key = -1;
    event.value = value;
    events_.values.push_back(event);
  }

  double status() {
    call_back();
    double value = -1.0;
    params_->get_value(plugin_, status_id_, &value);
    return value;
  }

  void process(std::vector<float>& interleaved, int64_t frame, uint32_t frames, bool is_playing) {
    std::vector<std::vector<float>> planes(channels_, std::vector<float>(frames));
    std::vector<float*> pointers;
    for (unsigned channel = 0; channel < channels_; ++channel) {
      for (uint32_t at = 0; at < frames; ++at)
        planes[channel][at] = interleaved[std::size_t{at} * channels_ + channel];
      pointers.push_back(planes[channel].data());
    }
    clap_audio_buffer_t in{pointers.data(), nullptr, channels_, 0, 0};
    clap_audio_buffer_t out = in;  // in place, as most hosts do
    clap_event_transport_t transport{};
    transport.header = {sizeof transport, 0, CLAP_CORE_EVENT_SPACE_ID, CLAP_EVENT_TRANSPORT, 0};
    transport.flags = CLAP_TRANSPORT_HAS_SECONDS_TIMELINE;
    if (is_playing) transport.flags |= CLAP_TRANSPORT_IS_PLAYING;
    transport.song_pos_seconds = static_cast<clap_sectime>(
        static_cast<double>(frame) / rate_hz_ * static_cast<double>(CLAP_SECTIME_FACTOR));
    const clap_input_events_t in_events{&events_, count, get};
    const clap_output_events_t out_events{
        nullptr, [](const clap_output_events_t*, const clap_event_header_t*) { return true; }};
    clap_process_t block{};
    block.steady_time = steady_frames_;
    block.frames_count = frames;
    block.transport = &transport;
    block.audio_inputs = &in;
    block.audio_outputs = &out;
    block.audio_inputs_count = block.audio_outputs_count = 1;
    block.in_events = &in_events;
    block.out_events = &out_events;
    clap_process_status result = CLAP_PROCESS_ERROR;
    thread_.run([this, &block, &result] {
      if (is_guarded_) guard::enter();
      result = plugin_->process(plugin_, &block);
      guard::leave();
    });
    if (result == CLAP_PROCESS_ERROR) fail("process() failed");
    steady_frames_ += frames;
    events_.values.clear();
    for (unsigned channel = 0; channel < channels_; ++channel)
      for (uint32_t at = 0; at < frames; ++at)
        interleaved[std::size_t{at} * channels_ + channel] = planes[channel][at];
  }

  void save(const std::string& path) {
    std::ofstream file(path, std::ios::binary);
    const clap_ostream_t stream{&file, [](const clap_ostream_t* to, const void* data, uint64_t) {
                                  static_cast<std::ofstream*>(to->ctx)->write(
                                      static_cast<const char*>(data), 1);
                                  return int64_t{1};
                                }};
    if (!state_->save(plugin_, &stream)) fail("state not saved");
  }
  void load(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    const clap_istream_t stream{&file, [](const clap_istream_t* from, void* data, uint64_t) {
                                  auto* const stream = static_cast<std::ifstream*>(from->ctx);
                                  stream->read(static_cast<char*>(data), 1);
                                  return static_cast<int64_t>(stream->gcount());
                                }};
    if (!state_->load(plugin_, &stream)) fail("state not loaded");
  }

  void tell() {
    std::printf("status %g\nrescans %d\n", status(), rescans.load());
    for (clap_id id = 0; id < params_->count(plugin_); ++id) {
      double value = 0.0;
      char text[256] = "";
      params_->get_value(plugin_, id, &value);
      params_->value_to_text(plugin_, id, value, text, sizeof text);
      std::printf("parameter %u %g %s = %s\n", id, value, name_of(id).c_str(), text);
    }
  }

 private:
  template <typename Extension>
  const Extension* extension(const char* id) {
    const void* const found = plugin_->get_extension(plugin_, id);
    if (found == nullptr) fail(std::string("no extension ") + id);
    return static_cast<const Extension*>(found);
  }
  std::string name_of(clap_id id) {
    clap_param_info_t info{};
    if (!params_->get_info(plugin_, id, &info)) fail("no such parameter");
    return info.name;
  }
  void call_back() {
    if (wants_callback.exchange(false)) plugin_->on_main_thread(plugin_);
  }

  const unsigned channels_;
  double rate_hz_;
  const bool is_guarded_;
  AudioThread thread_;
  const clap_plugin_entry_t* entry_ = nullptr;
  const clap_plugin_t* plugin_ = nullptr;
  const clap_plugin_params_t* params_ = nullptr;
  const clap_plugin_state_t* state_ = nullptr;
  clap_id status_id_ = 0;
  Events events_;
  int64_t steady_frames_ = 12345;  // not the timeline's
};

std::vector<float> read_floats(const char* path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  std::vector<float> samples(bytes.size() / sizeof(float));
  std::memcpy(samples.data(), bytes.data(), samples.size() * sizeof(float));
  return samples;
}

struct Glide {
  clap_id id = 0;
  double from = 0.0;
  double to = 0.0;
  bool is_wanted = false;
};

}  // namespace

int main(int, char** arguments) {
  const auto channels = static_cast<unsigned>(std::atoi(arguments[5]));
  Host plugin(arguments[1], channels, std::atof(arguments[6]));
  const std::vector<float> song = read_floats(arguments[3]);
  std::ofstream out(arguments[4], std::ios::binary);
  std::ifstream script(arguments[2]);
  Glide glide;
  std::string line;
  while (std::getline(script, line)) {
    std::istringstream words(line);
    std::string command;
    words >> command;
    if (command == "set") {
      clap_id id;
      double value;
      words >> id >> value;
      plugin.set(id, value);
    } else if (command == "glide") {
      words >> glide.id >> glide.from >> glide.to;
      glide.is_wanted = true;
    } else if (command == "play" || command == "live") {
      int64_t frame, frames, block;
      words >> frame >> frames >> block;
      for (int64_t done = 0; done < frames;) {
        const int64_t size = std::min(block, frames - done);
        if (glide.is_wanted)
          plugin.set(glide.id, glide.from + (glide.to - glide.from) * static_cast<double>(done) /
                                                static_cast<double>(frames));
        std::vector<float> samples(static_cast<std::size_t>(size) * channels, 0.0F);
        for (int64_t at = 0; at < static_cast<int64_t>(samples.size()); ++at) {
          const int64_t place = (frame + done) * channels + at;
          if (place >= 0 && place < static_cast<int64_t>(song.size()))
            samples[static_cast<std::size_t>(at)] = song[static_cast<std::size_t>(place)];
        }
        plugin.process(samples, frame + done, static_cast<uint32_t>(size), command == "play");
        out.write(reinterpret_cast<const char*>(samples.data()),
                  static_cast<std::streamsize>(samples.size() * sizeof(float)));
        done += size;
      }
      glide.is_wanted = false;
    } else if (command == "sleep") {
      int ms;
      words >> ms;
      std::this_thread::sleep_for(std::chrono::milliseconds(ms));
    } else if (command == "wait") {
      double status;
      int ms;
      words >> status >> ms;
      for (; plugin.status() != status; --ms) {
        if (ms <= 0) fail("waited in vain; status " + std::to_string(plugin.status()) + ": " + line);
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      }
    } else if (command == "names") {
      int count, ms;
      words >> count >> ms;
      for (; static_cast<void>(plugin.status()), rescans < count; --ms) {
        if (ms <= 0) fail("waited in vain: " + line);
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      }
    } else if (command == "save" || command == "load") {
      std::string path;
      words >> path;
      command == "save" ? plugin.save(path) : plugin.load(path);
    } else if (command == "rate") {
      double rate_hz;
      words >> rate_hz;
      plugin.set_rate(rate_hz);
    } else if (command == "move") {
      std::string from, to;
      words >> from >> to;
      std::filesystem::rename(from, to);
    } else if (command == "cut") {
      std::string path;
      long bytes;
      words >> path >> bytes;
      if (truncate(path.c_str(), bytes) != 0) fail("not cut");
    } else if (command == "tell") {
      plugin.tell();
    } else if (!command.empty()) {
      fail("unknown command: " + line);
    }
  }
  out.close();
  plugin.end();
  std::fflush(nullptr);
  _exit(0);
}

// A gain and a delay that can do all that a plug-in must not do.
//
// What it does from the start is read from the name of its bundle, so that one build serves for
// all; what it does while it plays is set by its parameter "Trouble".
#include "DistrhoPlugin.hpp"

#include <dlfcn.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

START_NAMESPACE_DISTRHO

static bool isNamed(const char* behaviour)
{
    Dl_info info;
    dladdr(reinterpret_cast<void*>(&isNamed), &info);
    return std::string(info.dli_fname).find(behaviour) != std::string::npos;
}

static void crash() { *reinterpret_cast<volatile int*>(8) = 1; }
static void hang() { for (;;) sleep(1); }

class Troublemaker : public Plugin
{
    enum Index { kGain, kDelay, kReport, kTrouble, kCount };
    enum Trouble { kNone, kCrash, kHang, kNan, kInfinite, kThrow, kChatter, kHangWhenSaved };
    static const size_t kMostFrames = 65536;

    float fGain = 1.0f;
    size_t fDelay = 0, fReport = 0, fAt = 0;
    int fTrouble = kNone;
    const bool fSticky = isNamed("sticky");
    std::vector<float> fPast[CHANNELS];

public:
    Troublemaker() : Plugin(kCount, 0, 0)
    {
        if (isNamed("crash-on-load")) crash();
        if (isNamed("hang-on-load")) hang();
        if (isNamed("slow-on-load")) sleep(2);
        if (isNamed("throw-on-load")) throw std::runtime_error("no licence\nwas found");
        if (isNamed("honest")) fDelay = fReport = 1000;
        if (isNamed("unreported") || isNamed("sticky")) fDelay = 1000;
        if (isNamed("overreported")) fReport = 1000;
        for (auto& past : fPast) past.assign(kMostFrames, 0.0f);
        setLatency(fReport);
    }

protected:
    const char* getLabel() const override { return "troublemaker"; }
    const char* getMaker() const override { return "StemDesk"; }
    const char* getLicense() const override { return "ISC"; }
    uint32_t getVersion() const override { return d_version(1, 2, 3); }
    int64_t getUniqueId() const override { return d_cconst('S', 'd', 'T', 'r'); }

    void initParameter(uint32_t index, Parameter& parameter) override
    {
        parameter.hints = kParameterIsAutomatable;
        if (index == kGain) {
            parameter.name = "Gain";
            parameter.symbol = "gain";
            parameter.unit = "dB";
            parameter.ranges = ParameterRanges(0.0f, -60.0f, 12.0f);
            return;
        }
        parameter.hints |= kParameterIsInteger;
        if (index == kTrouble) {
            parameter.name = parameter.symbol = "trouble";
            parameter.ranges = ParameterRanges(kNone, 0.0f, 10.0f);
        } else {
            parameter.name = parameter.symbol = index == kDelay ? "delay" : "report";
            parameter.ranges = ParameterRanges(getParameterValue(index), 0.0f, 20000.0f);
        }
    }

    float getParameterValue(uint32_t index) const override
    {
        switch (index) {
        case kGain: return 20.0f * std::log10(fGain);
        case kDelay: return fDelay;
        case kReport: return fReport;
        default: break;
        }
        // The framework asks for values only in order to save them.
        if (fTrouble == kHangWhenSaved) hang();
        return fTrouble;
    }

    void setParameterValue(uint32_t index, float value) override
    {
        switch (index) {
        case kGain: fGain = std::pow(10.0f, value / 20.0f); break;
        case kDelay: fDelay = value; break;
        case kReport: setLatency(fReport = value); break;
        default: fTrouble = value;
        }
    }

    void activate() override
    {
        if (!fSticky)
            for (auto& past : fPast) std::fill(past.begin(), past.end(), 0.0f);
    }

    void run(const float** inputs, float** outputs, uint32_t frames) override
    {
        switch (fTrouble) {
        case kCrash: crash(); break;
        case kHang: hang(); break;
        case kThrow: throw std::runtime_error("out of luck");
        case kChatter:
            for (int line = 0; line < 100; ++line) std::puts("chatter chatter chatter");
            std::fflush(stdout);
        }
        for (uint32_t frame = 0; frame < frames; ++frame) {
            for (int channel = 0; channel < CHANNELS; ++channel) {
                auto& past = fPast[channel];
                past[fAt] = inputs[channel][frame];
                outputs[channel][frame] = fGain * past[(fAt + kMostFrames - fDelay) % kMostFrames];
            }
            fAt = (fAt + 1) % kMostFrames;
        }
        if (fTrouble == kNan) outputs[0][7] = std::numeric_limits<float>::quiet_NaN();
        if (fTrouble == kInfinite) outputs[0][7] = std::numeric_limits<float>::infinity();
    }
};

Plugin* createPlugin() { return new Troublemaker(); }

bool isShell() { return isNamed("shell"); }

END_NAMESPACE_DISTRHO

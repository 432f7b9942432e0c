// The factory in front of the framework's own: in a bundle whose name says "shell" it offers the
// plug-in a second time under another name. The build renames the framework's factory.
#include "travesty/factory.h"

#include <cstring>

#undef GetPluginFactory

extern "C" const void* dpfPluginFactory();

namespace DISTRHO { bool isShell(); }

namespace {

using Result = v3_result;

void** inner()
{
    static void** const factory = static_cast<void**>(const_cast<void*>(dpfPluginFactory()));
    return factory;
}

template <typename Function, int place> Function method()
{
    return reinterpret_cast<Function>(static_cast<void**>(*inner())[place]);
}

int32_t V3_API innerClasses()
{
    return method<int32_t (V3_API*)(void*), 4>()(inner());
}

Result V3_API query(void* self, const v3_tuid iid, void** object)
{
    void* ignored = nullptr;
    const Result result =
        method<Result (V3_API*)(void*, const v3_tuid, void**), 0>()(inner(), iid, &ignored);
    *object = result == V3_OK ? self : nullptr;
    return result;
}

uint32_t V3_API keep(void*) { return 1; }

Result V3_API factoryInfo(void*, v3_factory_info* info)
{
    return method<Result (V3_API*)(void*, v3_factory_info*), 3>()(inner(), info);
}

int32_t V3_API classes(void*) { return innerClasses() + (DISTRHO::isShell() ? 1 : 0); }

template <typename Info, int place> Result V3_API classInfo(void*, int32_t index, Info* info)
{
    const bool second = index == innerClasses();
    const Result result = method<Result (V3_API*)(void*, int32_t, Info*), place>()(
        inner(), second ? 0 : index, info);
    if (second && result == V3_OK) {
        info->class_id[15] ^= 0x55;
        info->name[12] = '2';  // after "Troublemaker"
        info->name[13] = 0;
    }
    return result;
}

Result V3_API create(void*, const v3_tuid classId, const v3_tuid iid, void** instance)
{
    using Create = Result (V3_API*)(void*, const v3_tuid, const v3_tuid, void**);
    const Result result = method<Create, 6>()(inner(), classId, iid, instance);
    if (result == V3_OK) return result;
    v3_tuid original;
    std::memcpy(original, classId, sizeof(v3_tuid));
    original[15] ^= 0x55;
    return method<Create, 6>()(inner(), original, iid, instance);
}

Result V3_API hostContext(void*, v3_funknown** host)
{
    return method<Result (V3_API*)(void*, v3_funknown**), 9>()(inner(), host);
}

void* const kMethods[] = {
    reinterpret_cast<void*>(query),
    reinterpret_cast<void*>(keep),
    reinterpret_cast<void*>(keep),
    reinterpret_cast<void*>(factoryInfo),
    reinterpret_cast<void*>(classes),
    reinterpret_cast<void*>(classInfo<v3_class_info, 5>),
    reinterpret_cast<void*>(create),
    reinterpret_cast<void*>(classInfo<v3_class_info_2, 7>),
    reinterpret_cast<void*>(classInfo<v3_class_info_3, 8>),
    reinterpret_cast<void*>(hostContext),
};
void* const kFactory = const_cast<void**>(kMethods);

}  // namespace

extern "C" __attribute__((visibility("default"))) const void* GetPluginFactory()
{
    return &kFactory;
}

#include "arguments.hpp"
#include "fence.hpp"
#include "objects.hpp"

using namespace fluentsync;
using namespace fluentsync::capi;

int fluentsync_loop_open(fluentsync_loop** loop, fluentsync_error** error) {
    return fence(error, [&] {
        auto& opened = required(loop, "loop");
        opened = hand_out<fluentsync_loop>(std::make_shared<LoopObject>(), Ownership::callers);
    });
}

int fluentsync_loop_lend(struct uv_loop_s* lent, fluentsync_loop** loop, fluentsync_error** error) {
    return fence(error, [&] {
        auto& opened = required(loop, "loop");
        opened = hand_out<fluentsync_loop>(std::make_shared<LoopObject>(lent), Ownership::callers);
    });
}

int fluentsync_loop_post(fluentsync_loop* loop, fluentsync_task task, void* userdata,
                         fluentsync_free_function free_userdata, fluentsync_error** error) {
    return fence(error, [&] {
        auto kept = keep(userdata, free_userdata);
        if (task == nullptr) refuse_null("task");
        use(loop)->loop().post([task, kept = std::move(kept)] { task(kept.get()); });
    });
}

int fluentsync_loop_on_thread(fluentsync_loop* loop, int* on_thread, fluentsync_error** error) {
    return fence(error, [&] {
        auto& result = required(on_thread, "on_thread");
        result = use(loop)->loop().on_loop_thread() ? 1 : 0;
    });
}

int fluentsync_loop_close(fluentsync_loop* loop, fluentsync_error** error) {
    return fence(error, [&] { close_handle(loop); });
}

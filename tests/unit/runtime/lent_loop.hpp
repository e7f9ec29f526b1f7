/// A loop of the host's, as a test has it.
#pragma once

#include <uv.h>

#include <catch2/catch.hpp>

struct LentLoop {
    LentLoop() {
        uv_loop_init(&loop);
        // Something of the host's own: without it uv_run() has nothing to wait for and does not turn at all.
        uv_timer_init(&loop, &host);
        uv_timer_start(
            &host, [](uv_timer_t*) {}, 3'600'000, 0);
    }
    LentLoop(const LentLoop&) = delete;
    LentLoop& operator=(const LentLoop&) = delete;
    /// Fails the test when a handle of ours was not closed.
    ~LentLoop() {
        uv_close(handle(), nullptr);
        turn();
        CHECK(uv_loop_close(&loop) == 0);
    }
    void turn() { uv_run(&loop, UV_RUN_NOWAIT); }
    bool alive_without_host() {
        uv_unref(handle());
        const bool alive = uv_loop_alive(&loop) != 0;
        uv_ref(handle());
        return alive;
    }
    uv_handle_t* handle() { return reinterpret_cast<uv_handle_t*>(&host); }

    uv_loop_t loop;
    uv_timer_t host;
};

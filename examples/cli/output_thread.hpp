/// Lines that a thread of its own writes: whoever hands them over never waits for a reader.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace cli {

/// A terminal that is stopped (Ctrl-S) or a pipe that nobody reads takes no more bytes. Up to some thousand
/// lines wait for that to end; what comes then is dropped and counted. Thread-safe.
class OutputThread {
  public:
    /// `dropped` makes the line that says how many were dropped. `failed` is called once, on the thread, when
    /// standard output takes nothing any more: nobody is there to read.
    OutputThread(std::function<std::string(std::int64_t)> dropped, std::function<void()> failed);
    OutputThread(const OutputThread&) = delete;
    OutputThread& operator=(const OutputThread&) = delete;
    /// Writes what can be written without waiting, and ends.
    ~OutputThread();

    void print(std::string line);
    /// To standard error, as it is. Left out where lines are waiting: it is of the moment.
    void show(std::string text);
    /// Writes what can be written without waiting, and ends. Throws Error(io) when standard output failed.
    void close();

  private:
    struct Piece {
        int descriptor;
        std::string text;
    };
    void end();
    void run();
    bool take(Piece& piece);
    bool write(const Piece& piece);
    bool wait_until_writable(int descriptor);

    const std::function<std::string(std::int64_t)> dropped_line_;
    const std::function<void()> failed_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Piece> waiting_;
    std::int64_t dropped_ = 0;
    bool closing_ = false;
    int failure_ = 0;  ///< errno of standard output.
    int wake_ = -1;    ///< An eventfd that ends a wait for the reader.
    std::thread thread_;
};

}  // namespace cli

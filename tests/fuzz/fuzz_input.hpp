/// What every fuzz target shares: the entry point's name, a check that stops the fuzzer, and bytes read as
/// choices.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

/// Called by libFuzzer, or by replay.cpp for files. It must not remember anything from one call to the next.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace fluentsync::fuzz {

/// Stops the process, which is how a fuzzer hears of a finding.
inline void require(bool holds, std::string_view what, std::string_view detail = {}) {
    if (holds) return;
    std::fprintf(stderr, "broken promise: %.*s\n%.*s\n", static_cast<int>(what.size()), what.data(),
                 static_cast<int>(detail.size()), detail.data());
    std::abort();
}

/// Takes choices from the front of the input; zeros and empty texts once it is used up.
class Input {
  public:
    Input(const std::uint8_t* data, std::size_t size) : rest_(reinterpret_cast<const char*>(data), size) {}

    bool empty() const { return rest_.empty(); }
    std::uint8_t byte() { return static_cast<std::uint8_t>(take(1).empty() ? 0 : last_.front()); }
    /// 0 to `bound` - 1.
    std::size_t below(std::size_t bound) { return byte() % bound; }
    bool flag() { return (byte() & 1) != 0; }
    /// A length byte, and that many bytes.
    std::string text() { return std::string(take(byte())); }
    std::string rest() { return std::string(take(rest_.size())); }

    template <class List>
    const auto& one_of(const List& list) {
        return list[below(std::size(list))];
    }

  private:
    std::string_view take(std::size_t count) {
        last_ = rest_.substr(0, count);
        rest_.remove_prefix(last_.size());
        return last_;
    }

    std::string_view rest_;
    std::string_view last_;
};

}  // namespace fluentsync::fuzz

#include "git/index_bitmap.hpp"

#include "git/index_form.hpp"

namespace fluentsync::git {

namespace {

constexpr std::size_t kWordBits = 64;

void append_bits(std::uint64_t word, std::size_t first, std::size_t end, std::vector<std::size_t>& set) {
    for (std::size_t bit = 0; bit < kWordBits && first + bit < end; ++bit) {
        if ((word >> bit & 1) != 0) set.push_back(first + bit);
    }
}

}  // namespace

// A marker word tells of a run of equal words (one bit, then how many in 32 bits), and how many literal words
// follow it (31 bits).
bool read_bitmap(std::string_view& bytes, std::vector<std::size_t>& set) {
    if (bytes.size() < 8) return false;
    const std::size_t bits = number_at(bytes, 0, 4);
    const std::size_t words = number_at(bytes, 4, 4);
    const std::size_t size = 8 + words * 8 + 4;  // The last number is for whoever appends.
    if (bytes.size() < size) return false;
    std::size_t bit = 0;
    for (std::size_t word = 0; word < words;) {
        const std::uint64_t marker = number_at(bytes, 8 + 8 * word++, 8);
        const std::uint64_t run = (marker >> 1 & 0xffffffff) * kWordBits;
        for (std::uint64_t i = 0; (marker & 1) != 0 && i < run && bit + i < bits; ++i)
            set.push_back(bit + i);
        bit += run;
        for (std::uint64_t literals = marker >> 33; literals > 0; --literals, bit += kWordBits) {
            if (word >= words) return false;
            append_bits(number_at(bytes, 8 + 8 * word++, 8), bit, bits, set);
        }
    }
    bytes.remove_prefix(size);
    return true;
}

}  // namespace fluentsync::git

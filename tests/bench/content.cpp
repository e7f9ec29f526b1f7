#include "content.hpp"

#include <fmt/format.h>

#include <array>

namespace fluentsync::bench {

namespace {

constexpr std::size_t kBytes = 2000;

constexpr std::array<const char*, 10> kTypes = {"note",    "task",   "person", "project", "meeting",
                                                "journal", "recipe", "book",   "idea",    "reference"};
constexpr std::array<const char*, 48> kWords = {
    "harbour", "quiet",  "ledger",  "the",   "a",     "winter", "because", "remote", "of",      "and",
    "morning", "letter", "between", "to",    "which", "paper",  "slowly",  "garden", "is",      "was",
    "with",    "lamp",   "river",   "in",    "on",    "notes",  "keep",    "change", "without", "every",
    "small",   "decide", "window",  "they",  "it",    "work",   "branch",  "copper", "measure", "for",
    "café",    "straße", "at",      "month", "shelf", "again",  "write",   "plan"};
constexpr std::array<const char*, 4> kStates = {"draft", "open", "done", "archived"};

/// splitmix64: small, and the same everywhere.
class Dice {
  public:
    explicit Dice(std::uint64_t seed) : state_(seed) {}
    std::size_t below(std::size_t end) {
        state_ += 0x9e3779b97f4a7c15u;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        return static_cast<std::size_t>((z ^ (z >> 31)) % end);
    }
    const char* word() { return kWords[below(kWords.size())]; }

  private:
    std::uint64_t state_;
};

std::string sentence(Dice& dice) {
    std::string text = "The";
    for (std::size_t count = 6 + dice.below(12); count > 0; --count) {
        text += fmt::format(" {}", dice.word());
    }
    return text + ".";
}

std::string front_matter(Dice& dice, std::size_t index, std::uint64_t revision) {
    return fmt::format(
        "---\n"
        "title: \"{} {} {}\"\n"
        "created: 20{:02}-{:02}-{:02}\n"
        "status: {}  # by hand\n"
        "revision: {}\n"
        "tags: [{}, {}]\n"
        "author:\n  name: Person {}\n  team: {}\n"
        "---\n\n",
        dice.word(), dice.word(), index, 10 + dice.below(15), 1 + dice.below(12), 1 + dice.below(28),
        kStates[dice.below(kStates.size())], revision, dice.word(), dice.word(), dice.below(40), dice.word());
}

}  // namespace

EntityDraft make_entity(std::size_t index, std::uint64_t revision) {
    Dice dice(index * 1'000'003 + revision);
    EntityDraft draft;
    draft.type = kTypes[index % kTypes.size()];
    draft.id = fmt::format("{:06}-{}-{}", index, kWords[index % 3], kWords[5 + index % 2]);
    draft.content = front_matter(dice, index, revision) + fmt::format("# {} {}\n", dice.word(), dice.word());
    while (draft.content.size() < kBytes) {
        draft.content += "\n";
        if (dice.below(5) == 0) {
            draft.content += fmt::format("## {}\n\n- [{}](../note/{:06}.md)\n- {}\n", dice.word(),
                                         dice.word(), dice.below(1000), sentence(dice));
            continue;
        }
        for (std::size_t count = 2 + dice.below(3); count > 0; --count) {
            draft.content += sentence(dice) + "\n";
        }
    }
    return draft;
}

std::vector<EntityDraft> make_entities(std::size_t first, std::size_t count, std::uint64_t revision) {
    std::vector<EntityDraft> drafts;
    drafts.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        drafts.push_back(make_entity(first + i, revision));
    }
    return drafts;
}

}  // namespace fluentsync::bench

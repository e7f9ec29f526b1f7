// A million random trees through the planner: they converge, lose nothing, and replicas agree. A case is one
// tree of up to four paths with its history of edits; RapidCheck draws the seed of each batch of cases.
#include <rapidcheck.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <optional>
#include <string>

#include "plan/deletion_guard.hpp"
#include "plan/missing_files.hpp"
#include "plan/reconcile.hpp"

namespace {

using namespace fluentsync;
using plan::Verdict;

constexpr int kPaths = 4;
constexpr int kBatches = 100;  // RapidCheck's default number of runs of a property
constexpr int kPairCases = 5000;
constexpr int kReplicaCases = 5000;
constexpr std::int64_t kRecheckMs = 150;
constexpr std::int64_t kRoundMs = 200;

/// Zero: nothing there. Every edit makes a content of its own, so that a loss shows.
using Content = std::uint8_t;
constexpr int kContents = 64;

std::optional<base::ObjectId> id_of(Content content) {
    if (content == 0) return std::nullopt;
    base::ObjectId id;
    id.bytes.fill(0);
    id.bytes[0] = static_cast<std::uint8_t>(content * 37);  // Order by hash is not order by age.
    id.bytes[1] = content;
    return id;
}

/// xorshift64*: a case costs a few microseconds, so must its numbers.
class Random {
  public:
    explicit Random(std::uint64_t seed) : state_(seed * 2 + 1) {}
    int below(int limit) {
        state_ ^= state_ >> 12;
        state_ ^= state_ << 25;
        state_ ^= state_ >> 27;
        return static_cast<int>(((state_ * 0x2545F4914F6CDD1DULL) >> 33) % static_cast<std::uint64_t>(limit));
    }
    bool one_in(int n) { return below(n) == 0; }

  private:
    std::uint64_t state_;
};

using Order = std::array<int, kPaths>;

void shuffle(Order& order, Random& random) {
    for (int i = kPaths - 1; i > 0; --i) {
        std::swap(order[static_cast<std::size_t>(i)], order[static_cast<std::size_t>(random.below(i + 1))]);
    }
}

plan::Contender contender(Content content) {
    return {*id_of(content), content % 5};
}

Content winner_of(plan::Preference preference, Content ours, Content theirs) {
    const auto side = plan::pick_winner(preference, contender(ours), contender(theirs));
    return side == plan::Side::ours ? ours : theirs;
}

/// Which contents must still be found somewhere: all that nobody replaced who had seen them.
struct Owed {
    std::array<bool, kContents> live{};
    void wrote(Content before, Content after) {
        live[before] = false;
        live[after] = true;
        live[0] = false;
    }
};

/// One path of two joined sides.
struct Joint {
    Content base = 0;
    Content ours = 0;
    Content theirs = 0;
    bool invalid = false;
    bool operator==(const Joint&) const = default;

    plan::View view() const {
        return {id_of(base), id_of(ours), invalid ? std::nullopt : id_of(theirs), invalid};
    }
    void agree(Content content) { base = ours = theirs = content; }
};

struct Records {
    std::array<bool, kContents> kept{};
};

void carry_out(Verdict verdict, Joint& joint, plan::Preference preference, Records& records) {
    switch (verdict) {
        case Verdict::take_ours:
            return joint.agree(joint.ours);
        case Verdict::take_theirs:
            return joint.agree(joint.theirs);
        case Verdict::drop_ours:
        case Verdict::drop_theirs:
        case Verdict::forget:
            return joint.agree(0);
        case Verdict::adopt:
            joint.base = joint.ours;
            return;
        case Verdict::contend: {
            const Content winner = winner_of(preference, joint.ours, joint.theirs);
            records.kept[winner == joint.ours ? joint.theirs : joint.ours] = true;
            return joint.agree(winner);
        }
        case Verdict::in_step:
        case Verdict::hold:
            return;
    }
}

/// Store and folder, as a directory hop joins them: looks first, acts later and in any order, and acts only
/// on what is still as it was looked at; a missing file is believed at the second look and within the guard.
class Pair {
  public:
    Pair(Random& random, plan::Preference preference) : random_(random), preference_(preference) {
        for (Joint& joint : paths_) {
            const Content old = random.one_in(3) ? 0 : fresh();
            joint = {old, old, old, false};
            owed_.live[old] = old != 0;
            edit_ours(joint);
            edit_theirs(joint);
        }
    }

    /// One round; `edits` are made by people between its actions.
    void round(bool edits) {
        now_ += kRoundMs;
        Order order{0, 1, 2, 3};
        shuffle(order, random_);
        const auto seen = paths_;
        std::array<Verdict, kPaths> verdicts{};
        int vanished = 0;
        for (std::size_t i = 0; i < kPaths; ++i) {
            verdicts[i] = plan::reconcile(seen[i].view());
            const std::string name(1, static_cast<char>('a' + i));
            if (verdicts[i] != Verdict::drop_ours) {
                missing_.clear(name);
            } else if (missing_.seen_missing(name, now_)) {
                ++vanished;
            } else {
                verdicts[i] = Verdict::hold;
            }
        }
        const bool held = plan::must_hold({2, 0.6, 100}, vanished, kPaths) && !confirmed_;
        for (const int at : order) {
            const auto i = static_cast<std::size_t>(at);
            if (edits && random_.one_in(4)) edit(paths_[static_cast<std::size_t>(random_.below(kPaths))]);
            if (edits && random_.one_in(5)) continue;  // A crash, or no space: it comes again.
            if (!(paths_[i] == seen[i]) || (held && verdicts[i] == Verdict::drop_ours)) continue;
            carry_out(verdicts[i], paths_[i], preference_, records_);
        }
    }

    /// People go home: invalid files are mended, held deletions confirmed.
    void calm_down() {
        for (Joint& joint : paths_) {
            if (joint.invalid) {
                joint.invalid = false;
                write(joint.theirs);
            }
        }
        confirmed_ = true;
    }

    bool converged() const {
        return std::all_of(paths_.begin(), paths_.end(), [](const Joint& joint) {
            return joint.base == joint.ours && joint.base == joint.theirs && !joint.invalid;
        });
    }

    bool lost_nothing() const {
        for (Content content = 1; content < next_; ++content) {
            if (!owed_.live[content] || records_.kept[content]) continue;
            if (std::none_of(paths_.begin(), paths_.end(), [&](const Joint& joint) {
                    return joint.ours == content || joint.theirs == content;
                })) {
                return false;
            }
        }
        return true;
    }

  private:
    Content fresh() { return next_ + 1 < kContents ? next_++ : next_; }

    void write(Content& side) {
        if (next_ + 1 == kContents) return;
        const Content content = fresh();
        owed_.wrote(side, content);
        side = content;
    }
    void erase(Content& side) {
        owed_.live[side] = false;
        side = 0;
    }
    void edit_ours(Joint& joint) {
        const int what = random_.below(4);
        if (what == 0) erase(joint.ours);
        if (what == 1) write(joint.ours);
    }
    void edit_theirs(Joint& joint) {
        const int what = random_.below(6);
        if (what == 0) erase(joint.theirs);
        if (what == 1 || what == 2) write(joint.theirs);
        if (what == 3 && random_.one_in(2)) {  // The same words on both sides.
            owed_.wrote(joint.theirs, joint.ours);
            joint.theirs = joint.ours;
        }
        joint.invalid = joint.theirs != 0 && what == 2;
    }
    void edit(Joint& joint) { random_.one_in(2) ? edit_ours(joint) : edit_theirs(joint); }

    Random& random_;
    const plan::Preference preference_;
    std::array<Joint, kPaths> paths_;
    plan::MissingFiles missing_{kRecheckMs};
    bool confirmed_ = false;
    std::int64_t now_ = 0;
    Content next_ = 1;
    Owed owed_;
    Records records_;
};

/// Trees of two or three replicas and their remote; a sync merges as a pull and pushes the result.
using Tree = std::array<Content, kPaths>;

Tree merge(const Tree& base, const Tree& ours, const Tree& theirs, plan::Preference preference,
           const Order& order, Records& records) {
    Tree result{};
    for (const int at : order) {
        const auto i = static_cast<std::size_t>(at);
        Joint joint{base[i], ours[i], theirs[i], false};
        carry_out(plan::reconcile(joint.view()), joint, preference, records);
        result[i] = joint.ours;
    }
    return result;
}

struct Replica {
    Tree base{};
    Tree local{};
};

/// Whether all replicas agree after as many turns as there are replicas, twice; in any order of turns.
bool replicas_agree(Random& random, plan::Preference preference, bool& lost) {
    Content next = 1;
    Tree remote{};
    for (Content& content : remote) {
        if (!random.one_in(3)) content = next++;
    }
    const int count = 2 + random.below(2);
    std::array<Replica, 3> replicas;
    replicas.fill({remote, remote});
    Owed owed;
    Records records;
    const auto turn = [&](Replica& replica) {
        Order order{0, 1, 2, 3};
        shuffle(order, random);
        remote = merge(replica.base, replica.local, remote, preference, order, records);
        replica.base = replica.local = remote;
    };
    const int edits = random.below(8);
    for (int i = 0; i < edits; ++i) {
        Replica& replica = replicas[static_cast<std::size_t>(random.below(count))];
        Content& content = replica.local[static_cast<std::size_t>(random.below(kPaths))];
        const Content after = random.one_in(3) ? Content{0} : next++;
        owed.wrote(content, after);
        content = after;
        if (random.one_in(2)) turn(replica);
    }
    for (int round = 0; round < 2; ++round) {
        const int first = random.below(count);
        for (int i = 0; i < count; ++i) {
            turn(replicas[static_cast<std::size_t>((first + i) % count)]);
        }
    }
    for (Content content = 1; content < next; ++content) {
        const bool found =
            records.kept[content] || std::find(remote.begin(), remote.end(), content) != remote.end();
        lost = lost || (owed.live[content] && !found);
    }
    return std::all_of(replicas.begin(), replicas.begin() + count,
                       [&](const Replica& replica) { return replica.local == remote; });
}

/// The same contest settled by each side for itself, each calling the other one "theirs".
bool settles_alike(Random& random, plan::Preference preference) {
    Tree base{};
    Tree one{};
    Tree other{};
    for (std::size_t i = 0; i < kPaths; ++i) {
        base[i] = static_cast<Content>(random.below(4));
        one[i] = static_cast<Content>(random.below(6));
        other[i] = static_cast<Content>(random.below(6));
    }
    Order order{0, 1, 2, 3};
    Records here;
    Records there;
    const Tree left = merge(base, one, other, preference, order, here);
    shuffle(order, random);
    const Tree right = merge(base, other, one, preference, order, there);
    return left == right && here.kept == there.kept;
}

plan::Preference any_preference(Random& random) {
    constexpr std::array kAll{plan::Preference::by_content, plan::Preference::ours, plan::Preference::theirs,
                              plan::Preference::newest};
    return kAll[static_cast<std::size_t>(random.below(4))];
}

}  // namespace

TEST_CASE("any tree of store and folder converges and loses nothing, in any order: 500,000 cases") {
    static_assert(kBatches * kPairCases == 500'000);
    REQUIRE(rc::check("store and folder", [] {
        Random random(*rc::gen::arbitrary<std::uint64_t>());
        for (int i = 0; i < kPairCases; ++i) {
            Pair pair(random, any_preference(random));
            const int busy = random.below(4);
            for (int round = 0; round < busy; ++round) {
                pair.round(true);
            }
            pair.calm_down();
            // The second look at missing files, its deletion, and one round more.
            for (int round = 0; round < 3 && !pair.converged(); ++round) {
                pair.round(false);
            }
            if (!pair.converged()) RC_FAIL("case " + std::to_string(i) + " does not converge");
            if (!pair.lost_nothing()) RC_FAIL("case " + std::to_string(i) + " loses a content");
        }
    }));
}

TEST_CASE("replicas converge on one tree, and settle alike, whoever comes first: 500,000 cases") {
    static_assert(kBatches * kReplicaCases == 500'000);
    REQUIRE(rc::check("replicas", [] {
        Random random(*rc::gen::arbitrary<std::uint64_t>());
        for (int i = 0; i < kReplicaCases; ++i) {
            bool lost = false;
            const bool agree = replicas_agree(random, any_preference(random), lost);
            if (!agree) RC_FAIL("case " + std::to_string(i) + ": the replicas do not agree");
            if (lost) RC_FAIL("case " + std::to_string(i) + " loses a content");
            const auto by = random.one_in(2) ? plan::Preference::by_content : plan::Preference::newest;
            if (!settles_alike(random, by)) {
                RC_FAIL("case " + std::to_string(i) + " is settled differently by the two sides");
            }
        }
    }));
}

// Every cell of the matrix of DESIGN.md section 5, and what must hold over all of them.
#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "plan/reconcile.hpp"

namespace {

using namespace fluentsync;
using plan::Verdict;
using plan::View;

base::ObjectId id(std::uint8_t n) {
    base::ObjectId result;
    result.bytes.fill(n);
    return result;
}

const base::ObjectId kBase = id(1);
const base::ObjectId kOne = id(2);
const base::ObjectId kTwo = id(3);

struct Cell {
    const char* name;
    View view;
    Verdict verdict;
};

void check(const std::vector<Cell>& cells) {
    for (const auto& cell : cells) {
        DYNAMIC_SECTION(cell.name) {
            CHECK(plan::reconcile(cell.view) == cell.verdict);
        }
    }
}

rc::Gen<std::optional<base::ObjectId>> any_side() {
    return rc::gen::map(rc::gen::inRange(0, 4), [](int n) {
        return n == 0 ? std::optional<base::ObjectId>() : id(static_cast<std::uint8_t>(n));
    });
}

View swapped(const View& view) {
    return {view.base, view.theirs, view.ours, false};
}

Verdict mirrored(Verdict verdict) {
    switch (verdict) {
        case Verdict::take_ours:
            return Verdict::take_theirs;
        case Verdict::take_theirs:
            return Verdict::take_ours;
        case Verdict::drop_ours:
            return Verdict::drop_theirs;
        case Verdict::drop_theirs:
            return Verdict::drop_ours;
        default:
            return verdict;
    }
}

plan::Contender any_contender() {
    plan::Contender contender;
    contender.hash = id(*rc::gen::inRange<std::uint8_t>(0, 5));
    contender.hash.bytes[19] = *rc::gen::inRange<std::uint8_t>(0, 3);
    contender.time = *rc::gen::inRange<std::int64_t>(0, 3);
    return contender;
}

}  // namespace

TEST_CASE("reconcile: every cell with a base") {
    check({
        {"unchanged / unchanged: nothing", {kBase, kBase, kBase}, Verdict::in_step},
        {"unchanged / changed: import", {kBase, kBase, kOne}, Verdict::take_theirs},
        {"unchanged / deleted: delete the entity", {kBase, kBase, {}}, Verdict::drop_ours},
        {"unchanged / invalid: hold", {kBase, kBase, {}, true}, Verdict::hold},
        {"changed / unchanged: export", {kBase, kOne, kBase}, Verdict::take_ours},
        {"changed / changed alike: adopt", {kBase, kOne, kOne}, Verdict::adopt},
        {"changed / changed otherwise: contend", {kBase, kOne, kTwo}, Verdict::contend},
        {"changed / deleted: write the file again", {kBase, kOne, {}}, Verdict::take_ours},
        {"changed / invalid: hold", {kBase, kOne, {}, true}, Verdict::hold},
        {"deleted / unchanged: remove the file", {kBase, {}, kBase}, Verdict::drop_theirs},
        {"deleted / changed: bring the entity back", {kBase, {}, kOne}, Verdict::take_theirs},
        {"deleted / deleted: forget", {kBase, {}, {}}, Verdict::forget},
        {"deleted / invalid: hold", {kBase, {}, {}, true}, Verdict::hold},
    });
}

TEST_CASE("reconcile: every cell without a base") {
    check({
        {"absent / absent: nothing", {{}, {}, {}}, Verdict::in_step},
        {"absent / present: import", {{}, {}, kOne}, Verdict::take_theirs},
        {"absent / invalid: hold", {{}, {}, {}, true}, Verdict::hold},
        {"present / absent: export", {{}, kOne, {}}, Verdict::take_ours},
        {"present / present alike: adopt", {{}, kOne, kOne}, Verdict::adopt},
        {"present / present otherwise: contend", {{}, kOne, kTwo}, Verdict::contend},
        {"present / invalid: hold", {{}, kOne, {}, true}, Verdict::hold},
    });
}

TEST_CASE("reconcile: an invalid file holds even when its hash is known") {
    CHECK(plan::reconcile({kBase, kBase, kBase, true}) == Verdict::hold);
    CHECK(plan::reconcile({kBase, kOne, kTwo, true}) == Verdict::hold);
}

TEST_CASE("reconcile: an echo is no change [trap-04] [trap-05]") {
    // After an export or a pull all three are equal, so the event that follows finds nothing to do.
    CHECK(rc::check("an agreed content is in step", [] {
        const auto content = id(*rc::gen::arbitrary<std::uint8_t>());
        RC_ASSERT(plan::reconcile({content, content, content}) == Verdict::in_step);
    }));
}

TEST_CASE("reconcile is total, safe and blind to which side is called ours") {
    CHECK(rc::check("a verdict acts only on what is there, and never drops an edit", [] {
        const View view{*any_side(), *any_side(), *any_side(), *rc::gen::arbitrary<bool>()};
        switch (plan::reconcile(view)) {
            case Verdict::take_ours:
                RC_ASSERT(view.ours.has_value());
                RC_ASSERT(!view.theirs || view.theirs == view.base);
                break;
            case Verdict::take_theirs:
                RC_ASSERT(view.theirs.has_value());
                RC_ASSERT(!view.ours || view.ours == view.base);
                break;
            case Verdict::drop_ours:
                RC_ASSERT(view.ours.has_value() && view.ours == view.base && !view.theirs);
                break;
            case Verdict::drop_theirs:
                RC_ASSERT(view.theirs.has_value() && view.theirs == view.base && !view.ours);
                break;
            case Verdict::adopt:
                RC_ASSERT(view.ours.has_value() && view.ours == view.theirs && view.ours != view.base);
                break;
            case Verdict::forget:
                RC_ASSERT(view.base.has_value() && !view.ours && !view.theirs);
                break;
            case Verdict::contend:
                RC_ASSERT(view.ours.has_value() && view.theirs.has_value() && view.ours != view.theirs);
                RC_ASSERT(view.ours != view.base && view.theirs != view.base);
                break;
            case Verdict::hold:
                RC_ASSERT(view.theirs_invalid);
                break;
            case Verdict::in_step:
                RC_ASSERT(view.ours == view.theirs && view.ours == view.base);
                break;
        }
    }));
    CHECK(rc::check("swapping the sides mirrors the verdict", [] {
        const View view{*any_side(), *any_side(), *any_side(), false};
        RC_ASSERT(plan::reconcile(swapped(view)) == mirrored(plan::reconcile(view)));
    }));
}

TEST_CASE("pick_winner: each preference") {
    const plan::Contender low_new{kOne, 20};
    const plan::Contender high_old{kTwo, 10};
    using plan::pick_winner;
    using plan::Preference;
    using plan::Side;
    CHECK(pick_winner(Preference::by_content, low_new, high_old) == Side::theirs);
    CHECK(pick_winner(Preference::by_content, high_old, low_new) == Side::ours);
    CHECK(pick_winner(Preference::newest, low_new, high_old) == Side::ours);
    CHECK(pick_winner(Preference::newest, high_old, low_new) == Side::theirs);
    CHECK(pick_winner(Preference::newest, {kOne, 10}, high_old) == Side::theirs);
    CHECK(pick_winner(Preference::ours, low_new, high_old) == Side::ours);
    CHECK(pick_winner(Preference::theirs, low_new, high_old) == Side::theirs);
}

TEST_CASE("pick_winner: replicas settle the same contest alike [trap-06]") {
    CHECK(rc::check("by_content and newest pick the same contender from either side", [] {
        const auto a = any_contender();
        const auto b = any_contender();
        RC_PRE(a.hash != b.hash);
        for (const auto preference : {plan::Preference::by_content, plan::Preference::newest}) {
            const bool here = plan::pick_winner(preference, a, b) == plan::Side::ours;
            const bool there = plan::pick_winner(preference, b, a) == plan::Side::theirs;
            RC_ASSERT(here == there);
        }
    }));
}

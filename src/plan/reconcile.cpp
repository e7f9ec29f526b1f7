#include "plan/reconcile.hpp"

namespace fluentsync::plan {

namespace {

/// Nothing was ever agreed: one side present is copied, two sides must be equal.
Verdict without_base(const View& view) {
    if (!view.ours && !view.theirs) return Verdict::in_step;
    if (!view.theirs) return Verdict::take_ours;
    if (!view.ours) return Verdict::take_theirs;
    return *view.ours == *view.theirs ? Verdict::adopt : Verdict::contend;
}

/// One side is gone: an edit on the other side beats the deletion.
Verdict with_deletion(const View& view) {
    if (!view.ours && !view.theirs) return Verdict::forget;
    if (!view.ours) return *view.theirs == *view.base ? Verdict::drop_theirs : Verdict::take_theirs;
    return *view.ours == *view.base ? Verdict::drop_ours : Verdict::take_ours;
}

}  // namespace

Verdict reconcile(const View& view) {
    if (view.theirs_invalid) return Verdict::hold;
    if (!view.base) return without_base(view);
    if (!view.ours || !view.theirs) return with_deletion(view);
    const bool ours_moved = *view.ours != *view.base;
    const bool theirs_moved = *view.theirs != *view.base;
    if (!ours_moved) return theirs_moved ? Verdict::take_theirs : Verdict::in_step;
    if (!theirs_moved) return Verdict::take_ours;
    return *view.ours == *view.theirs ? Verdict::adopt : Verdict::contend;
}

Side pick_winner(Preference preference, const Contender& ours, const Contender& theirs) {
    if (preference == Preference::ours) return Side::ours;
    if (preference == Preference::theirs) return Side::theirs;
    if (preference == Preference::newest && ours.time != theirs.time) {
        return ours.time > theirs.time ? Side::ours : Side::theirs;
    }
    return ours.hash > theirs.hash ? Side::ours : Side::theirs;
}

}  // namespace fluentsync::plan

#include <fluentsync/workspace.hpp>

#include "commands.hpp"
#include "exit_code.hpp"
#include "output.hpp"
#include "reading.hpp"
#include "root.hpp"

namespace cli {
namespace {

using fluentsync::VerifyReport;

Json object(const VerifyReport& report) {
    auto drifts = Json::array();
    for (const auto& drift : report.drifts)
        drifts.push_back({{"path", drift.path}, {"what", drift.what}});
    return {{"clean", report.clean()},        {"entities", report.entities},
            {"files", report.files},          {"treeEntries", report.tree_entries},
            {"held", held_json(report.held)}, {"drifts", drifts}};
}

void print_text(const VerifyReport& report) {
    for (const auto& drift : report.drifts)
        print(shown(drift.path + ": " + drift.what));
    complain_held(report.held);
    if (!report.clean()) return;
    print("clean: " + counted(report.entities, "entity") + ", " + counted(report.files, "file") + ", " +
          std::to_string(report.tree_entries) + " in HEAD");
}

}  // namespace

int verify_command(const Arguments& words) {
    const auto workspace = workspace_to_read(Root(words));
    const auto report = workspace->verify();
    workspace->close();
    if (words.json) {
        print_json(object(report));
    } else {
        print_text(report);
    }
    return report.clean() ? kOk : kDrift;
}

}  // namespace cli

#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "../../support/bare_remote.hpp"
#include "../../support/http_git_server.hpp"
#include "../../support/loopback.hpp"
#include "../../support/other_home.hpp"
#include "fluentsync/error.hpp"
#include "git/remote.hpp"

using namespace fluentsync;
using namespace fluentsync::support;
using fluentsync::base::ObjectId;

namespace {

constexpr const char* kUser = "alice";
constexpr const char* kToken = "ghp_SeCrEt42";

git::FetchResult fetch(git::Repository& repository, const std::string& url, CredentialsCallback callback) {
    const git::Cancellation cancellation;
    return git::fetch(repository, {url, std::move(callback), std::chrono::seconds(20)}, "origin", "main",
                      cancellation, nullptr);
}

Error error_of(git::Repository& repository, const std::string& url, CredentialsCallback callback) {
    try {
        fetch(repository, url, std::move(callback));
    } catch (const Error& error) {
        return error;
    }
    return Error(ErrorCode::ok, "no error");
}

bool mentioned_below(const std::string& folder, const std::string& text) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file() && read_file(entry.path().string()).find(text) != std::string::npos)
            return true;
    }
    return false;
}

struct Fixture {
    BareRemote remote;
    TempFolder folder;
    git::Repository repository = git::Repository::init(folder / "local", "main");
    HttpGitServer server{remote.base(), kUser, kToken};
};

}  // namespace

TEST_CASE("user and password of the URL are used and stored nowhere [trap-31]") {
    Fixture f;
    f.remote.push_file("a.md", "one\n");
    const std::string url = f.server.url(f.remote.name(), std::string(kUser) + ":" + kToken + "@");

    CHECK(fetch(f.repository, url, nullptr).tip->hex() == f.remote.tip("main"));
    run_git(f.repository.folder(), {"reset", "-q", "--hard", "origin/main"});
    const std::string commit = commit_file(f.repository.folder(), "b.md", "two\n");
    const git::Cancellation cancellation;
    const auto reply = git::push(f.repository, {url, nullptr, std::chrono::seconds(20)}, "origin", "main",
                                 *ObjectId::from_hex(commit), cancellation, nullptr);
    CHECK(reply.outcome == git::PushReply::Outcome::accepted);
    CHECK(f.remote.tip("main") == commit);

    REQUIRE(std::filesystem::exists(f.repository.folder() + "/.git/logs/refs/remotes/origin/main"));
    CHECK_FALSE(std::filesystem::exists(f.repository.folder() + "/.git/FETCH_HEAD"));
    CHECK(read_file(f.repository.folder() + "/.git/config").find("remote") == std::string::npos);
    CHECK_FALSE(mentioned_below(f.repository.folder(), kToken));
}

TEST_CASE("credentials, a token as the user alone among them, follow no server to another port") {
    const TempFolder folder;
    auto repository = git::Repository::init(folder / "local", "main");
    SilentServer elsewhere;
    const SilentServer server("HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " +
                              elsewhere.url("http") + "/info/refs?service=git-upload-pack\r\n\r\n");
    const std::string url = server.url("http");
    const auto callback = [](const CredentialsRequest&) -> std::optional<Credentials> {
        return Credentials{kUser, kToken};
    };
    const Error by_callback = error_of(repository, url, callback);
    const Error by_token =
        error_of(repository, "http://" + std::string(kToken) + "@" + url.substr(7), nullptr);
    for (const Error& error : {by_callback, by_token}) {
        INFO(error.what());
        CHECK(error.code() == ErrorCode::remote_unreachable);
        CHECK(std::string(error.what()).find("sends on to 127.0.0.1") != std::string::npos);
        CHECK(std::string(error.what()).find(kToken) == std::string::npos);
    }
    CHECK(elsewhere.clients() == 0);
}

TEST_CASE("a rule of the repository's own configuration leads no credentials to another server") {
    Fixture f;
    f.remote.push_file("a.md", "one\n");
    run_git(f.repository.folder(),
            {"config", "url." + f.server.url(f.remote.name()) + ".insteadOf", "https://good.example/notes"});
    const auto callback = [](const CredentialsRequest&) -> std::optional<Credentials> {
        FAIL("was asked");
        return std::nullopt;
    };
    const std::string with_token = "https://" + std::string(kToken) + "@good.example/notes";
    const std::string with_both = "https://" + std::string(kUser) + ":" + kToken + "@good.example/notes";
    for (const std::string& url : {std::string("https://good.example/notes"), with_token, with_both}) {
        const Error error = error_of(f.repository, url, callback);
        INFO(error.what());
        CHECK(error.code() == ErrorCode::authentication);
        CHECK(std::string(error.what()).find("insteadOf") != std::string::npos);
        CHECK(std::string(error.what()).find(kToken) == std::string::npos);
    }
}

TEST_CASE("a rule of the person's own configuration holds: the callback is told where it leads") {
    const TempFolder home;
    const OtherHome configuration(home.path());
    Fixture f;
    f.remote.push_file("a.md", "one\n");
    const std::string real = f.server.url(f.remote.name());
    write_file(home / ".gitconfig", "[url \"" + real + "\"]\n\tinsteadOf = https://good.example/notes\n");
    std::string told;
    const auto callback = [&](const CredentialsRequest& request) -> std::optional<Credentials> {
        told = request.url;
        return Credentials{kUser, kToken};
    };
    CHECK(fetch(f.repository, "https://good.example/notes", callback).tip);
    CHECK(told == real);
}

TEST_CASE("a remote that wants credentials says so, without any secret [trap-31]") {
    Fixture f;
    const std::string bare = f.server.url(f.remote.name());

    const Error none = error_of(f.repository, bare, nullptr);
    CHECK(none.code() == ErrorCode::authentication);
    CHECK(none.what() == "remote " + bare + " wants credentials: give a credentials callback");

    const Error wrong = error_of(f.repository, f.server.url(f.remote.name(), "alice:Wr0ngSecret@"), nullptr);
    CHECK(wrong.code() == ErrorCode::authentication);
    CHECK(std::string(wrong.what()).find("Wr0ngSecret") == std::string::npos);
    CHECK(wrong.path() == bare);
}

TEST_CASE("the credentials callback is asked, with the number of the attempt") {
    Fixture f;
    f.remote.push_file("a.md", "one\n");
    std::vector<CredentialsRequest> requests;
    const auto callback = [&](const CredentialsRequest& request) -> std::optional<Credentials> {
        requests.push_back(request);
        return Credentials{kUser, request.attempt < 2 ? "wrong" : kToken};
    };
    CHECK(fetch(f.repository, f.server.url(f.remote.name()), callback).tip);
    REQUIRE(requests.size() == 2);
    CHECK(requests[0].attempt == 1);
    CHECK(requests[1].attempt == 2);
    CHECK(requests[0].url == f.server.url(f.remote.name()));
}

TEST_CASE("the credentials callback comes after the URL's own, and gets its user") {
    Fixture f;
    f.remote.push_file("a.md", "one\n");
    std::vector<CredentialsRequest> requests;
    const auto callback = [&](const CredentialsRequest& request) -> std::optional<Credentials> {
        requests.push_back(request);
        return Credentials{"", kToken};
    };
    CHECK(fetch(f.repository, f.server.url(f.remote.name(), "alice:old@"), callback).tip);
    REQUIRE(requests.size() == 1);
    CHECK(requests[0].username == kUser);
    CHECK(requests[0].url.find("old") == std::string::npos);
}

TEST_CASE("credentials are given up after three refusals, or when the callback has none") {
    Fixture f;
    int asked = 0;
    const auto wrong = [&](const CredentialsRequest&) -> std::optional<Credentials> {
        ++asked;
        return Credentials{kUser, "Wr0ngSecret"};
    };
    const Error refused = error_of(f.repository, f.server.url(f.remote.name()), wrong);
    CHECK(refused.code() == ErrorCode::authentication);
    CHECK(asked == 3);

    const auto none = [](const CredentialsRequest&) -> std::optional<Credentials> { return std::nullopt; };
    CHECK(error_of(f.repository, f.server.url(f.remote.name()), none).code() == ErrorCode::authentication);
}

TEST_CASE("what a credentials callback throws is told without the secrets that it gave") {
    Fixture f;
    const auto callback = [](const CredentialsRequest& request) -> std::optional<Credentials> {
        if (request.attempt == 1) return Credentials{kUser, "SeCrEtWord"};
        throw std::runtime_error("the vault knows no other than SeCrEtWord");
    };
    const Error error = error_of(f.repository, f.server.url(f.remote.name()), callback);
    CHECK(error.code() == ErrorCode::authentication);
    const std::string words = error.what();
    CHECK(words.find("refused the credentials, and the credentials callback failed: the vault") !=
          std::string::npos);
    CHECK(words.find("SeCrEtWord") == std::string::npos);
}

TEST_CASE("an error says whether credentials were refused, missing, or what their callback had to say") {
    Fixture f;
    f.remote.push_file("a.md", "one\n");
    const std::string url = f.server.url(f.remote.name());
    const auto says = [&](CredentialsCallback callback, const std::string& words) {
        const Error error = error_of(f.repository, url, std::move(callback));
        INFO(error.what());
        CHECK(error.code() == ErrorCode::authentication);
        return std::string(error.what()).find(words) != std::string::npos;
    };
    CHECK(says([](const CredentialsRequest&) { return std::nullopt; }, "callback gave none"));
    CHECK(says(
        [](const CredentialsRequest&) {
            return Credentials{kUser, "wrong"};
        },
        "refused the credentials"));
    CHECK(says([](const CredentialsRequest&)
                   -> std::optional<Credentials> { throw std::runtime_error("the keyring is locked"); },
               "failed: the keyring is locked"));
}

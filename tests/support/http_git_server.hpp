/// git's smart http on loopback: Python's http.server in front of `git http-backend`.
#pragma once

#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>

#include "program.hpp"
#include "temp_folder.hpp"

namespace fluentsync::support {

class HttpGitServer {
  public:
    static bool available() { return run_program({"python3", "-c", "import http.server"}).exit_code == 0; }

    /// Serves the bare repositories below `folder`. With a user, everything wants this user and password.
    explicit HttpGitServer(const std::string& folder, const std::string& user = {},
                           const std::string& password = {}) {
        for (const char* name : {"http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy"}) {
            unsetenv(name);
        }
        const std::string script = scratch_ / "server.py";
        std::ofstream(script) << kScript;
        child_ = std::make_unique<Child>(Arguments{"python3", script, folder, user, password});
        port_ = child_->read_line();
        if (port_.empty()) throw std::runtime_error("the http server does not start");
    }

    /// `user_info` such as "user:password@".
    std::string url(const std::string& repository, const std::string& user_info = {}) const {
        return "http://" + user_info + "127.0.0.1:" + port_ + "/" + repository;
    }

  private:
    static constexpr const char* kScript = R"py(
import base64, http.server, os, subprocess, sys

root, user, password = sys.argv[1:4]
expected = 'Basic ' + base64.b64encode((user + ':' + password).encode()).decode()

class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def log_message(self, *arguments):
        pass

    def body(self):
        if self.headers.get('Transfer-Encoding', '') != 'chunked':
            return self.rfile.read(int(self.headers.get('Content-Length', 0)))
        parts = []
        while True:
            size = int(self.rfile.readline().strip(), 16)
            parts.append(self.rfile.read(size))
            self.rfile.readline()
            if size == 0:
                return b''.join(parts)

    def reply(self, status, headers, content):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header('Content-Length', str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def serve(self):
        body = self.body()
        if user and self.headers.get('Authorization') != expected:
            return self.reply(401, [('WWW-Authenticate', 'Basic realm="test"')], b'')
        path, _, query = self.path.partition('?')
        environment = dict(os.environ, GIT_PROJECT_ROOT=root, GIT_HTTP_EXPORT_ALL='1', PATH_INFO=path,
                           QUERY_STRING=query, REQUEST_METHOD=self.command, REMOTE_USER='test',
                           REMOTE_ADDR='127.0.0.1', CONTENT_LENGTH=str(len(body)),
                           CONTENT_TYPE=self.headers.get('Content-Type', ''),
                           HTTP_CONTENT_ENCODING=self.headers.get('Content-Encoding', ''))
        output = subprocess.run(['git', 'http-backend'], input=body, env=environment,
                                stdout=subprocess.PIPE).stdout
        head, _, content = output.partition(b'\r\n\r\n')
        status, headers = 200, []
        for line in head.decode().split('\r\n'):
            name, _, value = line.partition(': ')
            if name == 'Status':
                status = int(value.split()[0])
            elif name:
                headers.append((name, value))
        self.reply(status, headers, content)

    do_GET = do_POST = serve

server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
)py";

    TempFolder scratch_;
    std::unique_ptr<Child> child_;
    std::string port_;
};

}  // namespace fluentsync::support

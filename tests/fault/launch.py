"""Starts programs and waits for their end."""

import contextlib
import os
import select
import shutil
import signal
import socket
import struct
import subprocess
import threading
import time

# Far beyond what a run takes; reached only when the program hangs.
PATIENCE = 120


class Stopwatch:
    """Counts the seconds that this process lives through; while all is stopped, it counts none."""

    def __init__(self):
        self.last = time.monotonic()
        self.sum = 0

    def seconds(self):
        now = time.monotonic()
        self.sum += min(now - self.last, 2)
        self.last = now
        return self.sum


class Launcher:
    """Starts each program anew."""

    def run(self, words, environment, feed=b"", patience=PATIENCE):
        return subprocess.run(words, input=feed, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=patience,
                              env=environment, check=False)

    def close(self):
        pass


class ForkingLauncher(Launcher):
    """Has copies of each program wait in front of their main() for whoever needs one: see shim/server.c. libgit2
    has looked for the person's own configuration by then, in `home`."""

    def __init__(self, library, home):
        self.library = str(library)
        self.home = str(home)
        self.lock = threading.Lock()
        self.idle = {}
        self.all = []

    def run(self, words, environment, feed=b"", patience=PATIENCE):
        words = [str(word) for word in words]
        program = shutil.which(words[0])
        with self.lock:
            idle = self.idle.setdefault(program, [])
            server = idle.pop() if idle else None
        if server is None:
            server = Server(program, self.library, self.home)
            with self.lock:
                self.all.append(server)
        done = server.run(words, environment, feed, patience)
        with self.lock:
            idle.append(server)
        return done

    def close(self):
        for server in self.all:
            server.close()


class Server:
    """One waiting program."""

    def __init__(self, program, library, home):
        self.channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        environment = {**os.environ, "HOME": home, "LD_PRELOAD": library, "FAULT_SERVER": str(theirs.fileno()), "LD_BIND_NOW": "1"}
        self.process = subprocess.Popen([program], env=environment, pass_fds=[theirs.fileno()],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        theirs.close()

    def run(self, words, environment, feed, patience):
        texts = [*words, "", *(f"{name}={value}" for name, value in environment.items())]
        files = [os.memfd_create(name) for name in ("in", "out", "err")]
        try:
            os.write(files[0], feed)
            os.lseek(files[0], 0, os.SEEK_SET)
            message = b"".join(os.fsencode(text) + b"\0" for text in texts)
            socket.send_fds(self.channel, [message], files)
            child = struct.unpack("<q", self.channel.recv(8))[0]
            status = self.wait(child, words, patience)
            out, err = (os.pread(file, os.fstat(file).st_size, 0) for file in files[1:])
            return subprocess.CompletedProcess(words, os.waitstatus_to_exitcode(status), out, err)
        finally:
            for file in files:
                os.close(file)

    def wait(self, child, words, patience):
        spent = Stopwatch()
        while not select.select([self.channel], [], [], 1)[0]:
            if spent.seconds() > patience:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)
                self.channel.recv(4)
                raise subprocess.TimeoutExpired(words, patience)
        return struct.unpack("<i", self.channel.recv(4))[0]

    def close(self):
        self.channel.close()
        self.process.wait()

#!/usr/bin/env python3
"""cruller beside curl, in one run, as ratios (below 1 is better than curl).

    cargo build --release && benches/compare.py [--quick]

The program is measured as it is when installed: copied. Both fetch from an
nginx that this script starts on loopback, with a certificate made for the
run, and ends. The runs alternate, so that whatever else the machine does
meets both. Wall time is the median, CPU time the mean.
Needs nginx, openssl, curl and GNU time.
"""

import argparse
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
MIB = 1 << 20

CONFIG = """
daemon off;
master_process off;
pid {dir}/nginx.pid;
error_log {dir}/error.log;
events {{}}
http {{
    access_log off;
    sendfile on;
    client_body_temp_path {dir}/temp-body;
    proxy_temp_path {dir}/temp-proxy;
    fastcgi_temp_path {dir}/temp-fastcgi;
    uwsgi_temp_path {dir}/temp-uwsgi;
    scgi_temp_path {dir}/temp-scgi;
    server {{
        listen 127.0.0.1:{http};
        listen 127.0.0.1:{https} ssl;
        ssl_certificate {dir}/leaf.pem;
        ssl_certificate_key {dir}/leaf.key;
        root {dir}/www;
    }}
}}
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="few runs, small files")
    parser.add_argument("--binary", default=os.path.join(ROOT, "target/release/cruller"))
    options = parser.parse_args()
    runs, big = (20, 64 * MIB) if options.quick else (300, 1024 * MIB)
    with tempfile.TemporaryDirectory() as home:
        # As `cargo install` does, and as curl's package did: what a linker has just written lies
        # in the page cache in single pages, and a tenth of a cold start goes to mapping them.
        installed = shutil.copy(options.binary, os.path.join(home, "cruller"))
        with Nginx(home, big) as nginx:
            compare(installed, nginx, runs, big)
            as_linked(options.binary, nginx, runs)


def compare(binary, nginx, runs, big):
    ours = [binary, "fetch", "-q", "-s"]
    curl = [shutil.which("curl") or sys.exit("curl is not installed"), "-q", "-s"]
    trust = ["--cacert", nginx.ca]
    print("%-34s %12s %12s %7s  %s" % ("", "cruller", "curl", "ratio", "goal"))
    for name, options, base in [("http", [], nginx.http), ("https", trust, nginx.https)]:
        words = options + ["-o", "/dev/null", base + "/small"]
        a, b = measure(ours + words, curl + words, runs)
        row("%s, small page, wall" % name, a.wall * 1e3, b.wall * 1e3, "ms", 0.3)
        row("%s, small page, CPU" % name, a.cpu * 1e3, b.cpu * 1e3, "ms", 0.3)
    for name, options, base in [("http", [], nginx.http), ("https", trust, nginx.https)]:
        words = options + ["-o", "/dev/null", base + "/big"]
        a, b = measure(ours + words, curl + words, 5)
        label = "%s, %d MiB" % (name, big // MIB)
        row(label + ", wall", a.wall, b.wall, "s", 1.0)
        row(label + ", CPU", a.cpu, b.cpu, "s", None)
        row(label + ", peak memory", peak(ours + words), peak(curl + words), "MiB", 12, False)
    # 5.7 MiB when it could only fetch and keep cookies. What has come since (sockets, what fields
    # and codes mean, encodings, certificates) has its price here, and a twentieth at a cold start.
    size = os.path.getsize(binary) / MIB
    print("%-34s %9.2f MiB" % ("size of the program", size))


def as_linked(binary, nginx, runs):
    """The same where it was built; without a goal, so that nobody takes one for the other."""
    words = ["--cacert", nginx.ca, "-o", "/dev/null", nginx.https + "/small"]
    a, b = measure([binary, "fetch", "-q", "-s"] + words, [shutil.which("curl"), "-q", "-s"] + words, runs)
    row("https, small page, not installed", a.wall * 1e3, b.wall * 1e3, "ms", None)


class Cost:
    def __init__(self, walls, cpus):
        self.wall = statistics.median(walls)
        self.cpu = statistics.mean(cpus)


def measure(first, second, runs):
    """Alternates the two commands; the first turns of each only warm up."""
    samples = ([], [])
    for turn in range(runs + 2):
        for command, kept in zip((first, second), samples):
            sample = once(command)
            if turn >= 2:
                kept.append(sample)
    return [Cost(*zip(*kept)) for kept in samples]


def once(command):
    start = time.perf_counter()
    pid = os.posix_spawn(command[0], command, ENVIRONMENT)
    _, status, usage = os.wait4(pid, 0)
    wall = time.perf_counter() - start
    if status != 0:
        sys.exit("exit %d: %s" % (os.waitstatus_to_exitcode(status), " ".join(command)))
    return wall, usage.ru_utime + usage.ru_stime


def peak(command):
    """In MiB, by GNU time: what this process weighs itself would count for its children."""
    gnu_time = shutil.which("time", path="/usr/bin:/usr/local/bin:/opt/homebrew/bin")
    if gnu_time is None:
        return float("nan")
    command = [gnu_time, "-f", "%M"] + command
    run = subprocess.run(command, env=ENVIRONMENT, stderr=subprocess.PIPE, timeout=120, check=True)
    return int(run.stderr.split()[-1]) / 1024


def row(name, ours, curls, unit, goal, goal_is_a_ratio=True):
    ratio = ours / curls
    wanted = ""
    if goal is not None:
        value = ratio if goal_is_a_ratio else ours
        wanted = "%g%s, %s" % (goal, "" if goal_is_a_ratio else " " + unit, verdict(value, goal))
    print("%-34s %8.3f %-3s %8.3f %-3s %7.3f  %s" % (name, ours, unit, curls, unit, ratio, wanted))
    sys.stdout.flush()


def verdict(value, goal):
    return "met" if value <= goal else "MISSED"


class Nginx:
    """Debian's nginx with a folder of its own, ended with the block that started it."""

    def __init__(self, home, big):
        self.home = home
        self.ca = os.path.join(home, "ca.pem")
        www = os.path.join(home, "www")
        os.mkdir(www)
        with open(os.path.join(www, "small"), "w") as file:
            file.write("a small page\n" * 80)
        with open(os.path.join(www, "big"), "w") as file:
            file.truncate(big)
        certificates(home)

    def __enter__(self):
        program = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")
        if program is None:
            sys.exit("nginx is not installed")
        http, https = free_ports(2)
        config = os.path.join(self.home, "nginx.conf")
        with open(config, "w") as file:
            file.write(CONFIG.format(dir=self.home, http=http, https=https))
        errors = os.path.join(self.home, "error.log")
        self.process = subprocess.Popen([program, "-p", self.home, "-e", errors, "-c", config])
        deadline = time.monotonic() + 10
        for port in (http, https):
            while not answers(port):
                if self.process.poll() is not None or time.monotonic() > deadline:
                    self.__exit__()
                    sys.exit("nginx does not start")
        self.http, self.https = "http://127.0.0.1:%d" % http, "https://localhost:%d" % https
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)


def certificates(home):
    def openssl(*words):
        subprocess.run(("openssl",) + words, cwd=home, check=True, capture_output=True, timeout=30)

    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    openssl("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=run",
            "-addext", "keyUsage=critical,keyCertSign", "-days", "2")
    openssl("req", *key, "-keyout", "leaf.key", "-out", "leaf.csr", "-subj", "/CN=localhost")
    with open(os.path.join(home, "leaf.ext"), "w") as file:
        file.write("subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\n")
    openssl("x509", "-req", "-in", "leaf.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
            "-CAcreateserial", "-extfile", "leaf.ext", "-days", "2", "-out", "leaf.pem")


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def answers(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


# No proxy, no configuration, no session of whoever runs this.
ENVIRONMENT = {"PATH": os.environ.get("PATH", ""), "HOME": "/nonexistent",
               "CRULLER_HOME": "/nonexistent"}

if __name__ == "__main__":
    main()

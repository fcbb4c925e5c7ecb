# SPDX-License-Identifier: Apache-2.0
"""Servers that break off, lie, redirect, or change their mind; the names are those of the catalogue of attacks."""
import socket
import threading
from contextlib import contextmanager

from harness import case, expect, fresh, same
from simulator import target_entry

CONTENT = bytes(range(256)) * 2048


class RawServer:
    """One thread for each connection; `answer(path, offset, socket)` writes whatever it likes."""

    def __init__(self, repo, answer):
        self.repo, self.answer, self.asked = repo, answer, []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        with connection:
            try:
                request = b""
                while b"\r\n\r\n" not in request:
                    part = connection.recv(65536)
                    if not part:
                        return
                    request += part
                lines = request.decode().split("\r\n")
                path, offset = lines[0].split(" ")[1].lstrip("/"), None
                for line in lines[1:]:
                    if line.lower().startswith("range: bytes="):
                        offset = int(line.split("=")[1].split("-")[0])
                self.asked.append((path, offset))
                self.answer(self, path, offset, connection)
            except OSError:
                pass


def reply(connection, body, status="200 OK", length=None, headers=()):
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", "Connection: close",
        *headers]
    connection.sendall("\r\n".join(head).encode() + b"\r\n\r\n" + body)


def honest(server, path, offset, connection):
    body = server.repo.serve(path)
    if body is None:
        reply(connection, b"<html>not found</html>", "404 Not Found")
    elif offset is None:
        reply(connection, body)
    else:
        reply(connection, body[offset:], "206 Partial Content",
              headers=[f"Content-Range: bytes {offset}-{len(body) - 1}/{len(body)}"])


@contextmanager
def served(answer, wrong=lambda path: path.startswith("targets/"), content=CONTENT):
    """A refreshed client, and a server that answers wrongly where `wrong` says so and else as it should."""
    repo, client = fresh()
    repo.add_target("targets", "file", content)
    repo.publish("targets", "snapshot", "timestamp")
    same(client.refresh(), 0)
    server = RawServer(repo, lambda s, p, o, c: (answer if wrong(p) else honest)(s, p, o, c))
    try:
        yield repo, client, server
    finally:
        server.listener.close()


def refused(answer, code, wrong=lambda path: path.startswith("targets/")):
    with served(answer, wrong) as (_, client, server):
        before = client.versions()
        same(client.download("file", base=server.url), 1)
        same(client.downloaded(), [])
        same(client.versions(), before)
        expect(code in client.output, client.output)


@case(*((status, status) for status in ("301 Moved Permanently", "302 Found", "307 Temporary Redirect",
    "308 Permanent Redirect")))
def i02_redirection_is_not_followed(status):
    def answer(server, path, offset, connection):
        reply(connection, b"", status, headers=[f"Location: {server.url}/elsewhere/{path}"])
    refused(answer, "server-redirects")


@case(("file", "file:///etc/passwd"), ("control characters", "http://127.0.0.1/a\x0b\x08b"), ("nothing", ""))
def i02_redirection_to_odd_places(location):
    refused(lambda s, p, o, c: reply(c, b"", "302 Found", headers=[f"Location: {location}"]), "server-redirects",
            lambda path: path == "metadata/timestamp.json")


@case(("200", "200 OK"), ("chunked", None))
def i04_endless_body(status):
    def answer(_, path, offset, connection):
        if status:
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        else:
            connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            connection.sendall(b"A" * 65536 if status else b"10000\r\n" + b"A" * 65536 + b"\r\n")
    refused(answer, "-digest-mismatch" if status is False else "server-sends-too-much")
    refused(answer, "server-sends-too-much", lambda path: path == "metadata/timestamp.json")


@case()
def i04_endless_header():
    def answer(_, path, offset, connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        while True:
            connection.sendall(b"X-Header: " + b"A" * 8000 + b"\r\n")
    refused(answer, "server-unreachable")


@case()
def i05_connection_drops_at_every_percent():
    step = len(CONTENT) // 100

    def answer(server, path, offset, connection):
        body, begin = server.repo.serve(path), offset or 0
        status = "200 OK" if offset is None else "206 Partial Content"
        head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body) - begin}\r\n"
        if offset is not None:
            head += f"Content-Range: bytes {begin}-{len(body) - 1}/{len(body)}\r\n"
        connection.sendall(head.encode() + b"\r\n" + body[begin:begin + step])
    with served(answer) as (_, client, server):
        same(client.download("file", base=server.url), 0)
        same(client.downloaded(), [CONTENT])
        expect(len(server.asked) > 100, len(server.asked))


@case()
def i05_goes_on_in_the_next_run():
    broken = threading.Event()

    def answer(server, path, offset, connection):
        if broken.is_set():
            honest(server, path, offset, connection)
        elif offset is None:
            reply(connection, CONTENT[:100000], length=len(CONTENT))
    with served(answer) as (_, client, server):
        same(client.download("file", base=server.url), 1)
        same([p.name for p in client.targets.iterdir()], ["file+part"])
        broken.set()
        server.asked.clear()
        same(client.download("file", base=server.url), 0)
        same(client.downloaded(), [CONTENT])
        same([offset for path, offset in server.asked if path.startswith("targets/")], [100000])


@case()
def i06_file_changes_between_two_ranges():
    def answer(server, path, offset, connection):
        body = server.repo.serve(path)
        if offset is None and not any(o for _, o in server.asked):
            reply(connection, b"B" * 1000, length=len(body))
        else:
            honest(server, path, offset, connection)
    with served(answer) as (_, client, server):
        same(client.download("file", base=server.url), 0)
        same(client.downloaded(), [CONTENT])
        same([offset for path, offset in server.asked if path.startswith("targets/")], [None, 1000, None])


@case(("200 instead of 206", lambda s, p, o, c: reply(c, CONTENT)),
      ("another range", lambda s, p, o, c: reply(c, CONTENT[7:], "206 Partial Content",
                                                headers=[f"Content-Range: bytes 7-{len(CONTENT) - 1}/{len(CONTENT)}"])),
      ("416", lambda s, p, o, c: reply(c, b"", "416 Range Not Satisfiable")))
def i07_server_that_does_not_know_ranges(second):
    def answer(server, path, offset, connection):
        ranges = [o for p, o in server.asked if p == path]
        if ranges == [None]:
            reply(connection, CONTENT[:5000], length=len(CONTENT))
        else:
            (honest if offset is None else second)(server, path, offset, connection)
    with served(answer) as (_, client, server):
        same(client.download("file", base=server.url), 0)
        same(client.downloaded(), [CONTENT])


@case(("204", "204 No Content"), ("500", "500 Internal Server Error"), ("503", "503 Service Unavailable"),
      ("401", "401 Unauthorized"), ("207", "207 Multi-Status"))
def f17_status_that_is_no_answer(status):
    refused(lambda s, p, o, c: reply(c, b"" if status[0:3] == "204" else b"<html>sorry</html>", status),
        "server-refused")
    refused(lambda s, p, o, c: reply(c, b"" if status[0:3] == "204" else b"<html>sorry</html>", status),
        "server-refused",
            lambda path: path == "metadata/timestamp.json")


@case(("404", "404 Not Found"), ("403", "403 Forbidden"), ("410", "410 Gone"))
def f17_file_that_is_not_there(status):
    refused(lambda s, p, o, c: reply(c, b"<html>sorry</html>", status), "server-file-missing")


@case(("500", "500 Internal Server Error"), ("302", "302 Found"))
def f17_next_root_that_cannot_be_had_is_not_the_end_of_the_chain(status):
    refused(lambda s, p, o, c: reply(c, b"", status), "server-re", lambda path: path.endswith(".root.json"))


@case(("metadata", b"<html>Please log in</html>"))
def f17_page_of_a_captive_portal(page):
    refused(lambda s, p, o, c: reply(c, page), "tuf-malformed", lambda path: path == "metadata/timestamp.json")
    refused(lambda s, p, o, c: reply(c, page), "tuf-digest-mismatch")


@case(("says more than it sends", 10), ("says less than it sends", -10))
def i05_length_is_a_lie(difference):
    def answer(server, path, offset, connection):
        body = server.repo.serve(path)
        if offset is None:
            reply(connection, body, length=len(body) + difference)
    refused(answer, "server-sends-too-much" if difference > 0 else "tuf-digest-mismatch")


@case()
def i05_closes_without_a_word():
    refused(lambda *_: None, "server-unreachable")
    refused(lambda *_: None, "server-unreachable", lambda path: path == "metadata/timestamp.json")


@case()
def i05_nobody_listens():
    with served(honest) as (_, client, server):
        server.listener.close()
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            same(client.download("file", base=f"http://127.0.0.1:{taken.getsockname()[1]}"), 1)
        expect("server-unreachable" in client.output, client.output)


@case(("gzip", "gzip"), ("an unknown one", "br"))
def i07_encoding_that_nobody_asked_for(encoding):
    import gzip
    packed = gzip.compress(b"0" * 1000000)

    def answer(_, path, offset, connection):
        reply(connection, packed, headers=[f"Content-Encoding: {encoding}"])
    with served(answer, content=b"0" * 1000000) as (_, client, server):
        same(client.download("file", base=server.url), 1)
        same(client.downloaded(), [])


@case(("file", "file:///etc"), ("ftp", "ftp://127.0.0.1"), ("a user", "http://user:secret@127.0.0.1"), ("nothing",
    "metadata"),
      ("a query", "http://127.0.0.1/?a="), ("a line end", "http://127.0.0.1/\n"))
def i02_addresses_that_are_not_accepted(base):
    repo, client = fresh()
    same(client.refresh(base=base), 1)
    expect("url-invalid" in client.output, client.output)
    same(target_entry(b"")["length"], 0)
    same(repo.asked, [])


@case()
def f19_refresh_that_stops_half_way_keeps_what_was_verified():
    with served(lambda s, p, o, c: None, lambda path: path.endswith("targets.json")) as (repo, client, server):
        repo.publish("targets", "snapshot", "timestamp")
        same(client.refresh(base=server.url), 1)
        same(client.versions(), {"root": 1, "targets": 2, "snapshot": 3, "timestamp": 3})
        same(client.refresh(), 0)
        same(client.versions(), {"root": 1, "targets": 3, "snapshot": 3, "timestamp": 3})

# SPDX-License-Identifier: Apache-2.0
"""The operator's server of a story, asked by an account on a connection that is kept. Each exchange is added to
api.exchanges, as the function `api` of the stories does it."""
import http.client
import ssl
import urllib.parse
from pathlib import Path

from document import Exchange, print_exchange


class Server:
    def __init__(self):
        self.at = urllib.parse.urlsplit(Path("server.url").read_text(encoding="ascii").strip())
        self.connections = {}

    def connection(self, account):
        if account not in self.connections:
            context = ssl.create_default_context(cafile="web.tls.pem")
            if account:
                context.load_cert_chain(f"{account}.tls.pem", f"{account}.tls.key")
            self.connections[account] = http.client.HTTPSConnection(self.at.hostname, self.at.port, context=context,
                                                                    timeout=60)
        return self.connections[account]

    def ask(self, account, method, target, headers=None, body=b"", announced=None):
        """`announced`: a body of this size, of which nothing is sent."""
        connection = self.connection(account)
        headers = {"Version": "2.0.0", **(headers or {})}
        if announced is None and method in ("PUT", "POST", "PATCH"):
            announced_size, sent = len(body), body
        else:
            announced_size, sent = announced, b""
        connection.putrequest(method, target, skip_accept_encoding=True)
        if announced_size is not None:
            headers["Content-Length"] = str(announced_size)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders(sent or None)
        answer = connection.getresponse()
        content = answer.read()
        found = [(name.lower(), value) for name, value in answer.getheaders()]
        if announced is not None or answer.will_close:
            connection.close()
            del self.connections[account]
        is_json = "json" in dict(found).get("content-type", "")
        exchange = Exchange(answer.status, method, target, found, bool(content), content.decode() if is_json else "")
        with open("api.exchanges", "a", encoding="utf-8", newline="") as file:
            file.write(print_exchange(exchange))
        return exchange, len(content)

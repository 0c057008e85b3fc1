"""A receiver of webhooks on this machine: keeps what it is sent, answers what it is told to."""

import contextlib
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Receiver:
    """`calls` are `(path, headers, body)`; `answers[path]` is a function of the handler."""

    def __init__(self, server):
        self.server = server
        self.calls, self.answers, self.meanwhile = [], {}, lambda: None

    def url(self, path):
        return f"http://127.0.0.1:{self.server.server_port}{path}"

    def to(self, path):
        """`(headers, body)` of the calls to a path, oldest first."""
        return [(headers, body) for place, headers, body in self.calls if place == path]


def status(code, body="", headers=()):
    """Answer with this status."""

    def answer(handler):
        content = body if isinstance(body, bytes) else body.encode()
        handler.send_response(code)
        for name, value in (*headers, ("Content-Length", str(len(content)))):
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content)

    return answer


def nothing(handler):
    """Take the call and say nothing until the other side goes."""
    handler.rfile.read(1)


def trickle(handler):
    """Say a little, again and again, and never end."""
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b".")
        time.sleep(0.05)


def flood(handler):
    """Say more than anybody wants to read."""
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b"x" * 65_536)


def broken(handler):
    """Promise more than is sent."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100")
    handler.end_headers()
    handler.wfile.write(b"half")


def banner(handler):
    """Greet as another protocol does."""
    handler.wfile.write(b"SSH-2.0-OpenSSH_9.6 secret-banner\r\n")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"

    def do_POST(self):
        receiver = self.server.receiver
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        receiver.calls.append((self.path, dict(self.headers), body))
        receiver.meanwhile()
        with contextlib.suppress(OSError):
            receiver.answers.get(self.path, status(204))(self)

    def log_message(self, *_arguments):
        """Nothing on the screen of the tests."""


class _Server(ThreadingHTTPServer):
    request_queue_size = 128
    context = None

    def finish_request(self, request, client_address):
        """In the thread of the call, so that a handshake that fails ends that call alone."""
        with contextlib.suppress(OSError):
            if self.context is None:
                super().finish_request(request, client_address)
            else:
                with self.context.wrap_socket(request, server_side=True) as secure:
                    super().finish_request(secure, client_address)


@contextlib.contextmanager
def listening(certificate=None):
    """A Receiver on a free port, with TLS by `certificate`; its thread is gone at the end."""
    server = _Server(("127.0.0.1", 0), _Handler)
    if certificate is not None:
        server.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.context.load_cert_chain(certificate)
    server.daemon_threads = True
    server.receiver = Receiver(server)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

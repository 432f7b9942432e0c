"""A package index on this computer that fails in every way a network can."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class FileServer:
    """Serves ``/simple/PACKAGE/`` and ``/files/NAME``.

    Attributes:
        failure: "" or a status, or cut, silent, other, whole (no ranges), insecure, no link.
        ranges: what was asked for, request by request.
    """

    def __init__(self, name, data):
        self.name, self.data = name, data
        self.failure = ""
        self.as_html = False
        self.ranges = []
        self.released = threading.Event()

    def answer(self, request):
        if request.path.startswith("/simple/"):
            self._index(request)
        else:
            self._file(request)

    def _index(self, request):
        link = f"../../files/{self.name}" if self.failure != "no link" else "../../files/other.whl"
        if self.as_html:
            body, kind = f'<a href="{link}#sha256=00">file</a>'.encode(), "text/html"
        else:
            body = f'{{"files": [{{"url": "{link}"}}]}}'.encode()
            kind = "application/vnd.pypi.simple.v1+json"
        request.send_response(200)
        request.send_header("Content-Type", kind)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    def _file(self, request):
        asked = request.headers.get("Range", "")
        self.ranges.append(asked)
        if self.failure.isdecimal():
            request.send_error(int(self.failure))
            return
        if self.failure == "insecure":
            request.send_response(302)
            request.send_header("Location", "http://files.example.invalid/file")
            request.end_headers()
            return
        data = self.data if self.failure != "other" else bytes(len(self.data))
        begin = int(asked.removeprefix("bytes=")[:-1]) if asked and self.failure != "whole" else 0
        request.send_response(206 if begin else 200)
        if begin:
            request.send_header("Content-Range", f"bytes {begin}-{len(data) - 1}/{len(data)}")
        request.send_header("Content-Length", str(len(data) - begin))
        request.end_headers()
        if self.failure == "silent":
            self.released.wait(30)
            return
        end = (begin + len(data)) // 2 if self.failure == "cut" else len(data)
        request.wfile.write(data[begin:end])


@contextmanager
def serving(name, data):
    """A running :class:`FileServer`, and its address."""
    files = FileServer(name, data)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            files.answer(self)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield files, f"http://127.0.0.1:{server.server_port}"
        finally:
            files.released.set()
            server.shutdown()
            thread.join()

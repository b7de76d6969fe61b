"""A certificate authority that lasts as long as the newsroom does; trustme lives here."""

from __future__ import annotations

import ssl
from pathlib import Path

import trustme


class Authority:
    """Issues a certificate for any host on the spot; nothing but its own public certificate touches the disk."""

    def __init__(self) -> None:
        self._ca = trustme.CA(organization_name="pressmark newsroom, for tests only")
        self._contexts: dict[str, ssl.SSLContext] = {}

    def publish(self, path: Path) -> None:
        """Write the authority's certificate, for SSL_CERT_FILE."""
        self._ca.cert_pem.write_to_path(str(path))

    def context(self, host: str) -> ssl.SSLContext:
        """A server's TLS context that proves to be this host; issued once."""
        if host not in self._contexts:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._ca.issue_cert(host).configure_cert(context)
            self._contexts[host] = context
        return self._contexts[host]

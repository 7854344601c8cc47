"""The rules of secure connections: whom to trust, and who we say we are."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path

from ochp_desktop.errors import FileError
from ochp_desktop.texts import _


@dataclass(frozen=True, slots=True)
class Trust:
    """The files of a connection; none is read before the first secure connection.

    Attributes:
        ca_file: PEM file of the authorities to trust at the house, instead of the system's.
        cert_file: PEM file of our client certificate.
        key_file: PEM file of its key, when it is not in the same file.
        key_password: what the key is encrypted with.
    """

    ca_file: str | Path | None = None
    cert_file: str | Path | None = None
    key_file: str | Path | None = None
    key_password: str | None = None

    def __repr__(self) -> str:
        return f"Trust(ca_file={self.ca_file!r}, cert_file={self.cert_file!r})"

    def context(self, *, own: bool) -> ssl.SSLContext:
        """The rules for the house itself (own), or for another server.

        Environment variables such as REQUESTS_CA_BUNDLE have no say.

        Raises:
            FileError: a file cannot be used.
        """
        ca_file = str(self.ca_file) if self.ca_file else None
        try:
            # Elsewhere than at the house (a document on another server) the system's authorities count as well.
            context = ssl.create_default_context(cafile=ca_file if own else None)
            if ca_file and not own:
                context.load_verify_locations(cafile=ca_file)
        except (OSError, ValueError) as error:
            raise FileError(
                _("CA file not usable"),
                _("The CA file {path} cannot be read, or holds no certificate in PEM form.").format(path=ca_file),
                str(error),
            ) from error
        paths = ssl.get_default_verify_paths()
        if (not ca_file or not own) and not context.cert_store_stats()["x509_ca"] and not paths.capath:
            import certifi  # only for a Python without the system's authorities (macOS)

            context.load_verify_locations(cafile=certifi.where())
        if ca_file:
            # From Python 3.13 on certificates must have every extension of RFC 5280 by default. The authorities that
            # houses make for themselves often lack some, and trust in them was said in so many words.
            context.verify_flags &= ~ssl.VERIFY_X509_STRICT
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if own and self.cert_file:
            try:
                # Without a password given, OpenSSL would ask on a terminal that nobody sees.
                context.load_cert_chain(
                    str(self.cert_file),
                    str(self.key_file) if self.key_file else None,
                    password=lambda: self.key_password or "",
                )
            except (OSError, ValueError) as error:
                raise FileError(
                    _("Client certificate not usable"),
                    _(
                        "The client certificate {path} cannot be used: a file is missing or damaged, "
                        "the key belongs to another certificate, or its password is wrong."
                    ).format(path=self.cert_file),
                    str(error),
                ) from error
        return context

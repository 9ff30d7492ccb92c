"""A mail server for the tests: aiosmtpd on a free port of this machine.

take_mail.py nothing|starttls|tls FOLDER: with TLS it shows a certificate that it has just made for 127.0.0.1, and that
stands in FOLDER/server.pem for whoever wants to trust it. It takes letters without TLS too, where they come so.

Prints the port, then one line of JSON for each letter it takes, as Python's own mail library reads it. A line "-" for
every word on its input says that nothing waits any more.
"""

import email
import email.policy
import json
import pathlib
import socket
import ssl
import subprocess
import sys

from aiosmtpd.controller import Controller


class Takes:
    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        sender = message["From"].addresses[0]
        letter = {
            "from": envelope.mail_from,
            "rcpt": envelope.rcpt_tos,
            "subject": message["Subject"],
            "sender_name": sender.display_name,
            "to_name": message["To"].addresses[0].display_name,
            "id": message["Message-ID"],
            "body": message.get_body(("plain",)).get_content(),
            "tls": server.transport.get_extra_info("cipher") is not None,
        }
        print(json.dumps(letter), flush=True)
        return "250 taken"


def certificate(folder):
    """What the server shows: a certificate that nobody but itself has signed."""
    shown, key = folder / "server.pem", folder / "server.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-days", "2"]
        + ["-subj", "/CN=mail.test", "-addext", "subjectAltName=IP:127.0.0.1"]
        + ["-addext", "basicConstraints=critical,CA:FALSE", "-keyout", key, "-out", shown],
        check=True,
        capture_output=True,
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(shown, key)
    return context


def safety(how, folder):
    if how == "nothing":
        return {}
    return {"tls_context" if how == "starttls" else "ssl_context": certificate(pathlib.Path(folder))}


with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
controller = Controller(Takes(), hostname="127.0.0.1", port=port, **safety(*sys.argv[1:3]))
controller.start()
print(port, flush=True)
for _ in sys.stdin:
    print("-", flush=True)

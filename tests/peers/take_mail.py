"""A mail server for the tests: aiosmtpd on a free port of this machine.

Prints the port, then one line of JSON for each letter it takes, as Python's own mail library reads it. A line "-" for
every word on its input says that nothing waits any more.
"""

import email
import email.policy
import json
import socket
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
        }
        print(json.dumps(letter), flush=True)
        return "250 taken"


with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
controller = Controller(Takes(), hostname="127.0.0.1", port=port)
controller.start()
print(port, flush=True)
for _ in sys.stdin:
    print("-", flush=True)

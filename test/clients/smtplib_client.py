"""Python's smtplib, as its documentation shows it. Names and ports are those of the testbed, the library's own code
is untouched. Prints what the user of it sees."""

import os
import smtplib
import socket
import ssl
import sys

resolve = socket.getaddrinfo


def testbed_address(_host, _port, *args, **options):
    return resolve("127.0.0.1", int(os.environ["ISEBED_TEST_SMTP_PORT"]), *args, **options)


socket.getaddrinfo = testbed_address

mailbox, token, sender = (os.environ[name] for name in ("MAILBOX", "TOKEN", "FROM"))
mail = f"From: {sender}\r\nTo: guest@visitor.example\r\nSubject: from smtplib\r\n\r\nHello\r\n"


def xoauth2(challenge=None):
    return f"user={mailbox}\x01auth=Bearer {token}\x01\x01"


try:
    with smtplib.SMTP("smtp.office365.com", 587) as server:
        server.starttls(context=ssl.create_default_context(cafile=os.environ.get("ROOTS")))
        server.ehlo()
        server.auth("XOAUTH2", xoauth2)
        server.sendmail(sender, ["guest@visitor.example"], mail)
    print("sent")
except Exception as error:
    print(f"{type(error).__name__}: {error}")
    sys.exit(1)

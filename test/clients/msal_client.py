"""MSAL for Python as its documentation shows it. Names and ports are those of the testbed, the library's own code is
untouched. Prints what the user of it sees."""

import os
import socket
import sys

import msal

resolve = socket.getaddrinfo


def testbed_address(_host, _port, *args, **options):
    return resolve("127.0.0.1", int(os.environ["ISEBED_TEST_HTTPS_PORT"]), *args, **options)


socket.getaddrinfo = testbed_address

try:
    application = msal.ConfidentialClientApplication(
        os.environ["CLIENT_ID"],
        authority=f"https://login.microsoftonline.com/{os.environ['TENANT']}",
        client_credential=os.environ["CLIENT_SECRET"],
    )
    result = application.acquire_token_for_client(scopes=[os.environ["SCOPE"]])
except Exception as error:
    print(f"{type(error).__name__}: {error}")
    sys.exit(1)
if "access_token" in result:
    print("token acquired")
else:
    print(f"{result['error']}: {result['error_description']}")
    sys.exit(1)

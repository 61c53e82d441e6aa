"""How the host signs in to the Kafka brokers, for all Kafka functions of the app."""

import os
from typing import Any


def arguments() -> dict[str, Any]:
    """Return the arguments of a Kafka decorator that sign in with SASL, if there is a user name.

    The host reads the settings between % itself, but takes the other arguments as they are.
    """
    if not os.environ.get("KAFKA_USERNAME"):
        return {}
    mechanism = os.environ.get("KAFKA_SASL_MECHANISM") or "Plain"
    return {
        "protocol": "SaslSsl",
        # Kafka itself writes SCRAM-SHA-512, the decorator ScramSha512.
        "authentication_mode": mechanism.replace("-", ""),
        "username": "%KAFKA_USERNAME%",
        "password": "%KAFKA_PASSWORD%",
    }
